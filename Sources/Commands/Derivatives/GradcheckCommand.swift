import Differentiation
import Formulas
import LinearAlgebra
import Platform
import Reports
import Sessions

package enum GradcheckCommand: Command {
  package static let name = "gradcheck"
  package static let shortForms = ["g"]
  package static let usage = "gradcheck [NAME…] [h=…] [method=central|forward|dual] [sweep] [sample=N seed=…]"
  package static let summary = "every gradient against an independent one"
  package static let help = [
    "method=central (the default) compares with (L(x + h) - L(x - h)) / 2h; h is chosen for each entry unless given. method=forward (also: dual) compares with forward mode, dual numbers carried through the forward equations, which is exact up to rounding.",
    "The error is |a - n| / max(|a|, |n|); where both are too small for the method to tell apart, relative to the smallest size it can. An entry for which relu's argument changes sign between x - h and x + h is a kink: there is no derivative there, and it is listed apart.",
    "An error above 1e-2 usually means a wrong gradient; from 1e-4 to 1e-2 one should be uneasy; up to 1e-4 is fine where there are kinks (relu, max) and too much where there are none (tanh, softmax); 1e-7 and less is right (CS231n).",
    "gradcheck sample=500 seed=1 checks so many entries drawn at random, for networks where all would take long.",
    "gradcheck sweep shows the error against h from 1e-1 to 1e-12: truncation on one side, rounding on the other.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["gradcheck", "gradcheck W1 method=forward", "gradcheck W1 sweep"]
  package static let related = ["check", "backward", "jacobian"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.several([
    .parameters,
    .words(["method=central", "method=forward", "method=dual", "h=", "sweep", "sample=", "seed="]),
  ])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, others) = line.options
    var method = GradientCheck.Method.central(step: nil)
    var step: Double?
    var sample: Int?
    var seed = 1
    for (key, value, word) in options {
      switch (key, value) {
      case ("h", _), ("eps", _), ("epsilon", _):
        guard let h = Double(value), h > 0, h.isFinite else {
          throw Diagnostic("h is a number greater than 0", at: [word.range], hint: "for example h=1e-5")
        }
        step = h
      case ("sample", _), ("seed", _):
        guard let number = Int(value), number >= (key == "sample" ? 1 : 0) else {
          throw Diagnostic(
            "\(key) is a whole number", at: [word.range], hint: "for example sample=500 seed=1")
        }
        if key == "sample" { sample = number } else { seed = number }
      case ("method", "central"): method = .central(step: nil)
      case ("method", "forward"), ("method", "dual"): method = .forward
      case ("method", _):
        throw Diagnostic("there is no method '\(value)'", at: [word.range], hint: "central, forward or dual")
      default: throw line.usageError("gradcheck has no option '\(key)'", usage, at: word.range)
      }
    }
    let sweeps = others.contains { $0.text == "sweep" }
    if case .forward = method,
      let word = options.first(where: { ["h", "eps", "epsilon"].contains($0.key) })?.word
        ?? others.first(where: { $0.text == "sweep" })
    {
      throw Diagnostic(
        "forward mode has no step: h and sweep are of central differences", at: [word.range],
        hint: "leave out \(sweeps ? "sweep" : "h=…"), or method=…")
    }
    if let step, case .central = method { method = .central(step: step) }
    let session = try workspace.session.completedExactly(forward: false)
    try session.demandLoss()
    let names = try self.names(others.filter { $0.text != "sweep" }, line, session)
    guard !names.isEmpty else {
      throw Diagnostic(
        "there is nothing to check: no parameter of \(session.model.lossName) is trained",
        hint: "param NAME says what is trained; gradcheck NAME checks an input")
    }
    if SessionEnvironment(session).value(of: session.model.lossName)?.scalarValue?.isNaN == true {
      throw Diagnostic(
        "\(name: session.model.lossName) is nan, and so is every difference of it: there is nothing to compare",
        hint: "'restart; forward' says where nan first appears")
    }
    let check = GradientCheck(
      forward: try session.readyProgram().forward, loss: session.model.lossName,
      environment: SessionEnvironment(session))
    if sweeps { return try sweep(names, check, session) }
    let chosen = sample.map { Self.positions($0, of: names, in: session, seed: seed) }
    var results: [GradientCheck.Result] = []
    for (i, name) in names.enumerated() {
      guard let gradient = SessionEnvironment(session).value(of: name.gradientName) else {
        throw SessionEnvironment(session).missing(name.gradientName)
      }
      let own = chosen.map { $0[name] ?? [] }
      let count = own?.count ?? gradient.count
      // In pieces, so that a long check shows a sign of life and can be stopped.
      var entries: [GradientCheck.Entry] = []
      var shape = gradient.shape
      var from = 0
      while from < count {
        let range = from..<min(count, from + 2048)
        let part = own.map { Array($0[range]) } ?? Array(range)
        let result = try check.check(name, gradient: gradient, method: method, positions: part)
        entries += result.entries
        shape = result.shape
        from += part.count
        if from < count {
          workspace.outside.progress?(
            ("gradcheck \(name: name.gradientName): \(from) of \(count) entries, parameter \(i + 1) of \(names.count)"
              as Prose).text(session.naming))
          if Interruption.isRequested {
            workspace.outside.progress?("")
            throw Diagnostic(
              "stopped after \(from) of \(count) entries of \(name: name.gradientName)",
              hint: "gradcheck sample=500 checks some of them")
          }
        }
      }
      workspace.outside.progress?("")
      results.append(GradientCheck.Result(name: name, shape: shape, entries: entries))
    }
    var report = report(Self.tellingRounding(in: results, method, session), method)
    if let note = workspace.session.exactly { report.note(note) }
    if let program = try? session.readyProgram(),
      program.forward.contains(where: { !$0.expression.detachedParts.isEmpty })
    {
      report.note("what is detached was held fixed")
    }
    if let sample {
      report.note("a sample of \(sample) entries, seed \(seed); without sample= every entry is checked")
      report.scalar("sampled", Double(results.reduce(0) { $0 + $1.entries.count }))
    }
    return report
  }

  /// Marks entries that differ by no more than what rounding may have done to both: the bounds of the pass in float32, by the
  /// ratio of the two formats' roundoffs, and a factor for the two ways to the number.
  private static func tellingRounding(
    in results: [GradientCheck.Result], _ method: GradientCheck.Method, _ session: Session
  ) -> [GradientCheck.Result] {
    let limit = tolerance(method)
    guard results.contains(where: { !$0.isUndefined && $0.maximalError > limit && $0.maximalError < 1e-2 }),
      // Without bounds nothing is explained by them.
      let steps = try? session.rounded(in: .float32)
    else { return results }
    let share = 8 * Double.ulpOfOne / (2 * NumberFormat.float32.roundoff)
    let bounds = Dictionary(steps.map { ($0.name, $0.bound) }, uniquingKeysWith: { _, last in last })
    let ofLoss = (bounds[session.model.lossName] ?? nil)?.elements.first ?? .infinity
    return results.map { result in
      guard let own = bounds[result.name.gradientName] ?? nil, own.shape == result.shape else {
        return result
      }
      let entries = result.entries.map { entry in
        guard entry.kink == nil, !entry.isOfStep, entry.relativeError > limit else { return entry }
        var noise = share * own.elements[entry.position]
        if case .central(let step) = method {
          let x = session.leaves[result.name]?.elements[entry.position] ?? 1
          let usual = GradientCheck.usualStep * max(1, abs(x))
          // A smaller step blames itself.
          noise += share * ofLoss / max(step ?? usual, usual)
        }
        var entry = entry
        entry.isRounding = abs(entry.analytic - entry.numeric) <= noise
        return entry
      }
      return GradientCheck.Result(name: result.name, shape: result.shape, entries: entries)
    }
  }

  /// Random entries of all parameters together, in order.
  private static func positions(_ count: Int, of names: [String], in session: Session, seed: Int) -> [String:
    [Int]]
  {
    let sizes = names.map { session.leaves[$0]?.count ?? 0 }
    let total = sizes.reduce(0, +)
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
    var result: [String: [Int]] = [:]
    var flat: Set<Int> = []
    while flat.count < min(count, total) { flat.insert(generator.integer(below: total)) }
    for var position in flat.sorted() {
      for (name, size) in zip(names, sizes) {
        if position < size {
          result[name, default: []].append(position)
          break
        }
        position -= size
      }
    }
    return result
  }

  private static func names(
    _ words: [CommandLine.Word], _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> [String] {
    let all = session.model.parameters.filter {
      SessionEnvironment(session).value(of: $0.gradientName) != nil
    }
    if words.isEmpty { return all }
    var result: [String] = []
    for word in words {
      var name = session.model.resolve(line.name(word))
      if session.leaves[name] == nil, let value = name.gradientOf { name = value }
      guard session.leaves[name] != nil else {
        let guess = line.naming.nearest(to: word.text, in: session.leaves.keys.sorted())
        throw Diagnostic(
          "'\(word.text)' is not an input or parameter", at: [word.range],
          hint: guess.map { "did you mean \(name: $0)?" } ?? "parameters are \(names: all)")
      }
      guard SessionEnvironment(session).value(of: name.gradientName) != nil else {
        throw Diagnostic("\(name: session.model.lossName) does not depend on \(name: name)", at: [word.range])
      }
      result.append(name)
    }
    return result
  }

  /// How such an error is usually read: CS231n, Neural Networks Part 3, Gradient checks.
  private static func meaning(of error: Double) -> String {
    switch error {
    case ..<1e-7: "At 1e-7 and below one is happy; forward mode is exact, and this is more than rounding."
    case ..<1e-4: "Between 1e-7 and 1e-4 it may be a kink nearby or rounding; without kinks it is too much."
    case ..<1e-2: "Between 1e-4 and 1e-2 one should be uneasy: a small term may be missing or wrong."
    default: "Above 1e-2 the gradient is most likely wrong. ('why', 'derive' and 'check' find the line.)"
    }
  }

  /// Largest error that counts as agreement.
  private static func tolerance(_ method: GradientCheck.Method) -> Double {
    if case .forward = method { 1e-12 } else { 1e-6 }
  }

  private static func report(_ results: [GradientCheck.Result], _ method: GradientCheck.Method) -> Report {
    var report = Report()
    let limit = tolerance(method)
    var rows: [[Prose]] = []
    for result in results {
      let verdict: Prose =
        result.isUndefined
        ? "nan" : result.maximalError <= limit ? "ok" : result.isOfStep ? "by h" : "WRONG"
      guard let worst = result.worst else {
        rows.append([
          "\(name: result.name.gradientName)", "\(result.shape)", "", "", "", "",
          result.entries.isEmpty
            ? "no entry" : result.kinks.count == result.entries.count ? "kinks only" : "rounding only",
        ])
        continue
      }
      let index = Tensor(repeating: 0, shape: result.shape).index(at: worst.position).map(String.init).joined(
        separator: ",")
      rows.append([
        "\(name: result.name.gradientName)", "\(result.shape)", index.isEmpty ? "" : "[\(index)]",
        "\(Figures.short(worst.analytic, digits: 8))", "\(Figures.short(worst.numeric, digits: 8))",
        "\(Figures.short(worst.relativeError, digits: 2))", verdict,
      ])
    }
    let name = if case .forward = method { "forward mode" } else { "central" }
    report.add(
      .table(
        .init(
          header: ["gradient", "shape", "worst", "backward", "\(name)", "error", ""], rows: rows,
          rightAligned: [3, 4, 5])))
    let undefined = results.filter(\.isUndefined).map { $0.name.gradientName }
    let maximum = results.filter { !$0.isUndefined }.map(\.maximalError).max() ?? 0
    let kinks = results.flatMap { result in
      result.kinks.compactMap { entry in entry.kink.map { (result, entry, $0) } }
    }
    for (result, kink, argument) in kinks.prefix(5) {
      let entry = Expression.name(result.name).entry(
        Tensor(repeating: 0, shape: result.shape).index(at: kink.position))
      if kink.isTie {
        report.say(
          "kink: at \(entry) two entries are equally large in \(argument), and the slopes to both sides differ (backward \(Figures.short(kink.analytic, digits: 6)), \(name) \(Figures.short(kink.numeric, digits: 6))); 'gradcheck method=dual' decides, by the first of them",
          .warning)
        continue
      }
      report.say(
        "kink: \(entry) moves \(argument) across 0, where there is no derivative (backward \(Figures.short(kink.analytic, digits: 6)), \(name) \(Figures.short(kink.numeric, digits: 6)))",
        .warning)
    }
    if kinks.count > 5 { report.say("… and \(kinks.count - 5) more kinks", .warning) }
    if !undefined.isEmpty {
      report.say(
        "\(names: undefined) \(undefined.count == 1 ? "holds" : "hold") nan, where there is no slope to compare: 'backward' says where it first appears",
        .warning)
    }
    let rounded = results.reduce(0) { $0 + $1.roundingCount }
    if rounded > 0 {
      report.note(
        "\(rounded == 1 ? "1 entry differs" : "\(rounded) entries differ") by no more than rounding explains: digits cancel on the way ('numerics' shows where)"
      )
    }
    let count = results.reduce(0) { $0 + ($1.isUndefined ? 0 : $1.entries.count - $1.kinks.count) }
    let wrong = results.filter { !$0.isUndefined && !$0.isOfStep && $0.maximalError > limit }
    let ofStep = results.reduce(0) { $0 + $1.ofStepCount }
    if ofStep > 0, case .central(let step?) = method {
      let why =
        step > GradientCheck.usualStep
        ? "too large a step: the difference is off by its truncation, which shrinks as h²"
        : "too small a step: the rounding of the loss, divided by h, is larger than the digits that are compared"
      report.say(
        "\(ofStep == 1 ? "1 entry differs" : "\(ofStep) entries differ") by h alone and \(ofStep == 1 ? "agrees" : "agree") at the usual step. h = \(Figures.short(step, digits: 2)) is \(why)",
        .warning)
    }
    if count == 0, !undefined.isEmpty {
      report.say("nothing could be compared", .warning)
    } else if count == 0, !kinks.isEmpty {
      report.say("nothing could be compared: every entry lies on a kink", .warning)
    } else if wrong.isEmpty, maximum > limit {
      report.say(
        "no gradient is wrong; 'gradcheck' without h= takes a step of its own for each entry", .success)
    } else if maximum <= limit {
      report.say(
        "\(count == 1 ? "1 entry agrees" : "\(count) entries agree"); the largest relative error is \(Figures.short(maximum, digits: 2))",
        .success
      )
    } else {
      report.say("the gradients disagree in \(names: wrong.map(\.name.gradientName))", .failure)
      report.explain("\(meaning(of: maximum))", indent: 2)
    }
    report.scalar("max_relative_error", maximum)
    report.scalar("entries", Double(count))
    report.scalar("kinks", Double(kinks.count))
    return report
  }

  private static func sweep(_ names: [String], _ check: GradientCheck, _ session: Session) throws(Diagnostic)
    -> Report
  {
    var rows: [[Prose]] = []
    var report = Report()
    var best = (step: 0.0, error: Double.infinity)
    for exponent in 1...12 {
      guard let h = Double("1e-\(exponent)") else { continue }
      var error = 0.0
      for name in names {
        guard let gradient = SessionEnvironment(session).value(of: name.gradientName) else { continue }
        let result = try check.check(name, gradient: gradient, method: .central(step: h))
        // The raw error: a sweep is there to show what rounding does.
        for entry in result.entries where entry.kink == nil {
          error = max(error, GradientCheck.relativeError(entry.analytic, entry.numeric, floor: 0))
        }
      }
      if error < best.error { best = (h, error) }
      let bar =
        error > 0 && error.isFinite
        ? String(repeating: "#", count: max(1, min(30, Int(clamping: 32 + 2 * log10(error))))) : ""
      rows.append(["1e-\(exponent)", "\(Figures.short(error, digits: 2))", "\(bar)"])
      report.scalar("error_1e-\(exponent)", error)
    }
    report.blocks.insert(
      .table(.init(header: ["h", "error", "(log scale)"], rows: rows, rightAligned: [0, 1])), at: 0)
    report.explain(
      "The error is smallest near h = \(Figures.short(best.step, digits: 1)). Larger h: truncation, which shrinks as h². Smaller h: rounding of L, divided by h."
    )
    return report
  }
}
