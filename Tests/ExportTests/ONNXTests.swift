import Commands
import DataSets
import Exports
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions
import TestSupport
import Testing

@Suite struct ONNXTests {
  /// Opens every case*.onnx of the folder with onnx.checker and onnxruntime, and compares every output with case*.npz: to a
  /// share of its largest entry, or of what rounding itself does to it: how far NumPy is off that runs the same operators
  /// with each result moved by up to a unit in its last place. Where terms cancel that is more than the share: the gradient
  /// of a bias before a batch normalisation is 0 and comes out as rounding alone.
  private static func runner(_ share: String) -> String {
    """
    import glob, os, sys, numpy, onnx, onnxruntime
    from onnx.reference import ReferenceEvaluator
    onnxruntime.set_default_logger_severity(4)
    numpy.seterr(all="ignore")
    here = os.path.dirname(os.path.abspath(__file__))
    def off(value, expected):
        wrong = numpy.where((value == expected) | (numpy.isnan(value) & numpy.isnan(expected)), 0, numpy.abs(value - expected))
        return numpy.max(wrong, initial=0)
    def moved(model, names, seed):
        random, evaluator = numpy.random.default_rng(seed), ReferenceEvaluator(model)
        values = {item.name: onnx.numpy_helper.to_array(item) for item in model.graph.initializer}
        for node in evaluator.rt_nodes_:
            for name, value in zip(node.output, node.run(*[values[name] for name in node.input])):
                value = numpy.asarray(value)
                if value.dtype.kind == "f":
                    # Positions and masks are exact.
                    exact = (value == numpy.round(value)) | ~numpy.isfinite(value)
                    step = numpy.where(exact, 0, numpy.spacing(value))
                    value = (value + step * random.uniform(-1, 1, value.shape)).astype(value.dtype)
                values[name] = value
        return [values[name] for name in names]
    paths = sorted(glob.glob(os.path.join(here, "case*.onnx")))
    for path in paths:
        try:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
            session = onnxruntime.InferenceSession(path, options)
            names = [output.name for output in session.get_outputs()]
            expected, runs = numpy.load(path[:-5] + ".npz"), None
            assert set(names) <= set(expected.keys()), names
            for place, (name, value) in enumerate(zip(names, session.run(names, {}))):
                other = expected[name]
                assert value.shape == other.shape, (name, value.shape, other.shape)
                largest = numpy.max(numpy.abs(other[numpy.isfinite(other)]), initial=0)
                if off(value, other) <= \(share) * largest:
                    continue
                runs = runs or [moved(model, names, seed) for seed in range(8)]
                bound = 4 * max(off(run[place], other) for run in runs)
                assert off(value, other) <= bound <= \(share) * 100 * max(1, largest), (name, off(value, other), bound, largest)
        except BaseException as error:
            print(os.path.basename(path), type(error).__name__, str(error)[:300])
    print(len(paths), "opened")
    """
  }

  private func failures(_ folder: Folder, _ share: String, of count: Int) throws -> String {
    try folder.write(Self.runner(share), "run_all.py")
    let (output, status) = Python.shell("\(Python.interpreter) '\(folder.file("run_all.py"))'")
    #expect(status == 0)
    return output == "\(count) opened\n" ? "" : output
  }

  @Test func everyOperationHasAForm() throws {
    let folder = try Folder()
    var names: [String] = []
    for (number, item) in OperationCase.all.enumerated() {
      let values = item.values(7)
      let expression = try Parser.parse(item.text).expression
      try folder.write(ONNXWriter.model(expression, values), "case\(number).onnx")
      let value = try Evaluator(Bindings(values)).value(of: expression)
      try folder.write(NPZ.encode([("value", value)]), "case\(number).npz")
      names.append("case\(number) \(item.text)")
    }
    guard Python.has("onnx, onnxruntime", for: "every operation in ONNX") else { return }
    let found = try failures(folder, "1e-12", of: names.count)
    #expect(found == "", "\(found) \(names)")
  }

  @Test func modelsRun() throws {
    guard Python.has("onnx, onnxruntime", for: "200 random models and every ready model in ONNX") else {
      return
    }
    let (double, float) = (try Folder(), try Folder())
    var (doubles, floats) = (0, 0)
    for (name, pass) in try ExportedPasses.all() {
      let values = try NPZ.encode(pass.tensors)
      for folder in [double, float] {
        try folder.write(ONNXWriter.model(pass, float: folder === float), "case-\(name).onnx")
        try folder.write(values, "case-\(name).npz")
        if folder === double { doubles += 1 } else { floats += 1 }
      }
    }
    #expect(doubles > 220 && floats == doubles)
    let found = try failures(double, "1e-12", of: doubles) + failures(float, "1e-6", of: floats)
    #expect(found == "", "\(found)")
  }
}

extension ONNXTests {
  /// By hand: X = [1 2; 2 -1; -1 1; -2 -3], w = [1, 2], b = 0.5, z - y = 4.5, -1.5, -1.5, -11.5, dw = 2·Xᵀ(z - y)/4. With all of
  /// its optimisations, onnxruntime 1.32 made [5, 15.75] of a transpose beside a list.
  @Test func aListIsMultipliedAsItsColumn() throws {
    guard Python.has("onnx, onnxruntime", for: "a product with a list in ONNX") else { return }
    var workspace = Workspace()
    for line in [
      "model z = X @ w + b; L = mean((z - y)**2)", "param w = [1, 2]", "param b = 0.5",
      "set y = [1, 2, 3, 4]",
    ] { #expect(type(line, &workspace) == nil) }
    let folder = try Folder()
    try folder.write(ONNXWriter.model(FinishedPass(workspace.session), float: false), "pass.onnx")
    try folder.write(
      "import onnxruntime, sys\nonnxruntime.set_default_logger_severity(4)\nsession = onnxruntime.InferenceSession(sys.argv[1])\nprint(session.run(['dw'], {})[0].tolist())\n",
      "run.py")
    let (output, _) = Python.shell(
      "\(Python.interpreter) '\(folder.file("run.py"))' '\(folder.file("pass.onnx"))'")
    #expect(output == "[13.0, 21.75]\n")
  }
}

@Suite struct SolutionTests {
  static let models = [
    "net 2 5:relu 3:softmax", "net 2 5:relu 3:softmax; fused off", "net 3 4:tanh 1:sigmoid layout=columns",
    "net 1x6x6 conv(2,3x3):relu maxpool(2) flatten 3:softmax", "net 2 3:gelu 2:linear loss=half_mse",
    "model z = w * x_a + β; L = (z - t)**2 / 2; set x_a = 2; param w = 3; param β = 1e-7; set t = -1",
    "model S = softmax(Z); L = cross_entropy(Y, S); set Z = [[1, 2, 800]]; set Y = [[0, 1, 0]]",
  ]

  /// Every number of every value is on the page, once more in its place.
  @Test(arguments: models) func everyNumberIsOnThePage(_ lines: String) throws {
    var workspace = Workspace()
    // A model takes its line as far as it goes.
    let commands = lines.hasPrefix("model") ? Self.split(lines) : [lines]
    for line in commands { #expect(type(line, &workspace) == nil) }
    let pass = try FinishedPass(workspace.session)
    let page = try Solution(pass).page.html
    let matrices = page.components("<mtable>").dropFirst().map { part in
      part.components("</mtable>")[0].components("<mn>").dropFirst().map {
        $0.components("</mn>")[0].map { $0 == "−" ? "-" : String($0) }.joined()
      }
    }
    let numbers = matrices.flatMap { $0 }
    let expected = pass.tensors.filter { $0.tensor.rank > 0 }.flatMap { $0.tensor.elements }
    let shown = numbers.compactMap(Double.init)
    #expect(shown.count == numbers.count)
    // Values of rank 0 that are no plain number stand in a matrix of their own.
    let entries = shown.count == expected.count ? expected : pass.tensors.flatMap { $0.tensor.elements }
    if shown.count == expected.count {
      for (number, value) in zip(shown, entries) {
        #expect(
          abs(number - value) <= max(5.1e-5, 0.051 * min(abs(value), 1e-3))
            || abs(number - value) < 1e-4 * abs(value))
        #expect((number == 0) == (value == 0))
      }
    }
    #expect(page.components("<math").count == page.components("</math>").count)
    #expect(!page.contains("<script"))
  }

  @Test func pagesSayTheModelAndItsReasons() throws {
    let solution = try Solution(FinishedPass(Workspace().session))
    let latex = solution.page.latex
    #expect(latex.contains("Z_1 = X \\, W_1 + b_1"))
    #expect(latex.contains("softmax with cross-entropy"))
    #expect(latex.contains("\\frac{S - Y}{m}"))
    #expect(latex.contains("{A_1}^{\\top}"))
    let markdown = solution.page.markdown
    #expect(markdown.hasPrefix("<!-- A worked solution") && markdown.contains("## The backward pass"))
  }

  private static func split(_ text: String) -> [String] {
    let parts = text.components("; ")
    let start = parts.firstIndex { $0.hasPrefix("set ") } ?? parts.count
    return [parts[..<start].joined(separator: "; ")] + parts[start...]
  }
}

extension String {
  /// What stands between the occurrences of a text.
  fileprivate func components(_ separator: String) -> [String] {
    var result: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      result.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return result + [String(rest)]
  }
}
