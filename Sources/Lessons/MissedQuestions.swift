import Platform
import Sessions

/// Questions that were missed and come back after a day, three, a week, two and a month, each time that they are
/// answered: a small text file, a line for each, its fields between tabs. As with the progress of lessons, a file that
/// cannot be read or written is no error.
struct MissedQuestions {
  struct Question: Equatable {
    var lesson: String
    /// From 0.
    var number: Int
    /// How often it was answered since it was missed.
    var answered: Int
    /// The day it comes back, counted from 1 January 1970.
    var day: Int
  }

  enum Event { case missed, answered }

  private static let days = [1, 3, 7, 14, 30]
  private(set) var all: [Question] = []
  let today: Int

  init(_ workspace: Workspace) {
    today = Int(time(nil)) / 86_400
    guard let path = Self.path(workspace), let text = try? FileAccess.read(path) else { return }
    for line in text.split(separator: "\n").prefix(10_000) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 4, let number = Int(fields[1]), let answered = Int(fields[2]),
        let day = Int(fields[3]),
        (0..<10_000).contains(number), (0...Self.days.count).contains(answered)
      else { continue }
      all.append(Question(lesson: String(fields[0]), number: number, answered: answered, day: day))
    }
  }

  /// Those that come back today, the longest missed first.
  var due: [Question] { all.filter { $0.day <= today }.sorted { $0.day < $1.day } }

  static func note(_ event: Event, _ lesson: String, _ number: Int, in workspace: Workspace) {
    guard let path = path(workspace), workspace.outside.isInteractive else { return }
    var missed = MissedQuestions(workspace)
    missed.note(event, lesson, number)
    let lines = missed.all.map { "\($0.lesson)\t\($0.number)\t\($0.answered)\t\($0.day)\n" }
    try? FileAccess.write(lines.joined(), to: path, links: .followed)
  }

  mutating func note(_ event: Event, _ lesson: String, _ number: Int) {
    let place = all.firstIndex { $0.lesson == lesson && $0.number == number }
    switch (event, place) {
    case (.missed, let place?): (all[place].answered, all[place].day) = (0, today + Self.days[0])
    case (.missed, nil):
      all.append(Question(lesson: lesson, number: number, answered: 0, day: today + Self.days[0]))
    case (.answered, let place?) where all[place].day <= today:
      let answered = all[place].answered + 1
      if answered < Self.days.count {
        (all[place].answered, all[place].day) = (answered, today + Self.days[answered])
      } else {
        all.remove(at: place)
      }
    case (.answered, _): break
    }
  }

  private static func path(_ workspace: Workspace) -> String? {
    workspace.outside.stateDirectory.map { $0 + "/missed" }
  }
}
