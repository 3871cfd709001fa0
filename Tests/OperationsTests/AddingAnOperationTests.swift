import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Platform
import Testing

/// What Sources/README.md says about adding an operation, kept true.
@Suite struct AddingAnOperationTests {
  private static let sources =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Sources/"

  private func text(_ path: String) throws -> String {
    let file = try #require(fopen(Self.sources + path, "r"), "\(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let n = fread(&buffer, 1, buffer.count, file), n > 0 { bytes += buffer[..<n] }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func theExampleIsTheFile() throws {
    let readme = try text("README.md")
    let gelu = try text("Operations/Elementwise/Gelu.swift")
    #expect(readme.contains("```swift\n" + gelu + "```"))
  }

  /// Nothing else names it but models that use it: the file, and its line in the table.
  @Test func oneFileAndOneLine() throws {
    let names = try #require(
      popen("grep -rlw gelu --include=*.swift --exclude-dir=Models '\(Self.sources)'", "r"))
    defer { pclose(names) }
    var files: [String] = []
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), names) != nil {
      let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      files.append(String(line.split(separator: "/").last?.dropLast() ?? ""))
    }
    #expect(files.sorted() == ["Gelu.swift", "OperationTable.swift"])
  }

  /// math.erf of Python 3.11: [z/2*(1+math.erf(z/math.sqrt(2))) for z in (-2, -0.5, 0, 1, 3)].
  @Test func geluHasItsValues() throws {
    let Z = Tensor(unchecked: [5], [-2, -0.5, 0, 1, 3])
    let value = try Evaluator(Bindings(["Z": Z])).value(of: Parser.parse("gelu(Z)").expression)
    let python = [-0.04550026389635842, -0.15426876936299344, 0.0, 0.8413447460685429, 2.99595030590511]
    for (a, b) in zip(value.elements, python) { #expect(abs(a - b) < 1e-15) }
    // Its derivative Φ(z) + z φ(z) at 1, made the same way.
    let slope = try Evaluator(Bindings(["Z": Z])).value(of: Parser.parse("gelu'(Z)").expression)
    #expect(abs(slope.elements[3] - 1.0833154705876864) < 1e-14)
  }
}
