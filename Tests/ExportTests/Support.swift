import Commands
import Exports
import Formulas
import LinearAlgebra
import NeuralNetworks
import Platform
import Sessions
import TestSupport
import Testing

/// A folder of its own that goes with the object.
final class Folder {
  let path: String

  init() throws {
    path = scratchFolder("export")
  }

  deinit { _ = Python.shell("rm -rf '\(path)'") }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, _ name: String) throws { try FileWriter.write(Array(text.utf8), to: file(name)) }

  func write(_ bytes: [UInt8], _ name: String) throws { try FileWriter.write(bytes, to: file(name)) }

  func text(_ name: String) throws -> String { try FileAccess.read(file(name)) }
}

/// The Python that opens what is exported: STEPGRAD_PYTHON, else python3.
enum Python {
  static let interpreter: String = getenv("STEPGRAD_PYTHON").map { String(cString: $0) } ?? "python3"

  /// What a shell prints, and its exit status.
  static func shell(_ command: String) -> (output: String, status: Int32) {
    // Threads of a BLAS that wait for small matrices take the cores from the other tests.
    guard let pipe = popen("export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1; (\(command)) 2>&1", "r") else {
      return ("", -1)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return (String(decoding: bytes, as: UTF8.self), pclose(pipe))
  }

  /// Whether the modules are there; what is not tried for want of them is said.
  static func has(_ modules: String, for what: String) -> Bool {
    let isThere = shell("\(interpreter) -c 'import \(modules)'").status == 0
    if !isThere { print("not tried, \(interpreter) has no \(modules): \(what)") }
    return isThere
  }

  /// Every script of a folder in one process: the names of those that fail, with their last words.
  static func failures(in folder: Folder) throws -> String {
    try folder.write(
      """
      import glob, os, runpy, sys, io, contextlib
      for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "case*.py"))):
          try:
              with contextlib.redirect_stdout(io.StringIO()):
                  runpy.run_path(path)
          except BaseException as error:
              print(os.path.basename(path), type(error).__name__, str(error)[:400])
      """, "run_all.py")
    let (output, status) = shell("\(interpreter) '\(folder.file("run_all.py"))'")
    #expect(status == 0, "\(output)")
    return output
  }
}

/// What is exported by the tests: random models by their seeds, every third unfused, and every ready model.
enum ExportedPasses {
  static func all() throws -> [(name: String, pass: FinishedPass)] { try made.get() }

  private static let made = Result { try make() }

  private static func make() throws -> [(name: String, pass: FinishedPass)] {
    var passes: [(name: String, pass: FinishedPass)] = []
    for seed in 1...200 as ClosedRange<UInt64> {
      let random = RandomModel(seed: seed)
      var session = Session(model: random.model, leaves: random.leaves)
      if seed % 3 == 0 { session.setFused(false) }
      passes.append(("\(seed)", try FinishedPass(session)))
    }
    for model in ReadyModel.all {
      var workspace = Workspace(commands: .standard)
      try #require(type("model \(model.name)", &workspace) == nil)
      passes.append((model.name, try FinishedPass(workspace.session)))
    }
    return passes
  }
}

/// Runs a line; the message of its refusal, nil where there is none.
@discardableResult func type(_ line: String, _ workspace: inout Workspace) -> Diagnostic? {
  for outcome in Interpreter.run(line, in: &workspace) {
    if case .failure(let diagnostic) = outcome.result { return diagnostic }
  }
  return nil
}
