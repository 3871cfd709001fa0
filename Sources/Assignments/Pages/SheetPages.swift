import Explanations
import Exports
import Formulas
import Lessons
import LinearAlgebra
import Sessions

extension Sheet {
  /// The page that a student works on: it says neither what is right nor what the numbers were drawn from.
  /// - Parameter isNamed: else a line to write the name on.
  package func page(for student: Student, isNamed: Bool = true) -> Page {
    var blocks: [Page.Block] = [
      .heading(1, InlineText.inline(title)),
      .paragraph([.words("Name: \(isNamed ? student.name : String(repeating: "_", count: 30))")]),
      .paragraph([.words("Student: \(student.id)")]),
    ]
    for part in parts {
      switch part {
      case .heading(let text): blocks.append(.heading(2, InlineText.inline(text)))
      case .prose(let text): blocks.append(.paragraph(InlineText.inline(text)))
      case .item(let text):
        blocks.append(.item(InlineText.inline(text.hasPrefix("- ") ? String(text.dropFirst(2)) : text)))
      case .literal(let lines): blocks += lines.map { .paragraph([.code($0)]) }
      case .shown(let shown): blocks += shown
      case .question(let index): blocks += questions[index].blocks
      }
    }
    if questions.contains(where: { $0.exercise.kind == .hunt }) { blocks += Self.mistakeNames }
    return Page(
      title: title, origin: "An assignment, written by stepgrad's 'assign'.", student: student.id,
      blocks: blocks)
  }

  private static var mistakeNames: [Page.Block] {
    [.heading(2, [.words("The names of mistakes")])]
      + Mistake.all.map { .item([.code($0.id), .words(": \($0.explanation)")]) }
  }

  /// The worked solution, for the teacher: it names nobody.
  package func key(for student: Student, _ memory: inout Solution.Memory) throws(Diagnostic) -> Page {
    var blocks: [Page.Block] = [
      .heading(1, InlineText.inline(title)),
      .paragraph([.words("The key for \(student.id). \(Worth.text(points)) points.")]),
    ]
    for question in questions { blocks += try question.solution() }
    var known: [Session] = []
    for question in questions {
      var session = question.session
      let isKnown = known.contains { other in
        other.model.equations == session.model.equations && other.leaves.count == session.leaves.count
          && other.leaves.allSatisfy { session.leaves[$0.key]?.isIdentical(to: $0.value) == true }
      }
      guard !isKnown, case .success = session.program else { continue }
      known.append(session)
      session.withhold(nil)
      blocks += try Solution(FinishedPass(session), &memory).blocks
    }
    return Page(
      title: title, origin: "The key of an assignment, written by stepgrad's 'assign'.", blocks: blocks)
  }
}

extension AssignedQuestion {
  var title: String {
    "Question \(number) (\(Worth.text(worth.points)) point\(worth.points == 1 ? "" : "s"))"
  }

  /// The question and room for its answer.
  fileprivate var blocks: [Page.Block] {
    var blocks: [Page.Block] = [.heading(3, [.words(title)])]
    blocks += Markdown.paragraphs(exercise.question).map { .paragraph(InlineText.inline($0)) }
    if let digits = worth.digits, exercise.kind == .value {
      blocks.append(
        .paragraph([
          .words(
            digits == 0 ? "Round to whole numbers." : "Round to \(digits) decimal\(digits == 1 ? "" : "s").")
        ]))
    }
    for (letter, text) in LettersOf(exercise).lines {
      blocks.append(.item([.words("\(letter)) ")] + InlineText.inline(text)))
    }
    if let right, right.rank > 2 {
      // Its extents may be asked for elsewhere.
      blocks.append(.paragraph([.words("Its matrices, one under the other.")]))
    }
    switch exercise.kind {
    case .sign: blocks.append(.paragraph([.words("positive, negative or zero")]))
    case .order: blocks.append(.paragraph([.words("the letters in their order")]))
    case .hunt: blocks.append(.paragraph([.words("the line and the mistake, for example: dW2 transposed")]))
    case .value, .shape, .equation, .choice, .predict: break
    }
    return blocks + [.gaps(gaps)]
  }

  /// The answer, and where it comes from.
  fileprivate func solution() throws(Diagnostic) -> [Page.Block] {
    var blocks: [Page.Block] = [.heading(2, [.words(title)])]
    let writer = MathWriter(SessionEnvironment(session), session.naming)
    if let right {
      let formula = try AnswerText.formula(
        exercise.answer, at: 0, of: exercise.answer, naming: session.naming
      ).expression
      let named = name.map { [$0.node, .sign("=")] } ?? []
      blocks.append(.value(.row(named + [writer.written(formula)]), right))
    } else if let shape {
      blocks.append(.paragraph([.words("\(shape)")]))
    } else if exercise.kind == .hunt {
      blocks.append(.paragraph([.code(exercise.answer)]))
    } else {
      let report = try exercise.revealed(in: session)
      blocks += MarkWords.of(report, session.naming).map { .paragraph(InlineText.inline($0)) }
    }
    if let right = exercise.right, self.right != nil || shape != nil {
      blocks.append(.paragraph(InlineText.inline(right)))
    }
    return blocks
  }
}
