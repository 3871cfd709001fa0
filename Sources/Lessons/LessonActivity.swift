import Commands
import Formulas
import Reports
import Sessions

/// An open lesson gives an empty line, a formula and `back` a meaning.
extension LessonPlay: Activity {
  package var emptyLine: String? { NextCommand.name }
  package var aside: Session? { before.first?.session }
  package var place: String? { "lesson \(position)/\(pageCount)" }
  package func isAnswer(_ text: String, in session: Session) -> Bool {
    guard asks, let exercise = exercise?.exercise else { return false }
    guard let word = WordAnswer(exercise) else {
      // Rows of numbers: the ; is theirs and ends no command.
      return text.contains(";") && AnswerText.numbers(text, isNumber: false) != nil
    }
    return word.isMeant(text, in: session)
  }
  package func refusal(of command: CommandTable.Resolved) -> Diagnostic? { nil }

  package func meaning(of command: CommandTable.Resolved) -> CommandTable.Resolved {
    let isHunt = exercise?.exercise.kind == .hunt
    // What is hunted for is no formula: one that is typed asks for its value.
    if command.type == ExpressionCommand.self, asks, !isHunt {
      return .init(AnswerCommand.self, command.line)
    }
    if command.type == AccuseCommand.self, asks, isHunt {
      return .init(AnswerCommand.self, command.line)
    }
    if command.type == BackCommand.self, isInFlow, command.line.rest.isEmpty {
      return .init(LessonCommand.self, LessonCommand.back(command.line))
    }
    return command
  }

  package var isOver: Bool { false }

  package mutating func note(_ command: any Command.Type) -> Report? {
    if command is any LessonFlow.Type || command == LoadCommand.self {
      noteFlow(true)
    } else if command != BackCommand.self {
      noteFlow(false)
    }
    return nil
  }
}
