import Commands
import Explanations
import Formulas
import Sessions

/// Mistakes that are planted in the backward pass, and how far the hunt for them is. Part of the session, so that `undo`
/// takes an accusation back.
package struct HuntState: Withholding {
  package enum Level: String, Sendable, CaseIterable { case easy, hard }

  package let level: Level
  package private(set) var open: [Plant]
  package private(set) var found: [Plant] = []
  /// Accusations that were wrong.
  package private(set) var misses = 0
  /// How often a hunt was begun in this session, so that the next one hides something else.
  package let round: Int

  package init(_ plants: [Plant], level: Level, round: Int) {
    open = plants
    self.level = level
    self.round = round
  }

  package var isOver: Bool { open.isEmpty }

  package mutating func noteMiss() { misses += 1 }

  /// What was found is computed rightly again.
  package mutating func noteFound(_ plant: Plant) {
    open.removeAll { $0 == plant }
    found.append(plant)
  }

  package mutating func giveUp() { open = [] }

  package var hidden: Set<String> { [] }
  package var planted: [String: Expression] {
    Dictionary(open.map { ($0.step, $0.wrong) }, uniquingKeysWith: { first, _ in first })
  }

  /// What would compare the planted value with the right one, or take it out of the session.
  private static let heldBack: [any Command.Type] = [
    CheckCommand.self, CompareCommand.self, ExportCommand.self, SaveCommand.self, TrainCommand.self,
    ReviewCommand.self, PracticeCommand.self, FusedCommand.self, CostCommand.self,
  ]

  package func holdsBack(_ command: any Command.Type, _ access: CommandAccess) -> Bool {
    !isOver && Self.heldBack.contains { $0.name == command.name }
  }

  package var reason: String { "the hunt is on" }
  package var place: String? { isOver ? nil : "hunt \(found.count)/\(found.count + open.count)" }
  package func refusal(of name: String) -> Diagnostic? { nil }
  package func isAnswer(_ text: String) -> Bool { false }

  package func refusal(ofCommand name: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      "'\(name)' waits until the hunt is over", at: [range],
      hint:
        "gradcheck, why, show and derive tell what the pass computes; 'accuse NAME MISTAKE' ends it, 'hunt off' gives up"
    )
  }
}

extension Session {
  /// The hunt that is on, or over with its score; nil before the first.
  package var hunt: HuntState? { withheld as? HuntState }
}
