import Formulas
import LinearAlgebra
import Operations

/// Which mistakes give exactly the student's numbers. Each is made in the equations, the rest of the pass is
/// computed again with it, and the result is compared; what cannot be told apart is named together.
package struct Diagnosis: Sendable {
  package struct Finding: Sendable {
    /// One id, or those that were made at once.
    package let ids: [String]
    /// Other ids that are the same mistake here, by the same equations.
    package fileprivate(set) var twins: [String] = []
    /// The equations as they look with the mistake, beside the right ones.
    package let equations: [(wrong: Equation, right: Equation)]
    /// Made where the student's own formula stands, and not in a gradient that the formula only uses.
    let isPlausible: Bool
  }

  package private(set) var findings: [Finding] = []
  /// Mistakes whose value could not be had, and why; what does not fit in shape is no mistake that can be made here.
  package private(set) var untried: [(what: Prose, why: Diagnostic)] = []

  package init() {}

  /// Ids in the table's order, each once.
  package var ids: [String] {
    let found = Set(findings.flatMap { $0.ids + $0.twins })
    return Mistake.all.map(\.id).filter(found.contains)
  }

  /// A formula at other numbers: what the mistake must give there as well.
  package struct Confirmation: Sendable {
    package let leaves: [String: Tensor]
    package let answer: GivenValue

    package init(leaves: [String: Tensor], answer: GivenValue) {
      self.leaves = leaves
      self.answer = answer
    }
  }

  /// The same question at other sizes, at which counts that are equal here by chance are not: a mistake that is named of a
  /// formula must explain it there too.
  package struct Elsewhere {
    let passes: [MistakePass]
    /// The formula's values there, its numbers read as they stand and as extents.
    let answers: [GivenValue]
    let selecting: Selection

    fileprivate func shows(_ ids: [String]) -> Bool {
      let mistakes = ids.compactMap(Mistake.named)
      return answers.contains { answer in
        passes.contains { pass in
          var search = Search(
            answer: answer, confirmations: [], selecting: selecting, elsewhere: { nil }, mistakes: mistakes)
          let candidates = search.singles(pass, nil)
          if ids.count > 1 {
            search.result.findings = []
            var (budget, pairs) = (pairBudget, mostPairs)
            search.pairs(pass, candidates, &budget, &pairs)
          }
          return search.result.findings.contains { $0.ids == ids }
        }
      }
    }
  }

  /// Operations that the search for two mistakes at once may take, about a nanosecond each.
  static let pairBudget = 50_000_000
  static let mostPairs = 6000
  /// The same for three at once.
  static let threesBudget = 400_000_000
  static let mostThrees = 60_000

  /// - Parameters:
  ///   - triesThrees: whether three at once are tried, for typed numbers that nothing simpler explains. One of the three may
  ///     be made in every step of a sequence.
  ///   - following: what is made of the target before it is compared, in which mistakes are made as well.
  ///   - elsewhere: where a finding must hold as well; asked for once there is one. Nil where there are no other sizes.
  ///   - selecting: what was asked for: all of the target, an entry, what follows from it.
  package static func find(
    _ answer: GivenValue, passes: [MistakePass], trials: [Trials] = [], confirmations: [Confirmation] = [],
    triesPairs: Bool = true, triesThrees: Bool = false, following: Following? = nil,
    elsewhere: @escaping () -> Elsewhere? = { nil },
    selecting: @escaping Selection = { whole, _, _ in whole }
  ) -> Diagnosis {
    var search = Search(
      answer: answer, confirmations: confirmations, selecting: selecting, elsewhere: elsewhere,
      mistakes: Mistake.all)
    search.result.untried = passes.flatMap(\.untried)
    // Fewer digits would meet one of a hundred mistakes by chance.
    guard answer.hasDigits(2) else { return Diagnosis() }
    var singles: [[Candidate]] = []
    for (index, pass) in passes.enumerated() {
      if let following { search.updates(pass, following) }
      singles.append(search.singles(pass, trials.indices.contains(index) ? trials[index] : nil))
      // Whoever writes a formula goes one way, and the pass's own first.
      if answer.formula != nil, !search.result.findings.isEmpty { break }
    }
    if triesPairs, search.result.findings.isEmpty, answer.hasDigits(8) {
      var budget = pairBudget
      var pairs = mostPairs
      for (pass, candidates) in zip(passes, singles) {
        search.pairs(pass, candidates, &budget, &pairs)
        if !search.result.findings.isEmpty { break }
      }
    }
    // So many ways are met by chance where the numbers are few.
    if triesThrees, answer.isTyped, search.result.findings.isEmpty, answer.hasDigits(10) {
      var budget = threesBudget
      var threes = mostThrees
      for (pass, candidates) in zip(passes, singles) {
        search.threes(pass, candidates + search.repeated(pass), &budget, &threes)
        if !search.result.findings.isEmpty { break }
      }
    }
    // What a formula takes over is right in it.
    if search.result.findings.contains(where: \.isPlausible) {
      search.result.findings.removeAll { !$0.isPlausible }
    }
    return search.result
  }

  /// Of a target's value what is compared with the answer, with other equations for what follows from it where a mistake is made
  /// in those.
  package typealias Selection = (_ target: Tensor, _ pass: MistakePass, _ following: Following?) -> Tensor?

  struct Candidate: Sendable {
    let mistake: Mistake
    let edit: MistakeEdit
    let value: Tensor
  }

  /// The single mistakes that have an effect on a pass, with what they make of its target: whatever the answer is.
  package struct Trials: Sendable {
    fileprivate private(set) var candidates: [Candidate] = []
    fileprivate private(set) var untried: [(what: Prose, why: Diagnostic)] = []

    package init(_ pass: MistakePass) { self.init(pass, Mistake.all) }

    fileprivate init(_ pass: MistakePass, _ mistakes: [Mistake]) {
      let right = pass.rightValue
      for mistake in mistakes {
        var seen: Set<MistakeEdit> = []
        for edit in mistake.edits(in: pass) where seen.insert(edit).inserted {
          guard !Interruption.isRequested else { return }
          do throws(Diagnostic) {
            guard let value = try pass.value(with: edit.changes), !value.isClose(to: right) else { continue }
            candidates.append(Candidate(mistake: mistake, edit: edit, value: value))
          } catch {
            untried.append(("\(mistake.id)", error))
          }
        }
      }
    }
  }

  private struct Search {
    let answer: GivenValue
    let confirmations: [Confirmation]
    let selecting: Selection
    var result = Diagnosis()
    /// Mistakes that on some way are another one by the same equations.
    private var twins: Set<[String]> = []
    let elsewhere: () -> Elsewhere?
    /// Those that are looked for.
    let mistakes: [Mistake]
    /// Nil until it was asked for.
    private var there: Elsewhere??
    private var shown: [[String]: Bool] = [:]

    init(
      answer: GivenValue, confirmations: [Confirmation], selecting: @escaping Selection,
      elsewhere: @escaping () -> Elsewhere?, mistakes: [Mistake]
    ) {
      self.answer = answer
      self.confirmations = confirmations
      self.selecting = selecting
      self.elsewhere = elsewhere
      self.mistakes = mistakes
    }

    /// Whether the mistakes explain the formula at other sizes as well, or there are none to ask.
    mutating func holdsElsewhere(_ ids: [String]) -> Bool {
      if let known = shown[ids] { return known }
      let place = there ?? elsewhere()
      there = .some(place)
      let holds = place?.shows(ids) ?? true
      shown[ids] = holds
      return holds
    }

    func isAdmitted(_ edit: MistakeEdit) -> Bool { answer.isTyped || !edit.needsTypedNumbers }

    func matches(_ value: Tensor, _ pass: MistakePass) -> Bool {
      selecting(value, pass, nil).map(answer.matches) ?? false
    }

    /// The target's value with a mistake; nil when its shapes do not fit, or when it has none, which is noted.
    mutating func value(
      _ pass: MistakePass, _ changes: [Int: Expression], _ ids: @autoclosure () -> [String]
    ) -> Tensor? {
      do throws(Diagnostic) { return try pass.value(with: changes) } catch {
        note(ids(), error)
        return nil
      }
    }

    private mutating func note(_ ids: [String], _ reason: Diagnostic) {
      let what: Prose = "\(ids.joined(separator: " with "))"
      if !result.untried.contains(where: { $0.what == what }) { result.untried.append((what, reason)) }
    }

    mutating func isConfirmed(_ changes: [Int: Expression], _ pass: MistakePass, _ ids: [String]) -> Bool {
      do throws(Diagnostic) {
        for confirmation in confirmations {
          let there = try pass.revalued(confirmation.leaves)
          guard let value = try there.value(with: changes), let part = selecting(value, there, nil),
            confirmation.answer.matches(part)
          else { return false }
        }
        return true
      } catch {
        note(ids, error)
        return false
      }
    }

    mutating func report(_ ids: [String], _ changes: [Int: Expression], _ pass: MistakePass) {
      // Nobody divides too often and too seldom at once: such a pair is something else.
      guard
        !(ids.contains(Mistake.doubleMean.id)
          && (ids.contains(Mistake.missingMean.id) || ids.contains(Mistake.sumForMean.id))),
        holdsElsewhere(ids)
      else { return }
      let used = usedSteps(pass)
      let isPlausible = changes.keys.allSatisfy { !used.contains($0) }
      let known = result.findings.firstIndex { $0.ids == ids }
      if let known, result.findings[known].isPlausible || !isPlausible { return }
      let equations = changes.keys.sorted().map { step in
        let right = pass.steps[step]
        return (wrong: Equation(right.name, changes[step] ?? right.expression), right: right)
      }
      // The same equations by another name are the same mistake: here the sum is taken for the mean in one place.
      let wrong = equations.map(\.wrong)
      if twins.contains(ids) { return }
      if let twin = result.findings.firstIndex(where: { $0.ids != ids && $0.equations.map(\.wrong) == wrong })
      {
        twins.insert(ids)
        result.findings[twin].twins += ids.filter { !result.findings[twin].ids.contains($0) }
        return
      }
      let finding = Finding(ids: ids, equations: equations, isPlausible: isPlausible)
      if let known { result.findings[known] = finding } else { result.findings.append(finding) }
    }

    /// Backward steps that a formula takes over as they are, with all that leads to them.
    func usedSteps(_ pass: MistakePass) -> Set<Int> {
      guard var needed = answer.formula.map({ Set($0.names) }) else { return [] }
      var result: Set<Int> = []
      for index in (pass.forwardCount..<pass.steps.count).reversed()
      where index != pass.target && needed.contains(pass.steps[index].name) {
        result.insert(index)
        needed.formUnion(pass.steps[index].expression.names)
      }
      return result
    }

    /// Every single mistake that has an effect; those that explain the answer are reported.
    mutating func singles(_ pass: MistakePass, _ known: Trials?) -> [Candidate] {
      let trials = known ?? Trials(pass, mistakes)
      for (what, why) in trials.untried where !result.untried.contains(where: { $0.what == what }) {
        result.untried.append((what, why))
      }
      let candidates = trials.candidates.filter { isAdmitted($0.edit) }
      for candidate in candidates where matches(candidate.value, pass) {
        let ids = [candidate.mistake.id]
        if isConfirmed(candidate.edit.changes, pass, ids) { report(ids, candidate.edit.changes, pass) }
      }
      return candidates
    }

    /// Mistakes in what is made of the target.
    mutating func updates(_ pass: MistakePass, _ following: Following) {
      guard let right = following.equations.last else { return }
      for mistake in Mistake.all {
        for equations in mistake.updating(pass, following.equations) where equations != following.equations {
          let other = Following(equations)
          func isGiven(_ pass: MistakePass, _ answer: GivenValue) -> Bool {
            selecting(pass.rightValue, pass, other).map(answer.matches) ?? false
          }
          guard let wrong = equations.last, isGiven(pass, answer),
            confirmations.allSatisfy({ confirmation in
              (try? pass.revalued(confirmation.leaves)).map { isGiven($0, confirmation.answer) } ?? false
            }), !result.findings.contains(where: { $0.ids == [mistake.id] })
          else { continue }
          let changed = zip(equations, following.equations).filter { $0 != $1 }.map { (wrong: $0, right: $1) }
          result.findings.append(
            Finding(
              ids: [mistake.id], equations: changed.isEmpty ? [(wrong: wrong, right: right)] : changed,
              isPlausible: true))
        }
      }
    }

    /// Two at once: in different equations, or the second within the equation that the first has changed.
    mutating func pairs(
      _ pass: MistakePass, _ all: [Candidate], _ budget: inout Int, _ pairs: inout Int
    ) {
      // Mistakes that cannot be told apart alone are tried once, and told apart again where they explain.
      var groups: [[Candidate]] = []
      for candidate in all where !Interruption.isRequested {
        if let index = groups.firstIndex(where: { $0[0].value.isClose(to: candidate.value) }) {
          groups[index].append(candidate)
        } else {
          groups.append([candidate])
        }
      }
      let edits = groups.map { $0[0] }
      let costs = edits.map { pass.cost(of: $0.edit.changes) }
      for (i, first) in edits.enumerated() {
        for (j, second) in edits.enumerated().dropFirst(i + 1) {
          guard budget > 0, pairs > 0, !Interruption.isRequested else { return }
          guard let changes = first.edit.merged(second.edit) else { continue }
          pairs -= 1
          budget -= costs[i] + costs[j]
          let ids = [first.mistake.id, second.mistake.id]
          guard let value = value(pass, changes, ids), matches(value, pass), !value.isClose(to: first.value),
            !value.isClose(to: second.value)
          else { continue }
          report(groups[i], groups[j], pass)
        }
        for (step, right) in first.edit.changes {
          for mistake in mistakes where mistake.id != first.mistake.id {
            guard case .inOneEquation(let make) = mistake.making else { continue }
            for other in make(pass, step, right) {
              guard budget > 0, pairs > 0, !Interruption.isRequested else { return }
              var changes = first.edit.changes
              changes[step] = other
              pairs -= 1
              budget -= costs[i]
              let made = [first.mistake.id, mistake.id]
              guard let value = value(pass, changes, Self.inOrder(made)), matches(value, pass),
                !value.isClose(to: first.value)
              else { continue }
              let ids = Self.inOrder(made)
              guard isConfirmed(changes, pass, ids) else { continue }
              report(ids, changes, pass)
              for twin in groups[i].dropFirst() { reportSameStep(twin, mistake, make, pass) }
            }
          }
        }
      }
    }

    /// Mistakes made alike in several equations; those that explain the answer alone are reported.
    mutating func repeated(_ pass: MistakePass) -> [Candidate] {
      let right = pass.rightValue
      var result: [Candidate] = []
      for mistake in mistakes {
        for edit in mistake.repeatedEdits(in: pass) where !Interruption.isRequested && isAdmitted(edit) {
          guard let value = value(pass, edit.changes, [mistake.id]), !value.isClose(to: right) else {
            continue
          }
          if matches(value, pass) { report([mistake.id], edit.changes, pass) }
          result.append(Candidate(mistake: mistake, edit: edit, value: value))
        }
      }
      return result
    }

    /// Three at once, each in equations of its own.
    mutating func threes(
      _ pass: MistakePass, _ all: [Candidate], _ budget: inout Int, _ threes: inout Int
    ) {
      guard result.findings.isEmpty else { return }
      var different: [Candidate] = []
      for candidate in all where !different.contains(where: { $0.value.isClose(to: candidate.value) }) {
        different.append(candidate)
      }
      let costs = different.map { pass.cost(of: $0.edit.changes) }
      for (i, first) in different.enumerated() {
        for (j, second) in different.enumerated().dropFirst(i + 1)
        where second.mistake.id != first.mistake.id {
          guard let two = first.edit.merged(second.edit) else { continue }
          for (k, third) in different.enumerated().dropFirst(j + 1)
          where third.mistake.id != first.mistake.id && third.mistake.id != second.mistake.id {
            guard budget > 0, threes > 0, !Interruption.isRequested else { return }
            guard let changes = MistakeEdit(two).merged(third.edit) else { continue }
            threes -= 1
            budget -= Swift.max(costs[i], costs[j], costs[k])
            let ids = [first.mistake.id, second.mistake.id, third.mistake.id]
            guard let value = value(pass, changes, ids), matches(value, pass) else { continue }
            report(Self.inOrder(ids), changes, pass)
          }
        }
      }
    }

    /// Of two groups that look alike, every pair that explains the answer.
    mutating func report(_ first: [Candidate], _ second: [Candidate], _ pass: MistakePass) {
      for a in first.prefix(12) {
        for b in second.prefix(12) where a.mistake.id != b.mistake.id {
          let ids = Self.inOrder([a.mistake.id, b.mistake.id])
          guard let changes = a.edit.merged(b.edit), let value = value(pass, changes, ids),
            matches(value, pass),
            isConfirmed(changes, pass, ids)
          else { continue }
          report(ids, changes, pass)
        }
      }
    }

    /// The same second mistake on top of one that alone looks like the first.
    mutating func reportSameStep(
      _ first: Candidate, _ second: Mistake, _ make: (MistakePass, Int, Expression) -> [Expression],
      _ pass: MistakePass
    ) {
      guard first.mistake.id != second.id else { return }
      for (step, right) in first.edit.changes {
        for other in make(pass, step, right) {
          var changes = first.edit.changes
          changes[step] = other
          let ids = Self.inOrder([first.mistake.id, second.id])
          guard let value = value(pass, changes, ids), matches(value, pass), isConfirmed(changes, pass, ids)
          else {
            continue
          }
          return report(ids, changes, pass)
        }
      }
    }

    static func inOrder(_ ids: [String]) -> [String] { Mistake.all.map(\.id).filter(ids.contains) }
  }
}

extension MistakeEdit {
  /// Both, when they concern different equations.
  func merged(_ other: MistakeEdit) -> [Int: Expression]? {
    guard changes.keys.allSatisfy({ other.changes[$0] == nil }) else { return nil }
    return changes.merging(other.changes) { first, _ in first }
  }
}
