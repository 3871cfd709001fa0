import Explanations
import Formulas
import LinearAlgebra
import Reports

/// How derivations are shown: formulas on the left, reasons on the right, as on a blackboard.
enum DerivationReport {
  static func function(_ checked: CheckedDerivation, others: [String], name: String) -> Report {
    var report = Report()
    let derivation = checked.derivation
    report.say(derivation.title, .heading)
    for remark in derivation.remarks { report.explain(remark, indent: 2) }
    let board = definitions(derivation)
    var blackboard: [Report.BoardLine] = []
    for definition in board { blackboard.append(.init(definition)) }
    for (i, chain) in derivation.chains.enumerated() {
      if i > 0 || !board.isEmpty { blackboard.append(.init()) }
      let left = derivation.text(chain.left)
      let condition: Prose = derivation.condition(chain).map { "if \($0):" } ?? ""
      let lines = chain.lines.map { (derivation.text($0.formula), $0.reason) }
      if let (formula, reason) = lines.first, lines.count == 1 {
        blackboard.append(.init("\(left) = \(formula)", reason))
      } else {
        blackboard.append(.init(left, condition))
        for (formula, reason) in lines { blackboard.append(.init("  = \(formula)", reason)) }
      }
    }
    report.add(.blackboard(blackboard))
    for (name, product) in derivation.products {
      guard let fit = ProductFit(product, environment: Bindings(derivation.tensors)) else { continue }
      explain(fit, "\(name: name) must be \(fit.wanted), like \(name: name.gradientOf ?? name)", to: &report)
    }
    for sentence in derivation.conclusion { report.explain(sentence) }
    verdict(checked, &report)
    if !others.isEmpty {
      report.note("other routes: \(others.map { "derive \(name) \($0)" }.joined(separator: ", "))")
    }
    if let source = derivation.source { report.note("source: \(source)") }
    for (i, chain) in checked.chains.enumerated() {
      guard let values = chain.values.last, derivation.chains[i].conditions.isEmpty else { continue }
      let extents = Shape(derivation.chains[i].free.map(\.extent))
      let shape = extents.checkedCount == values.count ? extents : [values.count]
      var block = Report.TensorBlock(
        derivation.text(derivation.chains[i].left), Tensor(unchecked: shape, values))
      block.isDrawn = false
      report.add(.tensor(block))
    }
    report.scalar("max_difference", checked.largestDifference)
    if let reference = checked.referenceDifference { report.scalar("forward_mode_difference", reference) }
    report.scalar("lines", Double(derivation.chains.reduce(0) { $0 + $1.lines.count }))
    return report
  }

  private static func definitions(_ derivation: Derivation) -> [Prose] {
    derivation.definitions.map { definition in
      "\(derivation.text(definition.left)) = \(derivation.text(definition.body))"
    }
  }

  private static func verdict(_ checked: CheckedDerivation, _ report: inout Report) {
    let evaluated = checked.chains.map(\.evaluated).max() ?? 0
    let total = checked.chains.map(\.total).max() ?? 0
    let places = evaluated < total ? "\(evaluated) of \(total) entries" : "all \(total) entries"
    if checked.isRight {
      var text: Prose =
        "checked at \(places): each line equals the one above to \(Figures.short(checked.largestDifference, digits: 2))"
      if let reference = checked.referenceDifference {
        text += ", the last one forward mode to \(Figures.short(reference, digits: 2))"
      }
      report.say(text, .success)
      for (chain, values) in zip(checked.derivation.chains, checked.chains) where values.evaluated == 0 {
        report.say(
          "no entry here is in the case \(checked.derivation.condition(chain) ?? ""): that part was not evaluated",
          .warning)
      }
      return
    }
    let worst = CheckedDerivation.larger(
      checked.largestDifference, checked.referenceDifference ?? 0)
    report.say(
      worst.isFinite
        ? "these lines and forward mode do not agree at the numbers at hand: largest difference \(Figures.short(worst, digits: 2))"
        : "at the numbers at hand a line is not a number: a division by 0, or exp beyond the largest double",
      .failure)
  }

  // MARK: A gradient

  /// - Parameters:
  ///   - broadcast: why its entries are summed, where the value was copied to several places.
  ///   - cut: what is not in it, because it is detached.
  static func gradient(
    _ derivation: GradientDerivation, shape: Shape, broadcast: Prose?, cut: Prose? = nil
  ) -> Report {
    var report = Report()
    let name = JacobianFormula.name(derivation.lossName, [], derivation.target, [])
    report.say(
      "from \(name: derivation.lossName) to \(name: derivation.target.gradientName) = \(name)", .heading)
    for (i, path) in derivation.paths.enumerated() where path != "\(name)" || derivation.paths.count > 1 {
      report.say(i == 0 ? "  \(name) = \(path)" : "    + \(path)", .formula)
    }
    if derivation.paths.count > 1 {
      report.explain(
        "a sum: \(name: derivation.target) affects \(name: derivation.lossName) in several ways", indent: 2)
    }
    if let cut { report.explain("\(cut).", indent: 2) }
    var blackboard: [Report.BoardLine] = []
    for step in derivation.steps {
      blackboard.append(.init())
      let origins = step.origins.map { "\($0)" as Prose }.joined(separator: "; ")
      let sum = RepeatSum(step.equation.terms) { name in
        step.origins.first { $0.name == name }?.steps.last
      }
      // A long sum is one line for all its steps.
      if let sum, sum.values.count > 4, let first = step.origins.first, let last = step.origins.last {
        let name = step.equation.name
        blackboard.append(
          .init("\(name: name) = \(sum.text)", "from \(name: first.name), …, \(name: last.name)"))
        blackboard.append(.init("", "one term for every \(sum.variable)"))
        continue
      }
      blackboard.append(.init("\(step.equation)", step.origins.isEmpty ? "" : "from \(origins)"))
      if let sum { blackboard.append(.init("  = \(sum.text)", "one term for every \(sum.variable)")) }
      for (i, rule) in step.rules.enumerated() {
        blackboard.append(.init(i > 0 || step.shapes.isEmpty ? "" : "  \(step.shapes)", "\(rule)"))
      }
    }
    report.add(.blackboard(blackboard))
    if let fit = derivation.fit {
      report.add(.blank)
      explain(fit, derivation.fitted, to: &report)
      let others = derivation.steps.filter { $0.isAmbiguous && $0.equation.name != derivation.fittedName }
      if !others.isEmpty {
        report.explain(
          "for \(names: others.map(\.equation.name)) other products fit by shape as well: 'derive \(name: others[0].equation.name)'"
        )
      }
    }
    if let broadcast { report.explain("\(broadcast).") }
    if let form = derivation.indexForm, let chain = form.derivation.chains.first {
      var index: [Report.BoardLine] = [
        .init(form.derivation.text(chain.left), "the indices decide:")
      ]
      for line in chain.lines {
        index.append(.init("  = \(form.derivation.text(line.formula))", line.reason))
      }
      report.add(.blackboard(index))
    }
    let difference = derivation.largestDifference
    let whole = derivation.steps.allSatisfy { $0.difference == nil || $0.evaluated == $0.value.count }
    if derivation.isRight {
      report.say(
        "checked: every line equals forward-mode differentiation to \(Figures.short(difference, digits: 2))"
          + (whole ? "" : ", at up to \(derivation.steps.map(\.evaluated).max() ?? 0) entries of each"),
        .success)
    } else if let step = derivation.steps.first(where: { !$0.value.isFinite }) {
      report.say(
        "\(name: step.equation.name) has entries that are no number or infinite, so these lines cannot be checked here: 'step' shows where they first appear",
        .failure)
    } else {
      report.say(
        "these lines and forward mode do not agree: largest difference \(Figures.short(difference, digits: 2))",
        .failure)
    }
    for step in derivation.steps {
      var block = Report.TensorBlock(
        "\(name: step.equation.name)", step.value, formula: "\(step.equation.expression)")
      block.isDrawn = false
      report.add(.tensor(block))
    }
    report.scalar("max_difference", difference)
    report.scalar("lines", Double(derivation.steps.count))
    return report
  }

  /// Why a product has this order and these transposes.
  static func explain(_ fit: ProductFit, _ wanted: Prose, to report: inout Report) {
    let shapes = fit.operands.map { "\($0.expression) is \($0.shape)" as Prose }.joined(separator: ", ")
    report.explain("\(wanted); \(shapes):")
    func product(_ candidate: ProductFit.Candidate) -> Prose {
      "\(candidate.expression) = (\(candidate.shapes.0))(\(candidate.shapes.1))"
    }
    var right: [Prose] = []
    var wrong: [Prose] = []
    var other: [Prose] = []
    var unfit: [Prose] = []
    for candidate in fit.candidates {
      switch candidate.verdict {
      case .right: right.append("\(product(candidate)) = \(fit.wanted)")
      case .wrongNumbers(let difference):
        wrong.append("\(candidate.expression), off by up to \(Figures.short(difference, digits: 2))")
      case .otherShape(let shape): other.append("\(candidate.expression) is \(shape)")
      case .doesNotMeet(let a, let b): unfit.append("\(candidate.expression) (\(a), \(b))")
      }
    }
    report.explain("fits: \(right.joined(separator: "; "))", indent: 2)
    if !wrong.isEmpty { report.explain("fits by accident: \(wrong.joined(separator: "; "))", indent: 2) }
    if !other.isEmpty { report.explain("another shape: \(other.joined(separator: "; "))", indent: 2) }
    if !unfit.isEmpty { report.explain("do not meet: \(unfit.joined(separator: "; "))", indent: 2) }
    report.explain(
      fit.fitting.count > 1
        ? "Shapes alone do not decide here." : "Only this order and these transposes fit.", indent: 2)
  }
}
