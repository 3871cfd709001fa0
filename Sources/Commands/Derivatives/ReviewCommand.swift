import DataSets
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Platform
import Reports
import Sessions

package enum ReviewCommand: Command {
  package static let name = "review"
  package static let shortForms: [String] = []
  package static let usage =
    "review FILE.py|.npz|.safetensors [NAME=VARIABLE…] [python=PROGRAM] [limit=SECONDS] [all] [--dump FILE.npz] [-- ARGUMENT…]"
  package static let summary = "the first wrong line of your own Python program, and the mistake in it"
  package static let help = [
    "review mlp.py runs the program with python3 and looks at what every line assigns: lists, NumPy arrays, PyTorch tensors and their .grad, in plain scripts, functions and classes. The network of this session is the truth: write it first (net 2 4:relu 3:softmax); if the program's arrays do not fit, their shapes propose another.",
    "Inputs, targets and parameters are taken from the program, by name and shape; say X=x_train where that goes wrong. Every value is then placed: right; WRONG for the program's own inputs to that line, with the mistake named as 'check' names it; or following from a wrong line before it.",
    "What cancels is no mistake: y - out with += in the update, a mean that is divided out in the weights. The values of the first pass count. 'all' lists the lines that were not placed too.",
    "review arrays.npz does the same for arrays that were saved elsewhere, by their names; --dump FILE.npz writes what a program assigned.",
    "limit=60 seconds is how long it may run; Ctrl-C stops it. The program can do whatever it likes to your files, as when you run it yourself: scripts that are loaded and lessons may not use this command.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["review mlp.py", "review mlp.py X=x_train python=python3.12"]
  package static let related = ["check", "gradcheck", "net"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard workspace.loadDepth == 0 else {
      throw Diagnostic("a script that is loaded may not run a program", hint: "type review yourself")
    }
    let request = try ReviewRequest(line, usage: usage)
    var report = Report()
    let (trace, source, cut) =
      try request.isArrays ? arrays(request, workspace) : run(request, workspace, &report)
    if let dump = request.dump {
      do throws(DataError) { try NPZ.write(trace.arrays, to: dump) } catch { throw error.diagnostic }
      report.note("\(trace.arrays.count) arrays written to \(dump)")
    }
    let session = workspace.session
    let review: Review
    do {
      review = try Review(
        trace, model: session.model, roles: session.roles, shapes: session.leaves.mapValues(\.shape),
        learningRate: session.settings.learningRate, optimizer: session.settings.optimizer,
        given: request.given,
        source: source)
      ReviewReport(review, source: source, isFull: request.isFull).add(
        to: &report)
    } catch {
      // What 'net' wrote has sizes of its own.
      var problem = error
      if session.model.specification == nil,
        let sizes = ReviewLeaves.sizes(trace, session.model, given: request.given)
      {
        do throws(Diagnostic) {
          let sized = try Review(
            trace, model: session.model, roles: Roles(session.model, shapes: sizes), shapes: sizes,
            learningRate: session.settings.learningRate, optimizer: session.settings.optimizer,
            given: request.given, source: source)
          report.note("the sizes are the program's: in this session the model has others, or none")
          ReviewReport(sized, source: source, isFull: request.isFull).add(to: &report)
          return report
        } catch { problem = error }
      }
      if let found = try? Review(
        trace, model: session.model, roles: session.roles, shapes: session.leaves.mapValues(\.shape),
        learningRate: session.settings.learningRate, optimizer: session.settings.optimizer,
        given: request.given, source: source, isSearched: true)
      {
        report.note(
          "the program's arrays are told by what comes of them: they are called otherwise, or lie otherwise")
        ReviewReport(found, source: source, isFull: request.isFull).add(to: &report)
        return report
      }
      guard request.given.isEmpty, let words = ReviewLeaves.proposal(trace, source: source),
        let other = try proposed(words, trace, session.settings.learningRate, source), other.isLikelyModel
      else {
        // The rest of the program may have what is missing.
        throw cut.map { Diagnostic("\(problem.message); \($0)", at: problem.marks, hint: problem.hint) }
          ?? problem
      }
      report.note("this network does not fit the program's arrays; its shapes are those of: net \(words)")
      ReviewReport(other, source: source, isFull: request.isFull).add(
        to: &report)
    }
    return report
  }

  /// What a program assigns while it runs, and its text.
  private static func run(
    _ request: ReviewRequest, _ workspace: Workspace, _ report: inout Report
  ) throws(Diagnostic) -> (ProgramTrace, String, cut: Prose?) {
    let source = try FileAccess.read(request.file)
    let outcome = try request.run(workspace.outside.isInterrupted)
    guard outcome.end != .interrupted else { throw Diagnostic("stopped: nothing was reviewed") }
    let trace = ProgramTrace(outcome.record)
    try Interruption.check()
    say(outcome, request, &report)
    guard !trace.values.isEmpty else {
      var reason: Prose = "it assigned no numbers, lists or arrays"
      if let end = trace.end { reason = "\(end.line > 0 ? "line \(end.line): " : "")\(end.message)" }
      let said = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").last
      if trace.end == nil, let said { reason = "\(said.prefix(200))" }
      if outcome.end == .exited(127) { reason = "\(request.python) cannot be run" }
      if outcome.end == .tookTooLong {
        reason =
          "it was stopped after \(Figures.short(request.seconds)) seconds (limit=) and had assigned no arrays"
      }
      if case .killed(let signal) = outcome.end { reason = "it was ended by signal \(String(signal))" }
      let isMissingModule = trace.end?.message.contains("ModuleNotFoundError") == true
      throw Diagnostic(
        "there is nothing to review in '\(request.file)': \(reason)",
        hint: isMissingModule
          ? "another Python may have it: review \(request.file) python=PATH; this one is \(request.python)"
          : nil)
    }
    var cut: Prose? =
      outcome.end == .tookTooLong
      ? "it was stopped after \(Figures.short(request.seconds)) seconds (limit=)" : nil
    if let end = trace.end {
      let place = end.line > 0 ? " at line \(end.line)" : ""
      cut = "it ended\(place): \(end.message)"
      report.say("It ended\(place): \(end.message)", .warning)
      report.explain("Reviewed up to there.", indent: 2)
    } else if !trace.isWhole, case .exited = outcome.end {
      cut = "it ended itself before its last line"
      report.say("It ended itself before its last line", .warning)
      report.explain("Reviewed up to there.", indent: 2)
    }
    return (trace, source, cut)
  }

  /// The arrays of a file, and their names in the order in which they are judged.
  private static func arrays(
    _ request: ReviewRequest, _ workspace: Workspace
  ) throws(Diagnostic) -> (ProgramTrace, String, cut: Prose?) {
    do throws(DataError) {
      let file = try TensorFile(request.file)
      var arrays: [(name: String, tensor: Tensor, isWhole: Bool)] = []
      for name in file.names {
        let array = try file.array(name, path: request.file)
        arrays.append((name, array.tensor, array.isWhole))
      }
      let trace = ProgramTrace(arrays, of: workspace.session.model)
      return (trace, trace.values.map(\.variable).joined(separator: "\n"), nil)
    } catch {
      throw error.diagnostic
    }
  }

  /// The program against a network that its own shapes propose; nil when that does not fit either.
  private static func proposed(
    _ words: String, _ trace: ProgramTrace, _ learningRate: Double, _ source: String
  ) throws(Diagnostic) -> Review? {
    let parts = words.split(separator: " ").map { NetworkParser.Word(text: String($0), range: 0..<0) }
    let builder = try NetworkBuilder(try NetworkParser.parse(parts))
    var shapes = builder.parameters.mapValues(\.shape)
    // Any number of samples that is no other size.
    let m = (2...).first { m in !shapes.values.contains { $0.dimensions.contains(m) } } ?? 2
    let ends = parts.compactMap { Int($0.text.prefix { $0.isNumber }) }
    shapes[.input] = [m, ends.first ?? 1]
    shapes[.target] = [m, ends.last ?? 1]
    return try Review(
      trace, model: builder.model, roles: Roles(builder.model, shapes: shapes), shapes: shapes,
      learningRate: learningRate, source: source)
  }

  /// What the program printed, and how it ended.
  private static func say(_ outcome: ChildProgram.Outcome, _ request: ReviewRequest, _ report: inout Report) {
    let text = String(decoding: outcome.output, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let printed = lines.last?.isEmpty ?? false ? lines.dropLast() : lines[...]
    for line in printed.prefix(12) { report.add(.preformatted(["  | \(String(line.prefix(200)))"])) }
    let more = printed.count - min(12, printed.count)
    if more > 0 || outcome.omitted > 0 {
      report.note("  | … and \(more > 0 ? "\(more) more lines" : "more") of the program's output")
    }
    if outcome.end == .tookTooLong {
      report.say("It was stopped after \(Figures.short(request.seconds)) seconds (limit=)", .warning)
      report.explain("Reviewed up to there.", indent: 2)
    }
    if case .killed(let signal) = outcome.end { report.say("It was ended by signal \(signal)", .warning) }
  }
}

/// What was typed behind `review`.
struct ReviewRequest {
  let file: String
  var python = "python3"
  var seconds = 60.0
  var isFull = false
  /// Where the arrays are written to, or nil.
  var dump: String?
  /// Arrays without a program.
  var isArrays: Bool { [".npz", ".safetensors"].contains { file.hasSuffix($0) } }
  var given: [String: String] = [:]
  var arguments: [String] = []
  /// Bytes of values, in memory and on the way.
  static let mostRecord = 256 << 20

  init(_ line: CommandLine, usage: String) throws(Diagnostic) {
    var file: String?
    var words = line.words[...]
    while let word = words.popFirst() {
      if word.text == "--" {
        arguments = words.map(\.text.unquoted)
        break
      }
      guard let equals = word.text.firstIndex(of: "="), equals != word.text.startIndex else {
        if word.text == "--dump" {
          guard let to = words.popFirst(), to.text.unquoted.hasSuffix(".npz") else {
            throw Diagnostic("--dump writes an .npz file: --dump trace.npz", at: [word.range])
          }
          dump = FileAccess.expand(to.text.unquoted)
        } else if word.text == "all" {
          isFull = true
        } else if file == nil {
          file = FileAccess.expand(word.text.unquoted)
        } else {
          throw Diagnostic("one program at a time", at: [word.range], hint: "usage: \(usage)")
        }
        continue
      }
      let value = String(word.text[word.text.index(after: equals)...])
      switch String(word.text[..<equals]) {
      case "python": python = FileAccess.expand(value.unquoted)
      case "limit":
        guard let seconds = Double(value), seconds > 0, seconds <= 86_400 else {
          throw Diagnostic("limit= is a number of seconds: limit=60", at: [word.range])
        }
        self.seconds = seconds
      case let name: given[line.naming.name(name)] = value
      }
    }
    guard let file else { throw line.usageError("review which program?", usage) }
    self.file = file
  }

  func run(_ isInterrupted: () -> Bool) throws(Diagnostic) -> ChildProgram.Outcome {
    let record = String(ChildProgram.recordDescriptor)
    do {
      return try ChildProgram.run(
        python,
        [
          "-c", ProgramTracer.source, file, record, String(Self.mostRecord),
          String(Int(clamping: seconds) + 2),
        ]
          + arguments,
        seconds: seconds, mostRecord: 2 * Self.mostRecord + (1 << 20), isInterrupted: isInterrupted)
    } catch {
      throw Diagnostic(
        "cannot run '\(python)': \(error.message)", hint: "say which Python: python=/usr/bin/python3")
    }
  }
}
