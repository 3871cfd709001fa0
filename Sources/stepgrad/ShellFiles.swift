import Assignments
import Commands
import Lessons
import Sessions

/// The manual page and the completion of shells, printed from the tables of options and commands.
enum ShellFiles {
  private static var commands: [any Command.Type] { CommandTable.whole.commands }

  // MARK: The manual page

  /// For troff. Source: man-pages(7), groff_man(7).
  static var manual: String {
    func plain(_ text: String) -> String {
      let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      return escaped.first == "." || escaped.first == "'" ? "\\&" + escaped : escaped
    }
    var lines = [
      ".TH STEPGRAD 1", ".SH NAME", "stepgrad \\- a debugger for backpropagation", ".SH SYNOPSIS",
      ".B stepgrad", "[options] [script...]",
    ]
    for verb in ProgramOption.verbs { lines += [".br", ".B stepgrad", plain(verb.usage)] }
    lines += [
      ".SH DESCRIPTION",
      plain(
        "stepgrad stops a small network between any two lines of its forward and backward pass and shows every matrix with its shape, its formula, where each number came from and whether it is right. A model is a list of equations; the backward equations are derived from them by rules, and what is printed is what is computed."
      ), ".SH OPTIONS",
    ]
    for option in ProgramOption.all {
      let value = option.takesValue ? " \\fI" + plain(option.placeholder) + "\\fR" : ""
      lines += [
        ".TP", option.names.map { "\\fB" + plain($0) + "\\fR" }.joined(separator: ", ") + value,
        plain(option.summary),
      ]
    }
    for group in CommandGroup.allCases {
      lines.append(".SH " + plain(group.rawValue.uppercased()))
      for command in commands where command.group == group {
        lines += [".TP", "\\fB" + plain(command.usage) + "\\fR", plain(command.summary) + "."]
        for paragraph in command.help { lines += [".sp", plain(paragraph)] }
        lines += [".sp", "For example:"]
        for example in command.examples { lines += [".br", "\\fI" + plain(example) + "\\fR"] }
      }
    }
    lines += [
      ".SH FILES", ".TP", "\\fI~/.config/stepgrad/rc\\fR",
      "Commands that are run at every start ($XDG_CONFIG_HOME).", ".TP", "\\fI~/.local/state/stepgrad/\\fR",
      "The history of lines and the progress in lessons ($XDG_STATE_HOME).", ".SH ENVIRONMENT",
      "NO_COLOR, CLICOLOR_FORCE, COLORTERM, STEPGRAD_LESSONS, LC_ALL, LC_CTYPE, LANG.", ".SH EXIT STATUS",
      plain("0; 1 when a command of a script failed; 2 for wrong usage."),
    ]
    return lines.joined(separator: "\n")
  }

  // MARK: Completion

  static let shells = ["bash", "zsh", "fish"]

  static func completion(_ shell: String) -> String? {
    switch shell {
    case "bash": bash
    case "zsh": zsh
    case "fish": fish
    default: nil
    }
  }

  private static var verbs: [String] {
    ProgramOption.verbs.compactMap { $0.usage.split(separator: " ").first.map(String.init) }
  }

  private static var topics: [String] { commands.map { $0.name } + HelpTopic.all.map(\.name) }

  private static var bash: String {
    let cases = ProgramOption.all.filter(\.takesValue).map { option -> String in
      let what =
        option.values.isEmpty
        ? (option.value == "DIR" ? "-d" : "-W ''") : "-W '\(option.values.joined(separator: " "))'"
      return
        "    \(option.names.joined(separator: "|"))) COMPREPLY=($(compgen \(what) -- \"$word\")); return ;;"
    }
    let own = AssignmentTool.verbs.map { verb in
      let options = (AssignmentTool.options[verb] ?? []).joined(separator: " ")
      return
        "    \(verb)) [[ \"$word\" == -* ]] && COMPREPLY=($(compgen -W '\(options)' -- \"$word\")) || COMPREPLY=($(compgen -f -- \"$word\")); return ;;"
    }
    return """
      _stepgrad() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
        case "$before" in
      \(cases.joined(separator: "\n"))
          help) COMPREPLY=($(compgen -W '\(topics.joined(separator: " "))' -- "$word")); return ;;
          completion) COMPREPLY=($(compgen -W '\(shells.joined(separator: " "))' -- "$word")); return ;;
          lesson) COMPREPLY=($(compgen -W 'check record' -- "$word")); return ;;
        esac
        case "${COMP_WORDS[1]}" in
      \(own.joined(separator: "\n"))
        esac
        if [[ "$word" == -* ]]; then
          COMPREPLY=($(compgen -W '\(ProgramOption.all.flatMap(\.names).joined(separator: " "))' -- "$word"))
        elif [[ $COMP_CWORD == 1 ]]; then
          COMPREPLY=($(compgen -f -W '\(verbs.joined(separator: " "))' -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _stepgrad stepgrad
      """
  }

  private static var zsh: String {
    let options = ProgramOption.all.flatMap { option -> [String] in
      let value =
        !option.takesValue
        ? ""
        : option.values.isEmpty
          ? ":\(option.value):" + (option.value == "DIR" ? "_files -/" : "")
          : ":value:(\(option.values.joined(separator: " ")))"
      let summary = option.summary.replacing("'", with: "").replacing(":", with: ";")
      return option.names.map { "    '\($0)[\(summary)]\(value)'" }
    }
    let own = AssignmentTool.verbs.map { verb in
      let options = (AssignmentTool.options[verb] ?? []).joined(separator: " ")
      return "    \(verb)) [[ \"$PREFIX\" == -* ]] && compadd -- \(options) || _files; return ;;"
    }
    return """
      #compdef stepgrad
      _stepgrad() {
        case "${words[2]}" in
          help) (( CURRENT == 3 )) && { compadd \(topics.joined(separator: " ")); return } ;;
          completion) (( CURRENT == 3 )) && { compadd \(shells.joined(separator: " ")); return } ;;
          lesson) (( CURRENT == 3 )) && { compadd check record; return } ;;
      \(own.joined(separator: "\n"))
        esac
        (( CURRENT == 2 )) && compadd \(verbs.joined(separator: " "))
        _arguments \\
      \(options.joined(separator: " \\\n")) \\
          '*:script:_files'
      }
      if [ "$funcstack[1]" = "_stepgrad" ]; then _stepgrad "$@"; else compdef _stepgrad stepgrad; fi
      """
  }

  private static var fish: String {
    var lines = ProgramOption.all.map { option -> String in
      var line = "complete -c stepgrad"
      for name in option.names {
        line += name.hasPrefix("--") ? " -l \(name.dropFirst(2))" : " -s \(name.dropFirst())"
      }
      if option.takesValue {
        line +=
          option.values.isEmpty
          ? (option.value == "DIR" ? " -r" : " -x") : " -x -a '\(option.values.joined(separator: " "))'"
      }
      return line + " -d '\(option.summary.replacing("'", with: "\\'"))'"
    }
    for verb in ProgramOption.verbs {
      guard let name = verb.usage.split(separator: " ").first else { continue }
      lines.append(
        "complete -c stepgrad -n __fish_use_subcommand -a \(name) -d '\(verb.summary.replacing("'", with: "\\'"))'"
      )
    }
    for verb in AssignmentTool.verbs {
      for option in AssignmentTool.options[verb] ?? [] {
        lines.append(
          "complete -c stepgrad -n '__fish_seen_subcommand_from \(verb)' -l \(option.dropFirst(2)) -r")
      }
    }
    lines.append(
      "complete -c stepgrad -n '__fish_seen_subcommand_from help' -x -a '\(topics.joined(separator: " "))'")
    lines.append(
      "complete -c stepgrad -n '__fish_seen_subcommand_from completion' -x -a '\(shells.joined(separator: " "))'"
    )
    return lines.joined(separator: "\n")
  }
}
