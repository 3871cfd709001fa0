import Formulas
import Reports
import Sessions

package enum UpCommand: Command, Asking {
  package static let name = "up"
  package static let shortForms: [String] = []
  package static let usage = "up [n]"
  package static let summary = "back to the page of 'why' from which a number led here"
  package static let help = ["'why dW1[0,2]' begins, '2' goes into its second term, 'up' comes back."]
  package static let group = CommandGroup.differentiate
  package static let examples = ["why dW1[0,2]; why 2; up", "why L; why 1; up"]
  package static let related = ["why"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let count = try line.count(usage)
    guard let pages = workspace.inquiry?.pages, pages.count > 1 else {
      throw Diagnostic(
        workspace.inquiry == nil ? "no 'why' is open to go up in" : "this is where the question began",
        at: [line.nameRange], hint: "'why dW1[0,2]' begins, a number goes into one of its terms")
    }
    return try WhyCommand.show(
      Array(pages.dropLast(min(count, pages.count - 1))), nil, at: line.nameRange, &workspace)
  }
}
