import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Platform

// Programs that differentiate number by number, as micrograd does: each number is an object with its gradient, and the
// rule of each operation stands in a line of its own.

extension Review {
  /// The line whose share of a gradient is not what the operation's own formula gives; all that is wrong behind it follows.
  mutating func blameScalars() {
    guard
      let graph = ScalarGraph(leaves.trace.values.filter { inFirstPass.contains($0.records.first ?? -1) }),
      agrees(graph), let fault = graph.fault()
    else { return }
    let wrong = findings.indices.filter {
      findings[$0].verdict == .wrong && findings[$0].name?.gradientOf != nil
    }
    var finding = Finding(fault.value)
    finding.name = wrong.first.flatMap { findings[$0].name } ?? model.parameters.first?.gradientName
    finding.verdict = .wrong
    finding.ids = fault.ids.map(\.id)
    finding.remark =
      "\(fault.value.variable) gets \(Self.figure(fault.given)) here, and \(Self.figure(fault.right)) by the formula of what was computed"
    for index in wrong { findings[index].verdict = .follows(line: fault.value.line) }
    findings.append(finding)
  }

  /// Whether the numbers' own formulas give the gradients that the model has: only then nothing was read wrongly.
  private func agrees(_ graph: ScalarGraph) -> Bool {
    var found = 0
    for match in leaves.matches where model.parameters.contains(match.leaf) {
      guard let right = target(match.leaf.gradientName), right.shape == match.value.shape else {
        return false
      }
      for (entry, gradient) in zip(match.value.elements, right.elements) {
        guard let own = graph.gradient(ofNumber: entry) else { continue }
        found += 1
        guard abs(own - gradient) <= 1e-5 * max(abs(own), abs(gradient), 1e-3) else { return false }
      }
    }
    return found > 0
  }
}

/// The numbers of a program that are objects, with the formulas by which they were made of each other.
private struct ScalarGraph {
  struct Fault {
    let value: ProgramTrace.Value
    let given: Double
    let right: Double
    let ids: [Mistake]
  }

  private struct Share {
    let from: String
    let amount: Double
  }

  /// Objects in the order in which they were made, the number each holds.
  private var order: [String] = []
  private var number: [String: Double] = [:]
  /// What the last object changes by with each.
  private var gradient: [String: Double] = [:]
  private var shares: [String: [Share]] = [:]
  /// What stood in the gradient of each, record by record.
  private var steps: [String: [ProgramTrace.Value]] = [:]

  private static let most = 4_000

  /// Nil where there are no such objects, or none of which a gradient was set to 1.
  init?(_ values: [ProgramTrace.Value]) {
    var root: String?
    var holderOf: [Int: String] = [:]
    var made: [String: ProgramTrace.Value] = [:]
    var valueOf: [Int: ProgramTrace.Value] = [:]
    for value in values where value.tensor.count == 1 {
      guard let record = value.records.first else { continue }
      valueOf[record] = value
      if !value.object.isEmpty {
        holderOf[record] = value.object
        if number[value.object] == nil { order.append(value.object) }
        // The line that made it reads what it is made of; others hand it on.
        if made[value.object] == nil || ReviewReplay.copied(made[value.object]?.formula ?? "v0") != nil {
          made[value.object] = value
        }
        number[value.object] = value.tensor.elements[0]
      } else if value.variable.hasSuffix(".data"), value.holder != "0" {
        holderOf[record] = value.holder
        if number[value.holder] == nil { order.append(value.holder) }
        number[value.holder] = value.tensor.elements[0]
      } else if value.variable.hasSuffix(".grad"), value.holder != "0" {
        steps[value.holder, default: []].append(value)
        if value.change == .new, value.tensor.elements[0] == 1 { root = value.holder }
      }
    }
    guard let root, let last = order.lastIndex(of: root), order.count <= Self.most else { return nil }
    func holder(_ record: Int) -> String? {
      var at = record
      while true {
        if let holder = holderOf[at] { return holder }
        guard let value = valueOf[at], let next = ReviewReplay.copied(value.formula), next < at else {
          return nil
        }
        at = next
      }
    }
    gradient[root] = 1
    for object in order[...last].reversed() where !Interruption.isRequested {
      guard let own = gradient[object], own != 0, let value = made[object], !value.formula.isEmpty,
        let formula = try? Parser.parse(value.formula).expression
      else { continue }
      var inputs: [String: Tensor] = [:]
      for read in ReviewReplay.reads(value.formula) { inputs["v\(read)"] = valueOf[read]?.tensor }
      for (name, tensor) in inputs.sorted(by: { $0.key < $1.key }) {
        guard let record = Int(name.dropFirst()), let part = holder(record), part != object,
          let at = tensor.scalarValue ?? tensor.elements.first
        else { continue }
        // Central differences: the formula of one operation on a number or two.
        let h = 1e-5 * max(1, abs(at))
        func shifted(_ by: Double) -> Double? {
          (try? Evaluator(Bindings(inputs.merging([name: Tensor(at + by)]) { $1 })).value(of: formula))?
            .elements
            .first
        }
        guard let above = shifted(h), let below = shifted(-h) else { continue }
        let amount = own * (above - below) / (2 * h)
        gradient[part, default: 0] += amount
        shares[part, default: []].append(Share(from: object, amount: amount))
      }
    }
  }

  func gradient(ofNumber entry: Double) -> Double? {
    let objects = order.filter { number[$0] == entry }
    return objects.count == 1 ? gradient[objects[0]] : nil
  }

  /// The first line that adds to a gradient what none of the operations gives, where all gradients before it are right.
  func fault() -> Fault? {
    for object in order.reversed() {
      guard let right = gradient[object], let steps = steps[object], let shares = shares[object],
        let end = steps.last(where: { $0.tensor.elements[0] != 0 })?.tensor.elements[0],
        !isEqual(end, right)
      else { continue }
      var open = shares
      var before = 0.0
      for step in steps {
        let now = step.tensor.elements[0]
        let given = now - before
        if let at = open.firstIndex(where: { isEqual($0.amount, given) }) {
          open.remove(at: at)
        } else if given != 0 {
          let isSet = before != 0 && open.contains { isEqual($0.amount, now) }
          let wanted = (isSet ? open.first { isEqual($0.amount, now) } : open.first) ?? shares[0]
          return Fault(
            value: step, given: isSet ? now : given, right: isSet ? before + wanted.amount : wanted.amount,
            ids: isSet ? [.onePathOnly] : mistakes(given, wanted))
        }
        before = now
      }
    }
    return nil
  }

  private func mistakes(_ given: Double, _ wanted: Share) -> [Mistake] {
    guard wanted.amount != 0 else { return [] }
    if isEqual(given, -wanted.amount) { return [.wrongSign] }
    if isEqual(given * 2, wanted.amount) { return [.missingFactor] }
    if isEqual(given, 2 * wanted.amount) { return [.extraFactor] }
    if let from = gradient[wanted.from], isEqual(given, from) { return [.missingActivationDerivative] }
    return []
  }

  private func isEqual(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-6) }
}
