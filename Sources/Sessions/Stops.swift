import Formulas
import LinearAlgebra
import Operations

/// Where running through a pass stops, and what is shown when it does. Part of the session, so that `undo` takes it back.
package struct Stops: Sendable, Equatable {
  package struct Item: Sendable, Equatable {
    package let number: Int
    package var kind: Kind
  }

  package enum Kind: Sendable, Equatable {
    /// Before a step; with a condition that reads the step's own value, behind it.
    case step(String, condition: Expression?)
    /// Behind the step that changes a value, and what it was.
    case change(Expression, last: Tensor?)
  }

  package struct Display: Sendable, Equatable {
    package let number: Int
    package let formula: Expression
  }

  package private(set) var items: [Item] = []
  package private(set) var displays: [Display] = []

  package var isEmpty: Bool { items.isEmpty && displays.isEmpty }

  /// - Parameter number: one that it had before, when a session is loaded; else the next behind those that are there, so
  ///   that a session that is saved and loaded counts on as it did.
  /// - Returns: its number.
  @discardableResult
  package mutating func add(_ kind: Kind, number: Int? = nil) -> Int {
    items.append(Item(number: number ?? (items.map(\.number).max() ?? 0) + 1, kind: kind))
    return items.last?.number ?? 0
  }

  @discardableResult
  package mutating func add(display formula: Expression, number: Int? = nil) -> Int {
    displays.append(Display(number: number ?? (displays.map(\.number).max() ?? 0) + 1, formula: formula))
    return displays.last?.number ?? 0
  }

  package mutating func delete(where matches: (Item) -> Bool) { items.removeAll(where: matches) }
  package mutating func undisplay(where matches: (Display) -> Bool) { displays.removeAll(where: matches) }

  package mutating func note(_ value: Tensor?, of number: Int) {
    for i in items.indices where items[i].number == number {
      if case .change(let formula, _) = items[i].kind { items[i].kind = .change(formula, last: value) }
    }
  }
}

extension Stops.Item {
  /// The step or value it is at, where that is a name.
  package var name: String? {
    switch kind {
    case .step(let name, _), .change(.name(let name), _): name
    case .change: nil
    }
  }

  /// `before dZ1 if max(abs(dZ1)) > 1`, `when max(abs(dZ1)) changes`.
  package var prose: Prose {
    switch kind {
    case .step(let name, let condition):
      condition.map { "at \(name: name) if \($0)" } ?? "before \(name: name)"
    case .change(let formula, _): "when \(formula) changes"
    }
  }

}

extension Session {
  /// Breaks, watches and displays as commands that give them their numbers; with a `?` behind what this model has no
  /// name for, which waits for one that has.
  var stopCommands: [String] {
    func waiting(_ isKnown: Bool) -> String { isKnown ? "" : " ?" }
    let items = stops.items.map { item in
      switch item.kind {
      case .step(let name, let condition):
        "break \(item.number): \(name)\(condition.map { " if \($0)" } ?? "")\(waiting(hasStep(name)))"
      case .change(let formula, let last):
        "watch \(item.number): \(formula)\(remembered(last, of: formula))\(waiting(unknownName(in: formula) == nil))"
      }
    }
    return items
      + stops.displays.map {
        "display \($0.number): \($0.formula)\(waiting(unknownName(in: $0.formula) == nil))"
      }
  }

  /// What a watch compares with, where that is not the value that there is now.
  private func remembered(_ last: Tensor?, of formula: Expression) -> String {
    guard let last else { return "" }
    let now = try? Evaluator(SessionEnvironment(self)).value(of: formula)
    return now?.isIdentical(to: last) == true ? "" : " was \(SessionScript.literal(last))"
  }

  package func hasStep(_ name: String) -> Bool {
    (try? readyProgram())?.steps.contains { $0.name == name } ?? false
  }

  /// A name of a formula that the session does not know, whether or not it would have a value.
  package func unknownName(in formula: Expression) -> String? {
    let environment = SessionEnvironment(self)
    return formula.names.first { !isKnown($0) && environment.shape(of: $0) == nil }
  }

  /// What `watch` asks for and is not what it was, one sentence each. Each is said once.
  package mutating func watchedChanges() -> [Prose] {
    var result: [Prose] = []
    for item in stops.items {
      guard case .change(let formula, let last) = item.kind,
        let value = try? Evaluator(SessionEnvironment(self)).value(of: formula)
      else { continue }
      if let last, last.isIdentical(to: value) { continue }
      stops.note(value, of: item.number)
      result.append("watch \(item.number): \(formula) \(Self.change(from: last, to: value))")
    }
    return result
  }

  private static func change(from last: Tensor?, to value: Tensor) -> Prose {
    guard let last else {
      return value.scalarValue.map { "is computed: \(figure: $0)" } ?? "is computed (\(value.shape))"
    }
    if let old = last.scalarValue, let new = value.scalarValue {
      return "was \(figure: old), is \(figure: new)"
    }
    guard last.shape == value.shape else { return "was \(last.shape), is \(value.shape)" }
    let count = zip(last.elements, value.elements).count { $0 != $1 }
    return "changed in \(count) of \(value.count) entries"
  }
}
