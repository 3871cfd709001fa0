import Formulas
import LinearAlgebra
import Platform
import Sessions

/// What came back, and from whom. A file that is damaged or says that it is somebody else's costs one mark and is named.
struct HandedIn {
  enum Source: Sendable {
    case file(String)
    case row(Answers, file: String)

    var file: String {
      switch self {
      case .file(let file), .row(_, let file): file
      }
    }
  }

  /// By the student's position in the list.
  private(set) var sources: [Int: [Source]] = [:]
  private(set) var problems: [String] = []
  private let students: [Student]
  /// Where the marks are written, which are no answers.
  private let out: String
  private let byID: [String: Int]
  private let byFile: [String: Int]

  init(_ students: [Student], out: String) {
    self.students = students
    self.out = FileAccess.absolute(out)
    let ids = students.enumerated().map { (Student.key($1.id), $0) }
    // What two have in common names neither.
    let aliases = Dictionary(
      students.enumerated().flatMap { index, student in student.aliases.map { (Student.key($0), [index]) } },
      uniquingKeysWith: +)
    byID = Dictionary(
      ids + aliases.compactMap { $1.count == 1 ? ($0, $1[0]) : nil }, uniquingKeysWith: { a, _ in a })
    byFile = Dictionary(
      students.enumerated().map { ($1.file.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
  }

  mutating func add(_ path: String, depth: Int = 0) throws(Diagnostic) {
    try Interruption.check()
    // In an archive that a student made it may lead anywhere, back to all the others too.
    guard depth == 0 || !Self.isLink(path) else {
      problems.append(MarkWords.clean("\(path): it is a link, and is not followed"))
      return
    }
    guard OutputFolder.isFolder(path) else { return try read(path, isNamed: depth == 0) }
    // What 'assign' and 'grade' have written themselves.
    guard depth < 4, depth == 0 || !["teacher", "marks"].contains(Self.last(path)) else { return }
    guard FileAccess.absolute(path) != out else {
      guard depth == 0 else { return }
      throw Diagnostic(
        "the marks would stand among the answers, in '\(path)'", hint: "--out names another folder")
    }
    for name in FileAccess.list(path) { try add(path + "/" + name, depth: depth + 1) }
  }

  /// - Parameter isNamed: it was asked for, and is not only in a folder with others.
  private mutating func read(_ path: String, isNamed: Bool) throws(Diagnostic) {
    let ending = Self.last(path).split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard ["md", "json", "csv"].contains(ending) else {
      if isNamed { problems.append("\(path): answers are .md, .csv or .json") }
      return
    }
    for answers in Self.answers(in: path, { byID[Student.key($0)] != nil }) {
      let owner = self.owner(of: path)
      let claimed = answers.student.flatMap { byID[Student.key($0)] }
      guard let student = claimed ?? (answers.student == nil || ending == "md" ? owner : nil) else {
        let who =
          answers.student.map { "'\($0.prefix(60))' is no student of the list" } ?? answers.problem
          ?? "it does not say whose it is"
        problems.append(MarkWords.clean("\(path): \(who)"))
        continue
      }
      if ending != "csv", let owner, owner != student {
        problems.append(
          MarkWords.clean(
            "\(path): it is named for \(students[owner].id) and says that it is by \(students[student].id): not counted"
          ))
        continue
      }
      sources[student, default: []].append(ending == "csv" ? .row(answers, file: path) : .file(path))
    }
  }

  /// Something else for the teacher to look at.
  mutating func note(_ problem: String) { problems.append(problem) }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func last(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Whose name a file has.
  private func owner(of path: String) -> Int? {
    let name = Self.last(path)
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return byFile[stem.lowercased()]
      ?? (stem.hasPrefix("answers-") ? byFile[stem.dropFirst("answers-".count).lowercased()] : nil)
  }

  /// - Returns: one for each student in it; with a problem where it cannot be read.
  static func answers(in path: String, _ isStudent: (String) -> Bool) -> [Answers] {
    let isTable = path.lowercased().hasSuffix(".csv")
    let limit = isTable ? Answers.longestTable : Answers.longestFile
    guard let bytes = FileAccess.bytes(of: path, limit + 1) else {
      return [Answers(problem: "it cannot be read")]
    }
    guard bytes.count <= limit else { return [Answers(problem: "it is larger than \(limit >> 20) MiB")] }
    let text = TextBytes.text(bytes)
    guard !text.allSatisfy(\.isWhitespace) else { return [Answers(problem: "it is empty")] }
    guard !text.utf8.contains(0) else { return [Answers(problem: "it is no text")] }
    if path.lowercased().hasSuffix(".json") { return Answers.json(Array(text.utf8)) }
    return isTable ? Answers.table(text, isStudent) : [Answers.markdown(text)]
  }

  /// The answers that count for a student; nil where there are none, with a reason where there are too many; and what is
  /// to be looked at.
  func answers(of student: Int) -> (answers: Answers?, reason: String, problems: [String]) {
    let all = sources[student] ?? []
    guard let last = all.last else { return (nil, "nothing handed in", []) }
    var problems: [String] = []
    let own = all.filter { owner(of: $0.file) == student }
    let files = Set(all.map(\.file))
    guard files.count == 1 || own.count == 1 else {
      let reason = "several files are by \(students[student].id): \(files.sorted().joined(separator: ", "))"
      problems.append(MarkWords.clean(reason + ": none counted"))
      return (nil, "several files", problems)
    }
    let source = own.count == 1 ? own[0] : last
    if files.count > 1 {
      problems.append(
        MarkWords.clean(
          "\(files.subtracting([source.file]).sorted().joined(separator: ", ")): by \(students[student].id) too, not counted"
        ))
    } else if all.count > 1 {
      problems.append(
        MarkWords.clean("\(source.file): several answers by \(students[student].id), the last counts"))
    }
    let answers: Answers
    switch source {
    case .row(let row, _): answers = row
    case .file(let path):
      let found = Self.answers(in: path) { byID[Student.key($0)] != nil }
      answers =
        found.last { $0.student.flatMap { byID[Student.key($0)] } == student }
        ?? (found.count == 1 ? found[0] : Answers(problem: "it is gone"))
    }
    if let problem = answers.problem {
      problems.append(MarkWords.clean("\(source.file), by \(students[student].id): \(problem)"))
      return (nil, "damaged: \(problem)", problems)
    }
    return (answers, "", problems)
  }
}
