import Formulas
import LinearAlgebra
import Reports
import Sessions

/// What was not saved when the program was left, kept until the next time.
package enum LastSession: Loadable {
  private static let word = "last"

  package static func names(in workspace: Workspace) -> [String] { isKept(workspace) ? [word] : [] }

  package static func open(
    _ path: String, at range: Range<Int>, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report? {
    guard path == word, !FileAccess.exists(path) else { return nil }
    guard let file = file(workspace), FileAccess.exists(file) else {
      throw Diagnostic("no session is kept", at: [range], hint: "'load FILE' reads what 'save FILE' wrote")
    }
    var report = try Script.run(try FileAccess.read(file), file: file, in: &workspace)
    report.blocks = [.text("the session of last time; \(workspace.session.place)", style: .note)]
    workspace.saved = workspace.session
    workspace.isLastSession = true
    return report
  }

  /// What was brought back has a file of its own now.
  static func forget(in workspace: inout Workspace) {
    guard workspace.isLastSession, let file = file(workspace) else { return }
    workspace.isLastSession = false
    FileAccess.remove(file)
  }

  package static func isKept(_ workspace: Workspace) -> Bool {
    file(workspace).map(FileAccess.exists) ?? false
  }

  /// Keeps what is not saved; what to say about it, or nil where nothing was to be kept.
  package static func keep(_ workspace: Workspace) -> String? {
    let session = workspace.activity?.aside ?? workspace.session
    guard session.hasWork(beside: workspace.saved ?? .initial) else { return nil }
    let size = (Array(session.leaves.values) + session.scratch.values).reduce(0) { $0 + $1.count }
    guard let file = file(workspace), size <= largest else {
      return "not saved: 'save FILE' would have kept this session"
    }
    do {
      try FileAccess.write(SessionScript.text(session), to: file, links: .refused)
      return "not saved, but kept: 'load last' brings this session back"
    } catch {
      return "not saved: \(error.message)"
    }
  }

  /// Numbers; more would be felt on leaving.
  private static let largest = 200_000

  private static func file(_ workspace: Workspace) -> String? {
    workspace.outside.stateDirectory.map { $0 + "/last.sg" }
  }
}

extension Session {
  /// Whether anything but the place in the pass is another than there.
  fileprivate func hasWork(beside other: Session) -> Bool {
    func differ(_ a: [String: Tensor], _ b: [String: Tensor]) -> Bool {
      a.count != b.count || a.contains { name, value in b[name]?.isIdentical(to: value) != true }
    }
    return model != other.model || differ(leaves, other.leaves) || differ(scratch, other.scratch)
      || stops != other.stops
  }
}
