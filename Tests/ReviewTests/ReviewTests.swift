import Commands
import Explanations
import Formulas
import Platform
import Reports
import Sessions
import TestSupport
import Testing

/// Real programs in a real Python: what `review` says of each line.
@Suite(.enabled(if: Python.hasNumPy)) struct ReviewTests {
  /// Nothing is said against a program that is right.
  @Test(arguments: PlantedProgram.names) func nothingAgainstRightPrograms(_ name: String) throws {
    let program = try #require(PlantedProgram.named(name))
    guard !program.needsTorch || Python.hasTorch else { return }
    let clean = try Python.review(program.source, model: program.model)
    #expect(clean.firstWrong == nil, "\(clean.lines.filter { $0.verdict == "wrong" })")
    #expect(
      clean.lines.contains {
        $0.verdict == "right" && $0.name.map { !Set("WbXY").contains($0.first ?? "X") } ?? false
      })
    #expect(!clean.lines.contains { $0.verdict == "follows" })
  }

  /// With a mistake in it the line is found, and the mistake named where the table of mistakes has it: 98 and 90 of 100, but
  /// for one of either. Every fifth of them; all (minutes) with STEPGRAD_PYTHON_ALL.
  @Test func theFirstWrongLine() throws {
    var (plants, lines, named, ids) = (0, 0, 0, 0)
    let step = getenv("STEPGRAD_PYTHON_ALL") == nil ? 5 : 1
    for program in PlantedProgram.all where !program.needsTorch || Python.hasTorch {
      for plant in program.plants.enumerated().filter({ $0.offset % step == 0 }).map(\.element) {
        let review = try Python.review(program.planted(plant), model: program.model)
        plants += 1
        if review.firstWrong == plant.line {
          lines += 1
        } else {
          print(
            "\(program.name): line \(review.firstWrong.map(String.init) ?? "none") for \(plant.line), \(plant.replacement)"
          )
        }
        guard let mistake = plant.mistake else { continue }
        named += 1
        let found = review.lines.filter { $0.line == review.firstWrong && $0.verdict == "wrong" }.flatMap(
          \.mistakes)
        if found.contains(mistake) { ids += 1 } else { print("\(program.name): \(found) for \(mistake)") }
      }
    }
    print("\(lines) of \(plants) lines, \(ids) of \(named) mistakes")
    #expect(Double(lines) >= 0.98 * Double(plants) - 1)
    #expect(Double(ids) >= 0.9 * Double(named) - 1)
  }

  @Test func whatFollowsSaysFromWhichLine() throws {
    let program = try #require(PlantedProgram.named("flat-script"))
    let plant = try #require(program.plants.first { $0.mistake == "missing-mean" })
    let review = try Python.review(program.planted(plant), model: program.model)
    let line = plant.line
    for name in ["dW2", "db2", "dA1", "dZ1", "dW1", "db1"] {
      let found = review.lines.first { $0.name == name }
      #expect(found?.verdict == "follows" && found?.follows == line, "\(name)")
    }
  }

  /// A line that no mistake explains hands on the factor of what it reads: the division by m comes behind it.
  @Test func whatNoMistakeExplainsHandsOnItsFactor() throws {
    let source = """
      import numpy as np
      X = np.array([[1, 2], [-1, 1], [0.5, -1], [2, 0.5]])
      Y = np.eye(3)[np.array([0, 2, 1, 0])]
      rng = np.random.default_rng(0)
      W1 = rng.normal(size=(2, 5)); b1 = np.full(5, 0.1)
      W2 = rng.normal(size=(5, 3)); b2 = np.zeros(3)
      Z1 = X @ W1 + b1
      A1 = np.maximum(0, Z1)
      Z2 = A1 @ W2 + b2
      S = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
      dZ2 = S - Y
      dW2 = A1.T @ dZ2 / 4
      db2 = dZ2.mean(axis=0)
      dA1 = dZ2 @ W2.T
      dZ1 = dA1 * np.cos(Z1)
      dW1 = X.T @ dZ1 / 4
      db1 = dZ1.mean(axis=0)

      """
    let review = try Python.review(source, model: "net 2 5:relu 3:softmax")
    #expect(review.lines.filter { $0.verdict == "wrong" }.map(\.name) == ["dZ1"])
    #expect(
      ["dW1", "db1"].allSatisfy { name in review.lines.contains { $0.name == name && $0.follows == 15 } })
    let twice = try Python.text(
      source.replacing("dZ2 = S - Y", with: "dZ2 = (S - Y) / 4").replacing("np.cos(Z1)", with: "(Z1 > 0)"),
      model: "net 2 5:relu 3:softmax")
    #expect(twice.contains("m = 4 times too small") && !twice.contains("larger"))
  }

  /// A target is data: what the weights lead to is none, though it has the shape and a stranger's name.
  @Test func whatIsComputedIsNoTarget() throws {
    let review = try Python.review(
      """
      import numpy as np
      rng = np.random.default_rng(2)
      feats = rng.normal(size=(4, 2))
      lab = np.array([0, 2, 1, 2])
      W = rng.normal(size=(2, 3)); wb = rng.normal(size=3)
      sc = feats @ W + wb
      ex = np.exp(sc - sc.max(axis=1, keepdims=True))
      prob = ex / ex.sum(axis=1, keepdims=True)
      loss = -np.log(prob[range(4), lab]).mean()
      dsc = prob.copy()
      dsc[range(4), lab] -= 1
      dsc /= 4
      dW = feats.T @ dsc
      dwb = dsc.sum(axis=0)

      """, model: "net 2 3:softmax")
    #expect(review.firstWrong == nil)
    #expect(review.lines.contains { $0.name == "dW1" && $0.verdict == "right" })
  }

  /// Equations that were typed without sizes, and class numbers in the program.
  @Test func classNumbersBelowTypedEquations() throws {
    let source = """
      import numpy as np
      rng = np.random.default_rng(2)
      X = rng.normal(size=(6, 4))
      y = np.array([0, 2, 1, 2, 1, 0])
      W = rng.normal(size=(4, 3)); b = np.zeros(3)
      scores = X.dot(W) + b
      p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
      loss = -np.log(p[np.arange(6), y]).mean()
      dscores = p.copy()
      dscores[np.arange(6), y] -= 1
      dscores /= 6
      dW = X.T.dot(dscores)
      db = dscores.sum(axis=0)

      """
    let model = "model scores = X @ W + b; S = softmax(scores); L = cross_entropy(Y, S)"
    let review = try Python.review(source, model: model)
    #expect(review.firstWrong == nil)
    #expect(review.lines.contains { $0.name == "dW" && $0.verdict == "right" })
    let planted = try Python.review(
      source.replacing("db = dscores.sum", with: "db = dscores.mean"), model: model)
    #expect(planted.firstWrong == 13)
  }

  /// Shapes that are not the session's propose a network of their own.
  @Test func theShapesProposeANetwork() throws {
    let program = try #require(PlantedProgram.named("flat-script"))
    let text = try Python.text(program.source, model: "net 7 6:tanh 5:softmax")
    #expect(text.contains("net 2 4:relu 3:softmax"))
    #expect(text.contains("no line is wrong"))
  }

  @Test func whatThrowsIsReviewedUpToThere() throws {
    let program = try #require(PlantedProgram.named("flat-script"))
    let broken = program.source.replacingFirst("dW2 = A1.T @ dscores", by: "dW2 = A1 @ dscores")
    let text = try Python.text(broken, model: program.model)
    #expect(text.contains("It ended at line 18: ValueError"))
    #expect(text.contains("right, dZ2"))
  }

  /// What a program assigned, written to a file and reviewed from there, is judged alike.
  @Test func arraysOfAFile() throws {
    let program = try #require(PlantedProgram.named("flat-script"))
    let file = "\(scratch)/stepgrad-review-\(getpid()).npz"
    defer { unlink(file) }
    let source = program.source.replacingFirst("range(3)", by: "range(1)")
      .replacingFirst("dscores = (probs - y_onehot) / m", by: "dscores = probs - y_onehot")
      .replacingFirst(
        "    W1 -= lr * dW1\n    b1 -= lr * db1\n    W2 -= lr * dW2\n    b2 -= lr * db2\n", by: "")
    let here = try Python.review(source, model: program.model, "--dump \(file)")
    var workspace = Workspace()
    _ = Interpreter.run(program.model, in: &workspace)
    let outcome = try #require(Interpreter.run("review \(file)", in: &workspace).last)
    let there = try #require(try outcome.result.get().review)
    func wrong(_ review: Report.Review) -> [String?] {
      review.lines.filter { $0.verdict == "wrong" }.map(\.name)
    }
    #expect(wrong(here) == ["dZ2"])
    #expect(wrong(there) == ["dZ2"])
    #expect(there.lines.first { $0.verdict == "wrong" }?.mistakes == ["missing-mean"])
  }

  @Test func programsThatAreNone() {
    #expect(Python.refusal("x = = 3\n").contains("not Python"))
    #expect(Python.refusal("print('no arrays')\n").contains("nothing to review"))
    #expect(Python.refusal("print('x' * 2000000)\n").contains("nothing to review"))
    #expect(Python.refusal("while True:\n    pass\n", "limit=1").contains("nothing to review"))
    #expect(
      Python.refusal("import os\nif os.fork() == 0:\n    while True: pass\n", "limit=20").contains(
        "nothing to review"))
    #expect(Python.refusal("import numpy as np\nα_x = np.eye(9) + 1\n").contains("no array of such a shape"))
    // What is missing may stand behind the line that raised.
    #expect(Python.refusal("x = [1.5, 2.5]\nraise ValueError('early')\n").contains("early"))
  }

  /// A child in a session of its own, whose parent is gone, ends with the review.
  @Test func whatAProgramLeavesBehindIsEnded() throws {
    let note = "\(scratch)/stepgrad-review-child-\(getpid())"
    defer { unlink(note) }
    let source = """
      import os, time
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
              open("\(note)", "w").write(str(os.getpid()))
              time.sleep(300)
          os._exit(0)
      while not (os.path.exists("\(note)") and open("\(note)").read()):
          time.sleep(0.01)
      """
    #expect(Python.refusal(source, "limit=20").contains("nothing to review"))
    let child = try #require(pid_t(try FileAccess.read(note)))
    // Nobody may have asked for its end: what is left of it then has no command line.
    let command = (try? FileAccess.read("/proc/\(child)/cmdline")) ?? ""
    #expect(command.isEmpty)
  }

  /// Left alone it stops itself: here nobody else would for ten minutes.
  @Test func aProgramOutlivesNobodyForLong() throws {
    var template = Array("\(scratch)/stepgrad-review-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    _ = "while True: pass".withCString { write(file, $0, 16) }
    close(file)
    defer { unlink(template) }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let outcome = try ChildProgram.run(
      Python.interpreter, ["-c", ProgramTracer.source, path, "3", "1000", "1"], seconds: 600,
      mostRecord: 1000,
      isInterrupted: { false })
    #expect(outcome.end == .killed(signal: SIGALRM))
  }
}

enum Python {
  static let interpreter: String = getenv("STEPGRAD_PYTHON").map { String(cString: $0) } ?? "python3"

  static let hasNumPy = has("numpy")
  static let hasTorch = has("torch")

  private static func has(_ module: String) -> Bool {
    let outcome = try? ChildProgram.run(
      interpreter, ["-c", "import \(module)"], seconds: 60, mostRecord: 0, isInterrupted: { false })
    let isThere = outcome?.end == .exited(0)
    if !isThere { print("not tried, \(interpreter) has no \(module): review") }
    return isThere
  }

  private static func run(_ source: String, model: String?, _ options: String) throws -> Result<
    Report, Diagnostic
  > {
    var template = Array("\(scratch)/stepgrad-review-XXXXXX.py".utf8CString)
    let file = mkstemps(&template, 3)
    try #require(file >= 0)
    close(file)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try FileWriter.write(Array(source.utf8), to: path)
    var workspace = Workspace()
    for line in (model ?? "").split(separator: "\n") { _ = Interpreter.run(String(line), in: &workspace) }
    let outcomes = Interpreter.run("review \(path) python=\(interpreter) \(options)", in: &workspace)
    let outcome = try #require(outcomes.last)
    switch outcome.result {
    case .success(let report): return .success(report)
    case .failure(let diagnostic): return .failure(diagnostic)
    }
  }

  static func review(_ source: String, model: String, _ options: String = "") throws -> Report.Review {
    try #require(try run(source, model: model, options).get().review)
  }

  static func text(_ source: String, model: String) throws -> String {
    try run(source, model: model, "").get().blocks.map { block in
      switch block {
      case .text(let prose, _), .paragraph(let prose, _): prose.text()
      case .table(let table):
        table.rows.map { $0.map { $0.text() }.joined(separator: "  ") }.joined(separator: "\n")
      default: ""
      }
    }.joined(separator: "\n")
  }

  static func refusal(_ source: String, _ options: String = "") -> String {
    switch Result(catching: { try run(source, model: nil, options) }) {
    case .success(.failure(let diagnostic)): diagnostic.message.text()
    default: "no refusal"
    }
  }
}
