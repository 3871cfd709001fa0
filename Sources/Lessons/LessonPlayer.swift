import Formulas
import Operations
import Reports
import Sessions

/// Shows a lesson page by page, its commands run for real.
enum LessonPlayer {
  /// - Parameter question: the number of an exercise to go to, from 1.
  static func start(
    file: String, name: String? = nil, question: Int? = nil, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let (lesson, faults) = LessonParser.parse(try FileAccess.read(file))
    guard faults.isEmpty || !lesson.blocks.isEmpty else {
      throw Diagnostic("'\(file)' is no lesson: \(faults.first?.message ?? "it is empty")")
    }
    guard !lesson.pages.isEmpty else { throw Diagnostic("'\(file)' is empty") }
    let name = name ?? LessonLibrary.name(of: file)
    let before = workspace.lesson?.before ?? [workspace]
    let saved = LessonProgress.read(workspace)[name]
    var play = LessonPlay(
      lesson: lesson, name: name,
      states: [
        LessonRunner.workspace(lesson, commands: workspace.commands, width: workspace.outside.width)
      ],
      before: before)
    play.solved = (saved?.solved ?? []).filter { $0 < lesson.exercises.count }
    // Up to the page before the one that was looked at, silently; that one is shown again.
    var place = min(saved?.position ?? 0, play.pageCount)
    if let question {
      let pages = lesson.pages.indices.filter { page in lesson.exercise(ofPage: page) != nil }
      guard pages.indices.contains(question - 1) else {
        throw Diagnostic("'\(name)' has \(pages.count) exercise\(pages.count == 1 ? "" : "s")")
      }
      place = pages[question - 1] + 1
    }
    let isResumed = place > 1 && (place < play.pageCount || question != nil)
    if isResumed { while play.position < place - 1 { _ = advance(&play) } }
    var report = Report()
    if isResumed, question == nil {
      report.note("\(lesson.title): taken up where you left; 'lesson restart' begins again")
    }
    report.append(show(&play, in: &workspace))
    return report
  }

  static func next(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var play = workspace.lesson else { throw noLesson }
    guard play.position < play.pageCount else { return end(play, workspace) }
    var report = Report()
    if play.asks, let exercise = play.exercise?.exercise {
      if play.waits, let word = WordAnswer(exercise) {
        throw Diagnostic(
          "say first what you expect: \(word.forms)", hint: "'reveal' tells, and then the lesson goes on")
      }
      report.note("the exercise stays open: 'back' returns to it")
    }
    report.append(show(&play, in: &workspace))
    return report
  }

  static func back(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var play = workspace.lesson else { throw noLesson }
    guard play.position > 1 else { throw Diagnostic("this is the first page of the lesson") }
    play.position -= 2
    play.states.removeLast(min(2, play.states.count - 1))
    return show(&play, in: &workspace)
  }

  static func restart(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard var play = workspace.lesson else { throw noLesson }
    play.position = 0
    play.states.removeLast(play.states.count - 1)
    return show(&play, in: &workspace)
  }

  static func leave(_ workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard let play = workspace.lesson else { throw noLesson }
    if let before = play.before.first { workspace.adopt(before) }
    workspace.lesson = nil
    return Report([
      .text(
        "left '\(play.name)' at step \(play.position) of \(play.pageCount); your own session is back: \(workspace.session.place)",
        style: .note)
    ])
  }

  static var noLesson: Diagnostic {
    Diagnostic("no lesson is open", hint: "'lessons' lists them, 'load NAME' starts one")
  }

  // MARK: Pages

  fileprivate static func show(_ play: inout LessonPlay, in workspace: inout Workspace) -> Report {
    var report = advance(&play)
    play.hintsShown = 0
    if let state = play.states.last { workspace.adopt(state) }
    if let exercise = play.exercise?.exercise, exercise.kind == .hunt, play.asks,
      let hunt = try? LessonHunt.planted(exercise, in: workspace.session)
    {
      workspace.session.withhold(hunt)
    }
    let place = "step \(play.position) of \(play.pageCount)"
    if let (number, exercise) = play.exercise {
      let passes = exercise.waits ? "" : ", Enter to pass by"
      report.note(
        play.solved.contains(number)
          ? "(\(place); answered already; Enter goes on)"
          : "(\(place); type your answer, or 'hint', 'reveal'\(passes))")
    } else if play.position < play.pageCount {
      report.note("(\(place); Enter goes on)")
    } else {
      report.append(end(play, workspace))
    }
    workspace.lesson = play
    LessonProgress.note(play, workspace)
    return report
  }

  private static func end(_ play: LessonPlay, _ workspace: Workspace) -> Report {
    var report = Report()
    let count = play.lesson.exercises.count
    let exercises = count == 0 ? "" : "; \(play.solved.count) of \(count) exercises answered"
    report.note("(the end of '\(play.name)'\(exercises))")
    guard play.origins.isEmpty else {
      report.note("'lesson leave' gives your own session back")
      return report
    }
    let all = LessonLibrary.all(workspace.outside.lessonDirectories).map(\.name)
    let following = all.firstIndex(of: play.name).flatMap { $0 + 1 < all.count ? all[$0 + 1] : nil }
    report.note(
      "'lesson leave' gives your own session back\(following.map { ", 'load \($0)' goes on with the next lesson" } ?? "")"
    )
    return report
  }

  /// Runs the next page and moves behind it.
  fileprivate static func advance(_ play: inout LessonPlay) -> Report {
    var report = Report()
    let pages = play.lesson.pages
    guard pages.indices.contains(play.position), var state = play.states.last else { return report }
    if play.origins.indices.contains(play.position) { state = play.origins[play.position].state }
    for index in pages[play.position] {
      // Paragraphs stand apart; the first line of a page stands below the prompt.
      if index > pages[play.position].lowerBound { separate(&report, play.lesson, index) }
      add(play.lesson.blocks[index].content, to: &report, &state)
    }
    play.states.append(state)
    play.position += 1
    return report
  }

  private static func separate(_ report: inout Report, _ lesson: Lesson, _ index: Int) {
    if case .item = lesson.blocks[index].content, case .item = lesson.blocks[index - 1].content { return }
    report.add(.blank)
  }

  private static func add(_ content: Lesson.Content, to report: inout Report, _ state: inout Workspace) {
    switch content {
    case .heading(let text): report.say("\(Markdown.plain(text))", .heading)
    case .prose(let text): report.explain("\(Markdown.plain(text))")
    case .item(let text): report.say("\(Markdown.plain(text))")
    case .literal(let lines): report.add(.preformatted(lines.map { "\($0)" }))
    case .transcript(let entries):
      for entry in entries {
        report.say("> \(entry.onThePage)", .formula)
        let outcomes = LessonRunner.run(entry, in: &state)
        if entry.isQuiet, outcomes.allSatisfy(\.isSuccess) { continue }
        // What the page leaves out is left out here too; a mistake never is.
        if entry.isSkipped, outcomes.allSatisfy(\.isSuccess) {
          if !outcomes.isEmpty { report.note("...") }
        } else {
          report.append(LessonRunner.report(outcomes))
        }
      }
    case .exercise(let exercise):
      for line in Markdown.paragraphs(exercise.question) { report.explain("\(Markdown.plain(line))") }
      for (letter, text) in LettersOf(exercise).lines {
        report.explain("\(letter)) \(Markdown.plain(text))", indent: 2)
      }
    }
  }
}

// MARK: Questions from several lessons

extension LessonPlayer {
  /// The prose and the exercise of a question, and the workspace as it is before its page.
  static func page(
    of number: Int, in text: String, _ workspace: Workspace
  ) -> (blocks: [Lesson.Block], state: Workspace)? {
    let lesson = LessonParser.parse(text).lesson
    let pages = lesson.pages
    let asking = pages.indices.filter { lesson.exercise(ofPage: $0) != nil }
    guard asking.indices.contains(number) else { return nil }
    var play = LessonPlay(
      lesson: lesson, name: "",
      states: [LessonRunner.workspace(lesson, commands: workspace.commands, width: workspace.outside.width)],
      before: [])
    while play.position < asking[number] { _ = advance(&play) }
    guard let state = play.states.last, let last = pages[asking[number]].last else { return nil }
    var block = lesson.blocks[last]
    if case .exercise(var exercise) = block.content {
      exercise.isAlone = true
      block.content = .exercise(exercise)
    }
    return ([block], state)
  }

  static func start(
    _ lesson: Lesson, _ origins: [(lesson: String, number: Int, state: Workspace)],
    in workspace: inout Workspace
  ) -> Report {
    let before = workspace.lesson?.before ?? [workspace]
    var play = LessonPlay(
      lesson: lesson, name: "today", states: origins.prefix(1).map(\.state), before: before)
    play.origins = origins
    return show(&play, in: &workspace)
  }
}
