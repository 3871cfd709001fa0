import Commands
import DataSets
import Exports
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform
import Sessions
import TestSupport
import Testing

@Suite struct PythonExportTests {
  /// A file holds the pass in float64, and says so where the session shows another one.
  @Test func anotherFormatIsNamed() throws {
    var workspace = Workspace()
    func texts() throws -> [String] {
      let pass = try FinishedPass(workspace.session)
      let page = try Solution(pass).page
      return try PythonLanguage.allCases.map { try PythonScript(pass, $0).text } + [
        page.html, page.latex, page.markdown,
      ]
    }
    #expect(try texts().allSatisfy { !$0.contains("Computed in float64") })
    _ = Interpreter.run("dtype bfloat16", in: &workspace)
    #expect(try texts().allSatisfy { $0.contains("Computed in float64") && $0.contains("bfloat16") })
  }

  /// An operation with neither a counterpart nor a definition that can be written out does not get past this.
  @Test(arguments: PythonLanguage.allCases) func everyOperationHasAForm(_ language: PythonLanguage) throws {
    let folder = try Folder()
    for (number, item) in OperationCase.all.enumerated() {
      let values = item.values(7)
      let expression = try Parser.parse(item.text).expression
      let bindings = Bindings(values)
      let names = PythonNames(values.keys.sorted(), reserved: language.reserved)
      var writer = PythonWriter(language, names, bindings)
      let piece = try writer.written(expression).asReal
      let expected = try Evaluator(bindings).value(of: expression)
      var lines = ["import math", "import numpy as np"] + language.imports + [language.setting]
      lines += writer.helpers.flatMap(\.lines)
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        lines.append("\(name) = \(language.array(PythonWriter.literal(value)))")
      }
      lines += [
        "value = np.asarray(\(piece.text), dtype=float)",
        "expected = np.array(\(PythonWriter.literal(expected)))",
        "assert value.shape == expected.shape, (value.shape, expected.shape)",
        "assert np.allclose(value, expected, rtol=1e-9, atol=1e-9, equal_nan=True), (value, expected)",
        "# \(item.text)",
      ]
      try folder.write(lines.joined(separator: "\n") + "\n", "case\(number).py")
    }
    let module = language == .numpy ? "numpy" : "\(language.rawValue), numpy"
    guard language == .numpy || getenv("STEPGRAD_PYTHON_ALL") != nil,
      Python.has(module, for: "every operation in \(language.rawValue)")
    else { return }
    let failures = try Python.failures(in: folder)
    #expect(failures == "", "\(failures)")
  }

  @Test func modelsRunInNumPy() throws {
    guard Python.has("numpy", for: "200 random models and every ready model as scripts") else { return }
    let folder = try Folder()
    for (name, pass) in try ExportedPasses.all() {
      try folder.write(PythonScript(pass, .numpy).text, "case-\(name).py")
    }
    let failures = try Python.failures(in: folder)
    #expect(failures == "", "\(failures)")
  }

  /// Where several slopes are possible, a script's own differentiation has to choose as this program does: at ties, at a
  /// threshold, at 0.
  @Test(arguments: [PythonLanguage.torch, .jax]) func slopesAreChosenAlike(_ language: PythonLanguage) throws
  {
    let folder = try Folder()
    let tied = "[[3, 1, 3], [2, 2, 0]]"
    let flat = "[[2, 2, 2], [1, 2, 4]]"
    let zeros = "[[0, 1, -1], [0, 2, 0]]"
    let cases = [
      ("max(A, axis=1)", tied), ("min(A, axis=1)", tied), ("max(A)", tied), ("min(A)", tied),
      ("max(A, axis=0, keepdims=False)", "[[3, 1], [3, 1]]"), ("max(A, axis=(0, 1))", tied),
      ("max(A[0])", tied), ("std(A, axis=1)", flat), ("std(A, axis=1, keepdims=False)", flat),
      ("abs(A)", zeros),
      ("relu(A)", zeros), ("leaky_relu(A)", zeros), ("elu(A)", zeros), ("clip(A, 0, 1)", zeros),
      ("maximum(A, 0)", zeros), ("minimum(0, A)", zeros), ("maximum(A, [[0, 1, 1], [0, 0, 0]])", zeros),
      // JAX itself has nan at 0 to an exponent 0 that is an entry of an array.
      ("A**0", zeros), ("A**[[2, 1, 2], [1, 0, 3]]", zeros),
      ("maxpool(reshape(A, 1, 1, 2, 4), 2)", "[[1, 1, 2, 2], [1, 1, 2, 2]]"),
    ]
    for (number, (formula, value)) in cases.enumerated() {
      var workspace = Workspace()
      for line in ["model C = \(formula); L = sum(C * 2)", "param A = \(value)"] {
        #expect(type(line, &workspace) == nil)
      }
      let script = try PythonScript(FinishedPass(workspace.session), language).text
      #expect(script.contains("own\")"), "\(formula)")
      try folder.write(script + "# \(formula)\n", "case\(number).py")
    }
    guard Python.has("\(language.rawValue), numpy", for: "slopes at ties in \(language.rawValue)") else {
      return
    }
    let failures = try Python.failures(in: folder)
    #expect(failures == "", "\(failures)")
  }

  @Test func aWrongSignIsNamedWithItsLine() throws {
    let folder = try Folder()
    var workspace = Workspace()
    #expect(type("export \(folder.file("case.py"))", &workspace) == nil)
    #expect(workspace.session.cursor == 0)
    let lines = try folder.text("case.py").split(separator: "\n", omittingEmptySubsequences: false)
    let at = try #require(lines.firstIndex { $0.hasPrefix("dZ1 = dA1 * (Z1 > 0)") })
    var wrong = lines.map(String.init)
    wrong[at] = "dZ1 = -dA1 * (Z1 > 0)"
    try folder.write(wrong.joined(separator: "\n"), "case.py")
    guard Python.has("numpy", for: "a wrong sign in a script") else { return }
    #expect(try Python.failures(in: folder).contains("dZ1 is wrong, line \(at + 1): dZ1 = -dA1 * (Z1 > 0)"))
  }

  @Test func namesThatPythonTakesForItselfAreChangedAndSaid() throws {
    let folder = try Folder()
    var workspace = Workspace()
    for line in [
      "model lambda = X @ W + β₁; np = relu(lambda); check = np / (1 + np); print = check + lambda_; L = mse(Y, print)",
      "set X = [[1, 2], [3, -4], [5, 6]]", "set Y = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]",
      "param W = [[1, 0.5, 0.2], [0.1, -1, 0.3]]", "param β₁ = [[0.1, 0.2, 0.3]]", "param lambda_ = 2",
    ] { #expect(type(line, &workspace) == nil) }
    guard
      case .success(let report)? = Interpreter.run("export \(folder.file("case.py"))", in: &workspace).last?
        .result
    else {
      Issue.record("not exported")
      return
    }
    var said: [String] = []
    for case .text(let text, _) in report.blocks { said.append(text.text()) }
    #expect(said.contains("lambda is called lambda_2 there") && said.contains("np is called np_ there"))
    guard Python.has("numpy", for: "names that clash") else { return }
    let failures = try Python.failures(in: folder)
    #expect(failures == "", "\(failures)")
  }
}

@Suite struct ArrayExportTests {
  /// Both files hold the same bits, which this program's reader finds in the npz as well.
  @Test func arraysAreReadBackToTheBit() throws {
    let folder = try Folder()
    var workspace = Workspace()
    type("set X = [[1, 2], [1/3, -0.0], [1e-310, 5e300], [0.1, -7]]", &workspace)
    let passes = try ExportedPasses.all() + [("edges", FinishedPass(workspace.session))]
    for (name, pass) in passes {
      try folder.write(NPZ.encode(pass.tensors), "\(name).npz")
      try folder.write(SafetensorsWriter.encode(pass.tensors), "\(name).safetensors")
      for (key, tensor) in pass.tensors {
        #expect(
          try NPZ(folder.file("\(name).npz")).array(key).tensor.isIdentical(to: tensor), "\(name) \(key)")
      }
    }
    guard Python.has("numpy, safetensors.numpy", for: "npz and safetensors of every model") else { return }
    let edges = try FinishedPass(workspace.session).tensors.map { name, tensor in
      "\"\(name)\": (\(tensor.shape.dimensions), [\(tensor.elements.map { "\($0.bitPattern)" }.joined(separator: ","))])"
    }
    try folder.write(
      """
      import glob, numpy, os, safetensors.numpy
      bits = {\(edges.joined(separator: ",\n"))}
      paths = glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.npz"))
      assert len(paths) == \(passes.count), len(paths)
      def same(a, b):
          return a.dtype == b.dtype == numpy.float64 and a.shape == b.shape and a.tobytes() == b.tobytes()
      for path in paths:
          one, other = numpy.load(path), safetensors.numpy.load_file(path[:-4] + ".safetensors")
          assert sorted(one.keys()) == sorted(other), path
          for name in other:
              assert same(one[name], other[name]), (path, name)
          if path.endswith("edges.npz"):
              assert sorted(one.keys()) == sorted(bits)
              for name, (shape, expected) in bits.items():
                  assert same(one[name], numpy.array(expected, dtype=numpy.uint64).view(numpy.float64).reshape(shape)), name
      """, "case.py")
    let failures = try Python.failures(in: folder)
    #expect(failures == "", "\(failures)")
  }

  @Test(arguments: ExportFormat.all.map(\.ending)) func whatCannotBeWrittenLeavesWhatWasThere(
    _ ending: String
  ) throws {
    let folder = try Folder()
    let name = "foreign.\(ending)"
    try folder.write("somebody's own", name)
    var workspace = Workspace()
    let refusal = try #require(type("export \(folder.file(name))", &workspace))
    #expect(refusal.hint?.text().hasPrefix("export! ") == true)
    #expect(try folder.text(name) == "somebody's own")
    #expect(type("export! \(folder.file(name)); export \(folder.file(name))", &workspace) == nil)
    _ = Python.shell("ln -s /dev/full '\(folder.file("full." + ending))'")
    let full = try #require(type("export! \(folder.file("full." + ending))", &workspace))
    // Root may write everywhere, and nobody into the folder of processes.
    #expect(type("export /proc/self/x.\(ending)", &workspace) != nil)
    #expect(full.message.text().contains("no space left"))
    #expect(type("export \(folder.file("absent/x." + ending))", &workspace) != nil)
    #expect(type("export \(folder.file("x.unknown"))", &workspace)?.hint?.text().contains(".py") == true)
  }
}
