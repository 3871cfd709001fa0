/// The options of the program: one table for its help, its manual page and the completion of shells.
struct ProgramOption {
  let names: [String]
  /// What stands behind it, or empty.
  var value = ""
  /// The values it can have, where they are few.
  var values: [String] = []
  let summary: String

  static let all = [
    ProgramOption(
      names: ["-c", "--command"], value: "COMMAND", summary: "run a command (repeatable), then end"),
    ProgramOption(
      names: ["--format"], values: ["text", "json"], summary: "text, or one JSON object for each command"),
    ProgramOption(
      names: ["--color"], values: ["auto", "always", "never"], summary: "whether to use colours"),
    ProgramOption(
      names: ["--theme"], values: ["light", "dark", "auto"],
      summary: "colours for this ground; asked of the terminal unless given"),
    ProgramOption(
      names: ["--ascii"], summary: "nothing beyond ASCII; so it is where the locale has no UTF-8"),
    ProgramOption(names: ["--speech"], summary: "sentences for a screen reader in place of drawings"),
    ProgramOption(names: ["--width"], value: "N", summary: "columns to print in"),
    ProgramOption(names: ["--lessons"], value: "DIR", summary: "where 'load NAME' looks for lessons"),
    ProgramOption(names: ["--keep-going"], summary: "go on after a command that failed"),
    ProgramOption(names: ["--no-rc"], summary: "do not read the start-up file, ~/.config/stepgrad/rc"),
    ProgramOption(names: ["-i", "--interactive"], summary: "prompt when the scripts and commands are done"),
    ProgramOption(names: ["-q", "--quiet"], summary: "no greeting"),
    ProgramOption(names: ["--man"], summary: "print the manual page: stepgrad --man | man -l -"),
    ProgramOption(names: ["-V", "--version"], summary: "print the version"),
    ProgramOption(names: ["-h", "--help"], summary: "print this"),
  ]

  /// What may stand as the first word.
  static let verbs: [(usage: String, summary: String)] = [
    ("help [TOPIC]", "what 'help' says"),
    ("lessons", "list the lessons"),
    ("learn", "the way around in two minutes, at the prompt"),
    ("lesson check|record FILE…", "verify lessons of your own, or write their outputs"),
    ("assign FILE --students LIST.csv --out DIR", "an assignment with numbers for each student"),
    ("grade ANSWERS…", "mark what came back"),
    ("completion bash|zsh|fish", "print the completion of a shell"),
  ]

  var placeholder: String { value.isEmpty ? values.joined(separator: "|") : value }
  var takesValue: Bool { !placeholder.isEmpty }

  static var help: String {
    func line(_ left: String, _ right: String) -> String {
      "  " + left + String(repeating: " ", count: max(2, 30 - left.count)) + right
    }
    var lines = ["stepgrad: a debugger for backpropagation", "", "usage: stepgrad [options] [script…]"]
    lines += verbs.map { "       stepgrad " + $0.usage }
    lines.append("")
    lines += all.map { option in
      line(
        option.names.joined(separator: ", ") + (option.takesValue ? " " + option.placeholder : ""),
        option.summary)
    }
    lines += [
      "", "Without scripts and commands it reads from the terminal, or from standard input.",
      "Exit status: 0, 1 when a command of a script failed, 2 for wrong usage.",
    ]
    return lines.joined(separator: "\n")
  }
}
