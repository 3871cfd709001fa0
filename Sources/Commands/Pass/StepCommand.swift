import Formulas
import Reports
import Sessions

package enum StepCommand: Command, Repeatable {
  package static let name = "step"
  package static let shortForms = ["s"]
  package static let usage = "step [n] [why]"
  package static let summary = "compute and show the next step (the next n)"
  package static let help = [
    "An empty line repeats it. 'step why' says where the step's formula comes from; 'explain on' does so for every step.",
    "At a terminal the line 'next: …' says which step comes; scripts and pages of lessons have it when 'explain on' asks for it.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["step", "step 3"]
  package static let related = ["back", "until", "forward"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in
    before.contains("why") ? .nothing : .words(["why"])
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try PassRunner.step(line, usage, in: &workspace)
  }
}
