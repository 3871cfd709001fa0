import Formulas
import NeuralNetworks
import Operations
import Reports
import Sessions

/// What there is about a word.
enum HelpSearch {
  /// Commands, functions, ready models and topics that speak of it; empty where none does.
  static func report(_ words: String, _ table: CommandTable) -> Report {
    let wanted = words.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    func isAbout(_ texts: [String]) -> Bool {
      let text = texts.joined(separator: " ").lowercased()
      return wanted.allSatisfy { text.contains($0) }
    }
    guard !wanted.isEmpty else { return Report() }
    var rows: [[Prose]] = []
    // Those first that say it in a line.
    let near = table.commands.filter { isAbout([$0.name, $0.summary, $0.usage]) }
    let far = table.commands.filter { command in
      isAbout([command.name, command.summary, command.usage] + command.help)
        && !near.contains { $0 == command }
    }
    for command in near + far { rows.append(["\(command.name)", "\(command.summary)"]) }
    let topics = HelpTopic.all.filter { isAbout([$0.name, $0.text]) }.map(\.name)
    for operation in Operation.functions where isAbout([operation.name, operation.summary]) {
      rows.append(["\(operation.name)", "\(operation.summary)"])
    }
    for model in ReadyModel.all where isAbout([model.name, model.summary, model.source] + model.conventions) {
      rows.append(["model \(model.name)", "\(model.summary)"])
    }
    guard !rows.isEmpty || !topics.isEmpty else { return Report() }
    var report = Report([.text("what there is about '\(words.prefix(40))':", style: .heading)])
    report.add(.table(.init(header: [], rows: rows)))
    if !topics.isEmpty {
      report.note("pages of help: \(topics.map { "'help \($0)'" }.joined(separator: ", "))")
    }
    return report
  }
}

extension HelpTopic {
  /// All that it says, to be searched.
  fileprivate var text: String {
    report().blocks.map { block in
      switch block {
      case .text(let text, _), .paragraph(let text, _): text.text()
      case .table(let table): table.rows.joined().map { $0.text() }.joined(separator: " ")
      case .tensor, .blackboard, .preformatted, .plot, .graph, .blank, .failure, .naming: ""
      }
    }.joined(separator: " ")
  }
}
