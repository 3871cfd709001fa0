import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum PrecisionCommand: Command {
  package static let name = "precision"
  package static let shortForms: [String] = []
  package static let usage = "precision [N]"
  package static let summary = "decimals that are printed (4 unless set)"
  package static let help = ["0 to 17. Numbers are computed in full whatever is printed."]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty {
      guard let digits = Int(line.rest), (0...17).contains(digits) else {
        throw line.usageError("the precision is a whole number from 0 to 17", usage, at: line.restRange)
      }
      workspace.session.settings.precision = digits
    }
    return Report([.text("precision is \(workspace.session.settings.precision)", style: .plain)])
  }
}

package enum HeatCommand: Command {
  package static let name = "heat"
  package static let shortForms: [String] = []
  package static let usage = "heat on|off"
  package static let summary = "colour cells from blue (negative) to orange (positive)"
  package static let help = [
    "Symmetric about zero in each matrix; the digits stay. Needs a terminal with colours."
  ]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty { workspace.session.settings.isHeatOn = try line.onOrOff(usage) }
    return Report([.text("heat is \(workspace.session.settings.isHeatOn ? "on" : "off")", style: .plain)])
  }
}

package enum QuitCommand: Command {
  package static let name = "quit"
  package static let shortForms = ["q", "exit"]
  package static let usage = "quit"
  package static let summary = "leave (also Ctrl-D)"
  package static let help = ["Nothing is saved unless 'save FILE' did."]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    workspace.isQuitting = true
    return Report()
  }
}

package enum HistoryCommand: Command {
  package static let name = "history"
  package static let shortForms: [String] = []
  package static let usage = "history [N]"
  package static let summary = "the commands of this session"
  package static let help = [
    "history 10 shows the last ten. 'save FILE' writes a script of what made this session."
  ]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let count = line.rest.isEmpty ? workspace.typed.count : try line.count(usage)
    let first = max(0, workspace.typed.count - count)
    var report = Report()
    for (index, command) in workspace.typed.enumerated().dropFirst(first) {
      report.say("\(index + 1)  \(command)")
    }
    return report
  }
}
