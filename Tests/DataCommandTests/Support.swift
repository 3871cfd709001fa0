import Commands
import Formulas
import LinearAlgebra
import Platform
import Rendering
import Reports
import Sessions
import TestSupport
import Testing

/// A workspace that commands are typed into.
struct Typist {
  var workspace = Workspace()

  /// The report of the last command; a failure is recorded and gives an empty report.
  @discardableResult mutating func type(
    _ line: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Report {
    var last = Report()
    for outcome in Interpreter.run(line, in: &workspace) {
      switch outcome.result {
      case .success(let report): last = report
      case .failure(let error):
        Issue.record("'\(line)' failed: \(error.message)", sourceLocation: sourceLocation)
      }
    }
    return last
  }

  /// The mistake that a command is refused with.
  mutating func refusal(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) -> Diagnostic {
    let outcomes = Interpreter.run(line, in: &workspace)
    if case .failure(let error)? = outcomes.last?.result { return error }
    Issue.record("'\(line)' was not refused", sourceLocation: sourceLocation)
    return Diagnostic("")
  }

  func value(_ name: String) -> Tensor? { SessionEnvironment(workspace.session).value(of: name) }

  static func text(_ report: Report, width: Int = 80) -> String { TextRenderer(width: width).render(report) }
}

extension Report {
  func scalar(_ name: String) -> Double? { scalars.last { $0.name == name }?.value }

  var plots: [Plot] {
    blocks.compactMap { if case .plot(let plot) = $0 { plot } else { nil } }
  }

  var tensors: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for case .tensor(let block) in blocks { result[block.name] = block.value }
    return result
  }
}

/// A file in a directory of its own, all in one that goes when the process ends: tests side by side may give one name.
struct TemporaryFile {
  let path: String

  private static let directory: String = {
    let made = scratchFolder("data-tests")
    atexit {
      for folder in FileAccess.list(TemporaryFile.directory) {
        let folder = TemporaryFile.directory + "/" + folder
        for name in FileAccess.list(folder) { unlink(folder + "/" + name) }
        rmdir(folder)
      }
      rmdir(TemporaryFile.directory)
    }
    return made
  }()

  private static func temporaryDirectory(_ pattern: String) -> String {
    var template = Array(pattern.utf8CString)
    _ = mkdtemp(&template)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  init(_ name: String, _ bytes: [UInt8]) {
    path = Self.temporaryDirectory(Self.directory + "/XXXXXX") + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}
