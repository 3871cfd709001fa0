import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports

/// What a judged answer is told as: by `check`, in lessons and in practice.
package struct CheckReport {
  private let judgement: Judgement
  private let model: Model
  /// False where the right answer is a secret: places are named, right values are not.
  private let mayShowValues: Bool

  /// Whoever asks knows why the answer is wrong.
  private let isExplained: Bool

  package init(
    _ judgement: Judgement, model: Model, mayShowValues: Bool = true, isExplained: Bool = false
  ) {
    self.isExplained = isExplained
    self.judgement = judgement
    self.model = model
    self.mayShowValues = mayShowValues
  }

  private var title: Prose { judgement.question.title }
  private var right: Tensor { judgement.right }
  private var given: Tensor { judgement.given }

  package func make() -> Report {
    var report = Report()
    report.diagnosis = []
    switch judgement.verdict {
    case .right(let reach): sayRight(reach, &report)
    case .rightToTheDigits(let format):
      let isExact = format == .float64
      report.say("\(title) is right\(isExact ? inAllEntries : " in \(format.rawValue)")", .success)
      report.explain(
        isExact
          ? "Largest difference \(difference): within the digits you typed."
          : "Largest difference from float64 \(difference): rounding in \(format.rawValue) explains it.",
        indent: 2)
    case .rightHereOnly(let limit): sayLimit(limit, &report)
    case .tooFewDigits(let positions): sayDigits(positions, &report)
    case .wrong(let deviation):
      sayDifferences(deviation, &report)
      report.diagnosis = deviation.diagnosis.ids
      // For a last digit no mistake was looked for.
      if case .lastDigit? = deviation.size { break }
      if case .rate? = deviation.size { break }
      // Enough is said.
      if deviation.diagnosis.findings.isEmpty {
        switch deviation.size {
        case .another, .improperTargets, .negated: report.diagnosis = []
        default: sayDiagnosis(deviation.diagnosis, &report)
        }
        break
      }
      sayDiagnosis(deviation.diagnosis, &report)
      if let convention = deviation.convention { report.explain(words(convention), indent: 2) }
    case .otherShape(let remedy, let diagnosis):
      sayShapes(remedy, &report)
      // What is to be done is said, where no mistake of the table is.
      if remedy == nil || !diagnosis.findings.isEmpty { sayDiagnosis(diagnosis, &report) }
      report.diagnosis = diagnosis.ids
    case .notFinite(let positions):
      let position = positions.first ?? 0
      let value = right.elements.indices.contains(position) ? right.elements[position] : .nan
      report.say(
        "\(entry(position)) is \(Printer.number(value)) here, and no answer agrees with that", .failure)
      report.explain("Look where it comes from, with other numbers if need be.", indent: 2)
    }
    for (what, why) in judgement.untried { report.note("  not tried: \(what) (\(why.message))") }
    if let isRight = judgement.isRight { report.scalar("correct", isRight ? 1 : 0) }
    if let largest = judgement.largestDifference { report.scalar("max_difference", largest) }
    if let isGeneral = judgement.isGeneral { report.scalar("general", isGeneral ? 1 : 0) }
    return report
  }

  // MARK: Right

  private var inAllEntries: String { right.count == 1 ? "" : " in all \(Self.entries(right.count))" }
  private var difference: String { Self.figure(judgement.largestDifference ?? .nan) }

  private func sayRight(_ reach: Verdict.Reach, _ report: inout Report) {
    report.say("\(title) is right\(inAllEntries)", .success)
    switch reach {
    case .here(let reason):
      report.explain("Largest difference \(difference).", indent: 2)
      if let reason { report.explain("Checked with these numbers only, since \(reason).", indent: 2) }
    case .sameData(let draws, let units):
      report.explain(
        "Largest difference \(difference). Worked out for this pass: the 0 and 1 of its data are put in\(units ? ", and which units are on" : ""). Equal too in \(draws) sessions with the same ones and other numbers beside them.",
        indent: 2)
    case .vanishing(let draws, let isSame):
      report.explain(
        "It is 0 up to rounding, here and in \(draws) sessions with random numbers, so any multiple of it is as right.",
        indent: 2)
      if isSame == false {
        report.explain(
          "Made of other gradients yours would not be \(title): these cannot tell the two apart.",
          indent: 2)
      }
    case .everywhere(let draws, let samples, let sizes, let counts):
      var text: Prose = "Largest difference \(difference) with these numbers. "
      text += "Equal too in \(draws) sessions of the same shapes with random numbers"
      if let samples { text += "\(sizes ? "," : " and") with m = \(samples)" }
      if sizes { text += " and with all other sizes changed" }
      if !counts.isEmpty {
        text += ", \(counts.map(Printer.number).joined(separator: ", ")) read as the count that it is"
      }
      report.explain("\(text).", indent: 2)
    }
  }

  private func sayLimit(_ limit: Verdict.Limit, _ report: inout Report) {
    let why: String
    let elsewhere: Prose
    switch limit.kind {
    case .theseNumbers:
      why = "only by coincidence"
      elsewhere = "With other numbers"
      report.say("\(title) is right here, but \(why)", .warning)
      report.explain(
        "It is equal for these numbers (largest difference \(difference)) and \(limit.failure == nil ? "differs" : "has no value") for random ones of the same shapes.",
        indent: 2)
    case .leaf(let name, let value):
      elsewhere = "With other numbers"
      report.say(
        "\(title) is right here, but only because \(name: name) = \(Printer.number(value))", .warning)
      report.explain(
        "\(Printer.number(value)) is written where \(name: name) is meant: with \(name: name) it holds for every value of it (largest difference here \(difference)).",
        indent: 2)
    case .samples(let m, let other):
      elsewhere = "With m = \(other)"
      report.say("\(title) is right here, but only because m = \(m)", .warning)
      report.explain(
        "It is equal for these numbers and for random ones (largest difference \(difference)); with m = \(other) it is not.",
        indent: 2)
      if let literal = limit.literal {
        report.explain("\(literal) is written where m is meant: with m it holds for every batch.", indent: 2)
      }
      if limit.isOtherCount {
        report.explain(
          "m counts the samples; meant is another extent that is \(m) here as well.", indent: 2)
      }
    case .sizes(let leaves):
      let sizes = leaves.map { "\(name: $0.name) \(Self.shape($0.shape))" as Prose }.joined(separator: ", ")
      elsewhere = "With \(sizes)"
      report.say("\(title) is right here, but only for these sizes", .warning)
      report.explain(
        "It is equal for these numbers and for random ones (largest difference \(difference)); with \(sizes) it is not.",
        indent: 2)
      if let literal = limit.literal {
        report.explain(
          "\(literal) stands for an extent that is \(literal) here: right as long as that stays so.",
          indent: 2)
      }
    }
    if let failure = limit.failure { report.explain("There: \(failure.message).", indent: 2) }
    sayDiagnosis(limit.diagnosis, &report, lead: "\(elsewhere) it shows")
  }

  private func sayDigits(_ positions: [Int], _ report: inout Report) {
    let places = positions.prefix(8).map(entry).joined(separator: ", ")
    let more = positions.count > 8 ? " and \(positions.count - 8) more" : ""
    report.say(
      right.count == 1
        ? "so far so good: one more digit"
        : positions.count == right.count
          ? "so far so good: one more digit of every entry"
          : "so far so good: one more digit of \(places)\(more)",
      .warning)
    report.explain(
      "A single digit is met by chance too often: give two that count, or the formula.", indent: 2)
    report.scalar("undecided", 1)
  }

  // MARK: Wrong

  private func sayShapes(_ remedy: Verdict.Remedy?, _ report: inout Report) {
    let values = model.leaves + model.equations.map(\.name)
    let step = judgement.question.subscripts.isEmpty ? judgement.question.step : nil
    let like: Prose = values.first { $0.gradientName == step }.map { ", the shape of \(name: $0)" } ?? ""
    report.say("\(title) is \(Self.shape(right.shape))\(like); yours is \(Self.shape(given.shape))", .failure)
    switch remedy {
    case .transpose where !mayShowValues:
      report.explain("Rows and columns are the wrong way round.", indent: 2)
    case .sum where !mayShowValues: report.explain("An axis is still to be summed away.", indent: 2)
    case .transpose: report.explain("It is the transpose: turn it round with .T.", indent: 2)
    case .sum(let axis):
      report.explain("Sum it along axis \(axis), and it is right: sum(…, axis=\(axis)).", indent: 2)
    case nil:
      if given.shape == right.shape.transposed, given.rank == 2 {
        let isRightTurned = zip(given.transposed().elements, right.elements).allSatisfy {
          Agreement.holds($0, $1)
        }
        report.explain(
          isRightTurned
            ? "It is the transpose for these numbers, if not for all: turn it round with .T."
            : "Rows and columns are the wrong way round, and turning them alone does not mend it.", indent: 2)
      }
    }
  }

  private func sayDifferences(_ deviation: Verdict.Deviation, _ report: inout Report) {
    guard let first = deviation.positions.first else { return }
    let (count, total) = (deviation.positions.count, right.count)
    if total == 1 {
      report.say("\(title) is not right", .failure)
    } else {
      let what = count == total ? "all \(Self.entries(total)) differ" : "\(count) of \(total) entries differ"
      report.say("\(title) is not right: \(what)", .failure)
    }
    let (own, value) = Self.figures(given.elements[first], right.elements[first])
    if mayShowValues {
      report.explain("\(entry(first)) is \(value), and yours is \(own).", indent: 2)
    } else {
      let whose: Prose =
        total == 1 ? "Yours" : count == 1 ? "At \(place(first)): yours" : "First at \(place(first)): yours"
      report.explain("\(whose), \(own), is not it.", indent: 2)
    }
    if count > 1, count < total {
      let shown = deviation.positions.dropFirst().prefix(8).map(place)
      let more = count - 1 - shown.count
      report.explain(
        "The others: \(shown.joined(separator: " "))\(more > 0 ? " and \(more) more" : "").", indent: 2)
    }
    if deviation.diagnosis.ids.isEmpty {
      if let size = deviation.size {
        report.explain(words(size), indent: 2)
      }
    } else if mayShowValues {
      report.explain("Largest difference \(difference).", indent: 2)
    }
  }

  private func words(_ size: Verdict.Deviation.Size) -> Prose {
    switch size {
    case .negated: "The sign is the wrong way round."
    case .factor where !mayShowValues: "Every entry is the same multiple of the right one."
    case .factor(let factor): "Every entry is \(Self.figure(factor)) times the right one."
    case .another(let name, let isTransposed):
      "Yours is \(part(of: isTransposed ? .transpose(.name(name)) : .name(name)))."
    case .improperTargets(let names):
      "It is right for targets whose classes sum to 1; those of \(names.joined(separator: ", ")) do not for every sample: 'fused' says more."
    case .slip: "The rest is right, so look for a slip in the arithmetic there."
    case .lastDigit(let units):
      "It is off by \(units == 1 ? "1 unit" : "\(units) units") of the last digit: round at the end only, not on the way."
    case .rate(let own, let rate):
      "It is the step with lr = \(Self.figure(own)); here lr = \(Self.figure(rate)): 'set lr = \(Self.figure(own))' takes yours."
    case .otherSign: "It has the wrong sign."
    case .tooSmall: "It is too small in size."
    case .tooLarge: "It is too large in size."
    case .notFinite: "An answer has finite numbers in it."
    }
  }

  /// As much of another value as is asked for.
  private func part(of whole: Expression) -> Expression {
    let subscripts = judgement.question.subscripts
    return subscripts.isEmpty ? whole : .index(whole, subscripts)
  }

  private func words(_ convention: Verdict.Deviation.Convention) -> Prose {
    switch convention {
    case .keepsCount:
      "Some courses, Andrew Ng's among them, keep \(title) so and divide by m in dW and db. Here 1/m comes in at the loss, and all behind it has it."
    case .behind(let names):
      "It is right where \(names.map { "\(name: $0)" as Prose }.joined(separator: ", ")) is kept without 1/m, as in courses that divide in dW and db, Andrew Ng's among them. Here 1/m is in it already."
    }
  }

  private func sayDiagnosis(_ diagnosis: Diagnosis, _ report: inout Report, lead: Prose? = nil) {
    let findings = diagnosis.findings
    guard !findings.isEmpty else {
      if lead == nil, !isExplained, judgement.question.step != nil {
        report.explain("It matches none of the usual mistakes.", indent: 2)
      }
      return
    }
    if let lead { report.say("\(lead):") }
    if findings.count > 1 {
      report.say("Looks like one of these; they give the same numbers here:")
    }
    for finding in findings.prefix(4) {
      let ids = finding.ids
      let named =
        ids.count > 2
        ? "\(ids.dropLast().joined(separator: ", ")) and \(ids.last ?? "")" : ids.joined(separator: " and ")
      report.say("  \(named)", .heading)
      for id in finding.ids {
        if let mistake = Mistake.named(id) { report.explain("\(mistake.explanation)", indent: 4) }
      }
      for (wrong, right) in finding.equations.prefix(Swift.max(3, ids.count + 1)) {
        // A mistake around the right formula would tell it.
        guard mayShowValues || !wrong.expression.contains({ $0 == right.expression }) else { continue }
        report.say("    with  \(wrong)", .formula)
        if mayShowValues { report.say("    for   \(right)", .formula) }
      }
    }
    if findings.count > 4 { report.note("  and \(findings.count - 4) more that give the same numbers") }
  }

  // MARK: Words

  private func place(_ position: Int) -> String {
    let index = right.index(at: position)
    return index.isEmpty ? "" : "[" + index.map(String.init).joined(separator: ",") + "]"
  }

  private func entry(_ position: Int) -> Prose {
    right.count == 1 ? title : judgement.question.title(at: place(position))
  }

  private static func entries(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
  package static func shape(_ shape: Shape) -> String {
    shape.isScalar ? "a number" : shape.rank == 1 ? "a list of \(shape)" : "\(shape)"
  }

  private static func figure(_ value: Double) -> String { Figures.short(value, digits: 6) }

  /// Enough digits to see where two values part.
  private static func figures(_ a: Double, _ b: Double) -> (String, String) {
    let digits = (6...17).first { Figures.short(a, digits: $0) != Figures.short(b, digits: $0) } ?? 17
    return (Figures.short(a, digits: digits), Figures.short(b, digits: digits))
  }
}
