import DataSets
import LinearAlgebra
import Testing

@Suite struct CSVTests {
  private func read(_ text: String, _ options: [String: String] = [:]) throws -> DataSet {
    try load("csv", [TemporaryFile(text).path], options)
  }

  @Test func aHeaderQuotesAndTextLabels() throws {
    let set = try read(
      "\u{FEFF}\"petal, cm\",species,width\r\n1.5,\"setosa\",2\r\n\r\n-2e1,\"a \"\"b\"\"\",.5\r\n# note\n3,setosa,1",
      ["label": "species"])
    #expect(set.featureNames == ["petal, cm", "width"])
    #expect(set.inputs.elements == [1.5, 2, -20, 0.5, 3, 1])
    #expect(set.classNames == ["a \"b\"", "setosa"])
    #expect(set.targets.elements == [0, 1, 1, 0, 0, 1])
  }

  @Test func withoutAHeaderTheLastColumnIsTheLabel() throws {
    let set = try read("1;2;0\n3;4;1\n5;6;0\n7;8;1\n")
    #expect(set.inputs.elements == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(set.classNames == ["0", "1"])
    #expect(set.targets(Array(0..<4)[...], width: 1).elements == [0, 1, 0, 1])
  }

  @Test func labelsByIndexFromEitherEnd() throws {
    #expect(try read("9,1\n9,2\n8,3\n8,4", ["label": "0"]).classNames == ["8", "9"])
    #expect(try read("9,1\n9,2\n8,3\n8,4", ["label": "-2"]).inputs.elements == [1, 2, 3, 4])
    #expect(try read("label,x\n5,1\n5,2\n", ["kind": "classes"]).classNames == ["5"])
  }

  @Test func numbersThatDoNotRepeatAreARegression() throws {
    let set = try read("x,y\n1,0.5\n2,1.25\n3,2\n")
    #expect(set.classNames == nil && set.targets.elements == [0.5, 1.25, 2])
    #expect(try read("1,3\n2,3\n3,3\n", ["kind": "regression"]).classNames == nil)
    #expect(try read("1,1.5\n2,2.5\n", ["kind": "classes"]).classNames == ["1.5", "2.5"])
  }

  @Test func labelsThatTurnOutToBeText() throws {
    let set = try read("1,7\n2,8\n3,x\n4,7\n")
    #expect(set.classNames == ["7", "8", "x"])
    #expect((0..<4).map { set.label(of: $0) } == [0, 1, 2, 0])
  }

  @Test func columnsCanBeLeftOutAndBePixels() throws {
    let set = try read("id,a,b,c,d,y\nfoo,1,2,3,4,0\nbar,5,6,7,8,1\n", ["drop": "id", "image": "2x2"])
    #expect(set.inputs.elements == [1, 2, 3, 4, 5, 6, 7, 8] && set.imageShape == [1, 2, 2])
  }

  /// Each number as its text and as the compiler reads it.
  @Test(arguments: [
    ("0.1", 0.1), ("-3.14159265358979", -3.14159265358979), ("123456789012345", 123_456_789_012_345),
    ("0.30000000000000004", 0.30000000000000004), ("+5.", 5), ("-0", -0.0),
    ("2.2250738585072014E-308", 2.2250738585072014e-308),
  ])
  func numbersAreReadToTheBit(_ text: String, _ value: Double) throws {
    #expect(try read("\(text),1\n0,2\n").inputs.elements[0].bitPattern == value.bitPattern)
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var options: [String: String] = [:]
    var line: Int?
    var column: Int?
    var message: String
  }

  @Test(arguments: [
    Broken(
      testDescription: "ragged", text: "1,2,0\n3,4,1\n5,6\n", line: 3, column: 3,
      message: "this line has 2 fields, the lines above have 3"),
    Broken(
      testDescription: "too long", text: "1,2\n3,4,1\n", line: 2, column: 3,
      message: "this line has 3 fields, the lines above have 2"),
    Broken(
      testDescription: "text", text: "a,b\n\n1,2\nfoo,4\n", line: 4, column: 1,
      message: "'foo' of column 'a' is not a number"),
    Broken(
      testDescription: "nan", text: "1,2\nnan,4\n", line: 2, column: 1, message: "'nan' is not a number"),
    Broken(
      testDescription: "hex", text: "1,2\n0x10,4\n", line: 2, column: 1, message: "'0x10' is not a number"),
    Broken(
      testDescription: "1e999", text: "1,2\n1e999,4\n", line: 2, column: 1, message: "'1e999' is not a number"
    ),
    Broken(
      testDescription: "lone sign", text: "1,2\n-,4\n", line: 2, column: 1, message: "'-' is not a number"),
    Broken(
      testDescription: "gap", text: "1,2,0\n1,,0\n", line: 2, column: 2, message: "the value is missing"),
    Broken(
      testDescription: "no label", text: "1,a\n1,\n", line: 2, column: 2, message: "the label is missing"),
    Broken(
      testDescription: "open quote", text: "1,2\n\"3,4\n5,6\n", line: 2, column: 1,
      message: "the quoted field is never closed"),
    Broken(
      testDescription: "behind quote", text: "1,2\n\"3\"x,4\n", line: 2, column: 1,
      message: "there is text behind the closing quote"),
    Broken(
      testDescription: "line after a quoted line break", text: "x,y\n1,\"a\nb\"\nz,c\n", line: 4, column: 1,
      message: "'z' of column 'x' is not a number"),
    Broken(testDescription: "empty", text: "", line: 1, message: "the file is empty"),
    Broken(
      testDescription: "header only", text: "a,b\n", line: 1,
      message: "there are no samples in it, only a header"),
    Broken(
      testDescription: "unknown column", text: "a,b\n1,2\n", options: ["label": "c"], line: 1,
      message: "there is no column 'c'"),
    Broken(
      testDescription: "index outside", text: "1,2\n", options: ["label": "2"], line: 1,
      message: "there is no column '2'"),
    Broken(
      testDescription: "image", text: "1,2,0\n3,4,1\n", options: ["image": "2x2"],
      message: "2 features are not an image of 1×2×2 pixels"),
    Broken(
      testDescription: "text regression", text: "1,a\n2,b\n", options: ["kind": "regression"], column: 2,
      message: "a regression needs numbers, the labels are text"),
  ])
  func brokenTablesAreRefused(_ broken: Broken) {
    let error = dataError { _ = try read(broken.text, broken.options) }
    #expect(error?.message == broken.message)
    #expect(error?.line == broken.line)
    #expect(error?.column == broken.column)
    #expect(error?.path != nil)
  }

  @Test func whatIsNoFileIsRefused() {
    #expect(dataError { _ = try load("csv", ["/nowhere.csv"]) }?.message.hasPrefix("cannot open it") == true)
    #expect(dataError { _ = try load("csv", ["/dev/zero"]) }?.message == "it is not a regular file")
    #expect(dataError { _ = try load("csv", ["/tmp"]) }?.message == "it is not a regular file")
    #expect(dataError { _ = try load("csv") }?.message == "a file name is missing")
  }
}
