import Platform
import Testing

/// The completion that is printed for a shell, typed into that shell; a shell that is not installed is left out
/// (Debian: apt-get install zsh fish).
@Suite(.serialized) struct ShellCompletionTests {
  let state: TemporaryDirectory

  init() throws { state = try TemporaryDirectory() }

  private static let installed = ["bash", "zsh", "fish"].filter { access("/usr/bin/\($0)", X_OK) == 0 }

  /// What stands in the line behind Tab.
  private static let questions = [
    ("stepgrad --asc", "stepgrad --ascii"), ("stepgrad help gradch", "stepgrad help gradcheck"),
    ("stepgrad comp", "stepgrad completion"), ("stepgrad completion z", "stepgrad completion zsh"),
    ("stepgrad --color nev", "stepgrad --color never"), ("stepgrad a-scr", "stepgrad a-script.sg"),
  ]

  @Test(arguments: installed) func aShellCompletesWhatWasBegun(shell: String) throws {
    state.write("a-script.sg", [])
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, ["completion", shell], columns: 1000, rows: 500)
    _ = try terminal.waitForExit()
    state.write("completion", terminal.transcript.filter { $0 != 13 })
    let folder = String(PseudoTerminal.program[..<(try #require(PseudoTerminal.program.lastIndex(of: "/")))])
    let (options, before) =
      switch shell {
      case "bash": (["--norc", "--noprofile", "-i"], "PS1='$ '; ")
      case "zsh": (["-f", "-i"], "PS1='$ '; autoload -U compinit; compinit -u -D; ")
      default: (["--no-config", "-i"], "function fish_prompt; echo -n '$ '; end; ")
      }
    let session = try PseudoTerminal(
      "/usr/bin/\(shell)", options,
      environment: ["PATH": folder + ":/usr/bin:/bin", "HOME": state.path, "XDG_STATE_HOME": state.path])
    try session.expect("a prompt") { !$0.text.isEmpty }
    try session.send(before + "cd \(state.path); . ./completion; clear; echo rea''dy\r")
    try session.expect("ready") { $0.lines.contains { $0 == "ready" || $0.hasSuffix(" ready") } }
    for (typed, whole) in Self.questions {
      try session.send(typed + "\t")
      try session.expect("'\(whole)' behind '\(typed)'") { $0.lines[$0.row].contains(whole) }
      try session.send("\u{15}")
    }
    kill(session.process, SIGKILL)
  }
}
