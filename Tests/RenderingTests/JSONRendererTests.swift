import Fuzzing
import Commands
import Formulas
import LinearAlgebra
import Reports
import Testing

@testable import Rendering

/// Read back by a strict parser: Foundation's loses the last bits of a double on Linux.
@Suite struct JSONRendererTests {
  private func object(_ json: String) throws -> [String: JSONValue] {
    #expect(!json.contains("\n"))
    return try #require(try JSONValue(json).object)
  }

  @Test func theExampleOfTheDesign() {
    var report = block("dW1", tensor([2, 2], [1, 0.5, -2, 1e-9]))
    report.scalar("lr", 0.1)
    #expect(
      JSONRenderer().render(command: "show dW1", report, text: "a\n") == """
        {"command":"show dW1","ok":true,"tensors":[{"name":"dW1","shape":[2,2],\
        "data":[[1.0,0.5],[-2.0,1e-09]]}],"scalars":{"lr":0.1},"text":"a\\n"}
        """)
    let error = Diagnostic("unknown", at: [5..<6], hint: "try S")
    #expect(
      JSONRenderer().render(command: "show Q", error: error) == """
        {"command":"show Q","ok":false,"error":{"message":"unknown","line":1,"column":6,"hint":"try S"}}
        """)
    #expect(
      JSONRenderer().render(command: "x", error: Diagnostic("m"))
        == #"{"command":"x","ok":false,"error":{"message":"m","line":1,"column":null,"hint":null}}"#)
  }

  @Test func everyDoubleComesBack() throws {
    var generator = RandomGenerator(seed: 3)
    var values: [Double] = [
      .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 0.1, 1e16, 1e-5, 123_456_789_012,
    ]
    while values.count < 2000 {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { values.append(value) }
    }
    let json = JSONRenderer().render(command: "x", block("v", tensor([values.count], values)), text: "")
    let data = try #require(try object(json)["tensors"]?.array?.first?.object?["data"]?.array)
    // Bit patterns, not 2000 numbers, in the message of a failure; they tell -0 from 0 too.
    let differing = zip(data, values).filter { $0.number?.bitPattern != $1.bitPattern }
    #expect(data.count == values.count)
    #expect(differing.isEmpty)
  }

  @Test func whatIsNoNumberIsAString() throws {
    let json = JSONRenderer().render(
      command: "x", block("v", tensor([3], [.nan, .infinity, -.infinity])), text: "")
    #expect(json.contains(#""data":["nan","inf","-inf"]"#))
    _ = try object(json)
  }

  @Test(arguments: [
    ([], "1.0"), ([1], "[1.0]"), ([1, 1, 1], "[[[1.0]]]"), ([0], "[]"), ([2, 0], "[[],[]]"), ([0, 2], "[]"),
    ([2, 1, 2], "[[[1.0,1.0]],[[1.0,1.0]]]"),
  ])
  func anyShapeNests(dimensions: [Int], data: String) throws {
    let value = Tensor(repeating: 1, shape: Shape(dimensions))
    let json = JSONRenderer().render(command: "x", block("v", value), text: "")
    let shape = dimensions.map(String.init).joined(separator: ",")
    #expect(json.contains("\"shape\":[\(shape)],\"data\":\(data)}"))
    _ = try object(json)
  }

  @Test func anyTextComesBack() throws {
    let text =
      String(String.UnicodeScalarView((0..<0x180).compactMap(Unicode.Scalar.init))) + "\u{2028}\\\"ᵀ∂漢🙂"
    let result = try object(JSONRenderer().render(command: text, Report(), text: text))
    #expect(result["command"]?.string == text)
    #expect(result["text"]?.string == text)
  }

  @Test func onlyDataAndOnlyACheckHasADiagnosis() throws {
    var report = block("v", Tensor(1)) { $0.isData = false }
    report.scalar("a", 1)
    report.scalar("a", 2)
    var result = try object(JSONRenderer().render(command: "x", report, text: ""))
    #expect(result["tensors"]?.array?.isEmpty == true)
    #expect(result["diagnosis"] == nil)
    #expect(result["scalars"]?.object?["a"]?.number == 2)
    report.diagnosis = ["missing-transpose"]
    result = try object(JSONRenderer().render(command: "x", report, text: ""))
    #expect(result["diagnosis"]?.array?.map(\.string) == ["missing-transpose"])
  }
}
