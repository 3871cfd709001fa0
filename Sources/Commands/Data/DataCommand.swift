import DataSets
import Formulas
import Operations
import Reports
import Sessions

package enum DataCommand: Command, ChangesValues {
  package static let name = "data"
  package static let shortForms: [String] = []
  package static let usage = "data [NAME [files] [option=value]… | show [N…] | off]"
  package static let summary = "load a data set: X and Y become its first batch"
  package static let help =
    DataSets.all.map { "data \($0.usage): \($0.summary)." } + [
      "Every set takes "
        + DataSets.commonOptions.map { "\($0.name)=\($0.placeholder) (\($0.summary))" }.joined(
          separator: ", ")
        + ". batch=N is the number of rows of a batch."
    ] + ownOptions + [
      "data alone tells what is loaded; data show 3 shows row 3 (images are drawn), data show test 3 a row of the test part, ascii behind it draws with plain characters; data off forgets the set and keeps X and Y. 'batch' chooses other rows for stepping, 'shuffle' their order.",
      "A class becomes a one-hot row; with two classes and one output it is a column of 0 and 1.",
    ]
  package static let group = CommandGroup.train
  package static let examples = ["data digits", "data moons; plot data"]
  package static let related = ["batch", "shuffle", "train"]
  package static let access = CommandAccess.asTyped { line in
    line.words.first.flatMap { DataSets.named($0.text) }?.opensFiles == true ? .files : .values
  }
  package static let completes = CompletionKind.byPlace { before, _ in
    guard let first = before.first else { return .words(DataSets.all.map(\.name) + ["show", "off"]) }
    guard let entry = DataSets.named(first) else { return first == "show" ? .words(["test"]) : .nothing }
    // What a set reads stands in capitals, its files before its options.
    let files = entry.usage.split(separator: " ").dropFirst().filter { !$0.contains("=") }.count
    let given = before.dropFirst().filter { !$0.contains("=") }.count
    let options = (entry.options + DataSets.commonOptions).map { $0.name + "=" } + ["batch="]
    return entry.opensFiles && given < max(1, files) && given == before.count - 1 && files > 0
      ? .files : .words(options)
  }

  private static let ownOptions: [String] = DataSets.all.filter { !$0.options.isEmpty }.map { entry in
    "\(entry.name): "
      + entry.options.map { "\($0.name)=\($0.placeholder) (\($0.summary))" }.joined(separator: ", ") + "."
  }

  /// A toy set of at most this many rows is one batch.
  private static let wholeSet = 200

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    guard let first = words.first else { return try DataDescription.report(workspace.session) }
    switch first.text {
    case "show":
      return try DataDescription.show(
        Array(words.dropFirst()), line, usage: usage, workspace.session)
    case "off":
      workspace.session.data = nil
      return Report([.text("no data set is loaded now; X and Y are kept", style: .note)])
    default: return try load(first, line, &workspace)
    }
  }

  private static func load(
    _ name: CommandLine.Word, _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard let entry = DataSets.named(name.text) else {
      let names = DataSets.all.map(\.name)
      throw Diagnostic(
        "there is no data set '\(name.text.prefix(40))'", at: [name.range],
        hint: Suggestions.nearest(to: name.text, in: names + ["show", "off"]).map { "did you mean \($0)?" }
          ?? (looksLikeFile(name.text)
            ? "say what kind of file it is: data csv \(name.text)"
            : "there are \(names.joined(separator: ", "))"))
    }
    var arguments = DataArguments()
    var batchSize: Int?
    let known = Set((entry.options + DataSets.commonOptions).map(\.name) + ["batch"])
    for word in fileWords(line).dropFirst() {
      if let (key, value) = option(word.text) {
        guard known.contains(key) else {
          let options = known.sorted()
          throw Diagnostic(
            "\(entry.name) has no option '\(key)'", at: [word.range],
            hint: Suggestions.nearest(to: key, in: options).map { "did you mean \($0)=?" }
              ?? "its options are \(options.joined(separator: ", "))")
        }
        if key == "batch" {
          batchSize = try BatchWords.size(value, at: word.range)
        } else {
          arguments.options[key] = value
        }
      } else {
        arguments.files.append(FileAccess.expand(word.text.unquoted))
      }
    }
    let set: DataSet
    do { set = try Self.set(entry, &arguments, workspace.session) } catch {
      var diagnostic = error.diagnostic
      if error.path == nil { diagnostic.marks = [name.range] }
      throw diagnostic
    }
    let size = batchSize ?? usualBatch(set)
    workspace.session.data = DataState(set, batchSize: size)
    workspace.session.data?.source = source(line, arguments)
    let form = BatchForm.fitting(workspace.session.openToRows, set)
    let rows = Array(workspace.session.data?.nextRows() ?? [])
    workspace.session.choose(rows, form: form)
    var report = Report()
    DataDescription.describe(workspace.session, &report)
    report.note(BatchWords.text(workspace.session))
    if form == nil { report.note(DataDescription.advice(workspace.session, set)) }
    return report
  }

  /// The set with its targets as the present model takes them: whole numbers are classes, unless its loss is that of a
  /// regression.
  private static func set(
    _ entry: DataSetEntry, _ arguments: inout DataArguments, _ session: Session
  ) throws(DataError) -> DataSet {
    let found = try DataSets.load(entry.name, arguments)
    guard entry.options.contains(where: { $0.name == kindOption }), arguments.options[kindOption] == nil,
      arguments.options[countOption] == nil, let function = session.roles.loss?.function,
      let loss = Operation.loss(function)?.loss
    else { return found }
    let options: [String: String]
    switch found.labels {
    case .classes(_, let names)
    where !loss.isClassification && names != ["0", "1"] && names.allSatisfy { Double($0) != nil }:
      options = [kindOption: "regression"]
    case .values(let values)
    where loss.isClassification && values.shape.columns == 1
      && values.elements.allSatisfy({ $0 == $0.rounded() })
      && Set(values.elements).count <= Labels.mostAutomaticClasses:
      options = [kindOption: "classes"]
    case .classes, .values: options = [:]
    }
    // A test part may lack a class that the model has: its numbers are those of the model's outputs.
    var counted = options
    if loss.isClassification, let names = session.roles.fed,
      let width = BatchForm.Leaf(names.target, in: session)?.width, width > 1
    {
      counted = [countOption: "\(width)"]
    }
    if options.isEmpty, BatchForm.fitting(session, found) != nil { return found }
    for extra in [options, counted] where !extra.isEmpty {
      var other = arguments
      other.options.merge(extra) { typed, _ in typed }
      // Labels that are no such classes are what they were without the option.
      guard let set = try? DataSets.load(entry.name, other), BatchForm.fitting(session, set) != nil else {
        continue
      }
      arguments = other
      return set
    }
    if loss.isClassification, !options.isEmpty {
      arguments.options.merge(options) { typed, _ in typed }
      return try DataSets.load(entry.name, arguments)
    }
    return found
  }

  private static let countOption = "classes"
  private static let kindOption = "kind"

  /// What was typed, with files as they are found from any folder, and how its targets were read.
  private static func source(_ line: CommandLine, _ arguments: DataArguments) -> String {
    let words = fileWords(line)
    var options = words.dropFirst().filter { option($0.text) != nil }.map(\.text)
    for name in [kindOption, countOption] where !options.contains(where: { option($0)?.0 == name }) {
      if let value = arguments.options[name] { options.append("\(name)=\(value)") }
    }
    let paths = arguments.files.map { "\"" + FileAccess.absolute($0) + "\"" }
    return ([words.first?.text ?? ""] + paths + options).joined(separator: " ")
  }

  private static func usualBatch(_ set: DataSet) -> Int {
    if set.trainingCount <= wholeSet, set.features <= 8 { return max(1, set.trainingCount) }
    return set.trainingCount > 10_000 ? 64 : min(32, max(1, set.trainingCount))
  }

  private static func looksLikeFile(_ text: String) -> Bool { text.contains(".") || text.contains("/") }

  private static func option(_ text: String) -> (String, String)? {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
      text[..<equals].allSatisfy({ $0.isLetter || $0 == "_" })
    else { return nil }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// Words in which quotation marks hold a file's name with blanks together.
  static func fileWords(_ line: CommandLine) -> [CommandLine.Word] {
    var result: [CommandLine.Word] = []
    var start: Int?
    var quote: Character?
    let characters = Array(line.rest)
    func add(_ range: Range<Int>) {
      result.append(
        .init(
          text: String(characters[range]),
          range: line.offset + range.lowerBound..<line.offset + range.upperBound))
    }
    for (i, c) in characters.enumerated() {
      if quote == nil, c == "\"" || c == "'" { quote = c } else if c == quote { quote = nil }
      if c.isWhitespace, quote == nil {
        if let from = start { add(from..<i) }
        start = nil
      } else if start == nil {
        start = i
      }
    }
    if let from = start { add(from..<characters.count) }
    return result
  }
}
