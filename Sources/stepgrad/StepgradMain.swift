import Assignments
import Formulas
import LineEditing
import LinearAlgebra
import Platform
import Rendering
import Sessions

/// Arguments, then a script, standard input or the terminal, line by line.
@main struct Stepgrad {
  static func main() {
    Memory.keepFreed()
    // A file that grows too large is an error of the write, not the end of the session.
    signal(SIGXFSZ, SIG_IGN)
    var arguments: Arguments
    do throws(Arguments.UsageError) {
      arguments = try Arguments(Array(Swift.CommandLine.arguments.dropFirst()))
    } catch {
      Console.write(
        "stepgrad: \(VisibleText.of(error.message))\n'stepgrad --help' lists the options\n", to: STDERR_FILENO
      )
      exit(2)
    }
    let isASCII = arguments.isASCII || !Locale.hasUTF8
    if let text = printed(arguments) {
      Console.write((isASCII ? ASCIIText.of(text) : text) + "\n", to: STDOUT_FILENO)
      exit(0)
    }
    readVerb(&arguments)
    let hasTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    let hasWork = !arguments.scripts.isEmpty || !arguments.commands.isEmpty
    let isInteractive = hasTerminal && (!hasWork || arguments.staysOpen)
    let console = Console(arguments, isTerminal: isatty(STDOUT_FILENO) == 1)
    var workspace = Workspace(commands: .whole)
    workspace.screen.isASCII = isASCII
    workspace.screen.isSpoken = arguments.isSpoken
    workspace.screen.chosenGround = arguments.ground
    workspace.outside.colorless = console.colorless
    workspace.outside.lessonDirectories = LessonDirectories.all(arguments)
    workspace.outside.stateDirectory = HistoryFile.defaultPath.map { String($0.dropLast("/history".count)) }
    if isatty(STDERR_FILENO) == 1, arguments.format == .text {
      workspace.outside.progress = { text in
        SignOfLife.isSpoken(!text.isEmpty)
        Console.progress(isASCII ? ASCIIText.of(text) : text)
      }
    }
    if arguments.readsStartupFile { StartupFile.run(in: &workspace, console) }
    if isInteractive {
      if hasWork { _ = runAll(arguments, console, &workspace) }
      workspace.outside.isInteractive = true
      var repl = Repl(console: console, arguments: arguments)
      if !workspace.isQuitting { repl.run(&workspace) }
      exit(0)
    }
    exit(runAll(arguments, console, &workspace) ? 0 : 1)
  }

  /// What is asked of the program itself, and not of a session.
  private static func printed(_ arguments: Arguments) -> String? {
    if arguments.showsHelp { return ProgramOption.help }
    if arguments.showsVersion { return Arguments.version }
    // troff reads bytes, and not every troff reads UTF-8.
    return arguments.showsManual ? ASCIIText.of(ShellFiles.manual) : nil
  }

  /// `stepgrad help`, `stepgrad learn`: a word in the place of a script, unless there is a file of that name.
  private static func readVerb(_ arguments: inout Arguments) {
    guard let verb = arguments.scripts.first, !FileAccess.exists(verb) || verb == "lesson" else { return }
    let words = Array(arguments.scripts.dropFirst())
    switch verb {
    case "lesson": exit(LessonTool.run(words))
    case _ where AssignmentTool.verbs.contains(verb):
      exit(AssignmentTool.run(verb, words, isASCII: arguments.isASCII || !Locale.hasUTF8))
    case "help", "lessons", "learn":
      arguments.commands.insert(([verb] + words).joined(separator: " "), at: 0)
      arguments.scripts = []
      // The tour greets by itself.
      if verb == "learn" { (arguments.staysOpen, arguments.isQuiet) = (true, true) }
    case "completion":
      guard let shell = words.first, words.count == 1, let text = ShellFiles.completion(shell) else {
        Console.write(
          "usage: stepgrad completion \(ShellFiles.shells.joined(separator: "|"))\n", to: STDERR_FILENO)
        exit(2)
      }
      Console.write(text + "\n", to: STDOUT_FILENO)
      exit(0)
    default: return
    }
  }

  /// Scripts, then commands; standard input when there is neither. False when a command failed.
  private static func runAll(_ arguments: Arguments, _ console: Console, _ workspace: inout Workspace) -> Bool
  {
    var isGood = true
    for script in arguments.scripts where script != "-" {
      do throws(Diagnostic) {
        if !console.run(script: try FileAccess.read(script), file: script, in: &workspace) {
          isGood = false
          if !arguments.keepsGoing { return false }
        }
      } catch {
        console.tell(error, of: "load \(script)", workspace)
        return false
      }
      if workspace.isQuitting { return isGood }
    }
    for command in arguments.commands {
      if !console.run(command, in: &workspace) {
        isGood = false
        if !arguments.keepsGoing { return false }
      }
      if workspace.isQuitting { return isGood }
    }
    guard arguments.scripts.isEmpty || arguments.scripts.contains("-"), arguments.commands.isEmpty else {
      return console.closesBlock(&workspace) && isGood
    }
    let reader = PlainReader()
    var number = 0
    while let line = reader.readLine() {
      number += 1
      if !console.run(line, in: &workspace, at: ScriptPlace(file: "standard input", line: number)) {
        isGood = false
        if !arguments.keepsGoing { return false }
      }
      if workspace.isQuitting { break }
    }
    return console.closesBlock(&workspace) && isGood
  }
}

/// What the environment says about characters.
enum Locale {
  /// False only where a locale is named and has no UTF-8: without any, terminals of today have it.
  static var hasUTF8: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      let plain = value.lowercased().filter { $0 != "-" }
      return plain.contains("utf8")
    }
    return true
  }
}

/// Commands of the start-up file, `stepgrad/rc` in the XDG configuration directory.
enum StartupFile {
  static func run(in workspace: inout Workspace, _ console: Console) {
    let base =
      getenv("XDG_CONFIG_HOME").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? getenv("HOME").map { String(cString: $0) + "/.config" }
    guard let base else { return }
    let path = base + "/stepgrad/rc"
    guard FileAccess.exists(path) else { return }
    do throws(Diagnostic) {
      _ = console.run(script: try FileAccess.read(path), file: path, in: &workspace)
    } catch {
      console.tell(error, of: "load \(path)", workspace)
    }
  }
}

/// Where lessons are looked for: the folder that was named, then beside the program and in the checkout it was
/// built in, then the folders of the system.
enum LessonDirectories {
  static func all(_ arguments: Arguments) -> [String] {
    if let named = arguments.lessonDirectory { return [named] }
    var result: [String] = []
    if let named = getenv("STEPGRAD_LESSONS") { result.append(String(cString: named)) }
    if var directory = programDirectory() {
      // .build/<triple>/release/stepgrad lies three folders inside the checkout.
      for _ in 0..<5 {
        result.append(directory + "/Lessons")
        result.append(directory + "/share/stepgrad/Lessons")
        guard let slash = directory.lastIndex(of: "/"), slash != directory.startIndex else { break }
        directory = String(directory[..<slash])
      }
    }
    return result
  }

  private static func programDirectory() -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    #if os(Linux)
      let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
      guard length > 0 else { return nil }
      let path = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #else
      guard let first = Swift.CommandLine.arguments.first, realpath(first, &buffer) != nil else { return nil }
      let path = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}
