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
    let arguments: Arguments
    do throws(Arguments.UsageError) {
      arguments = try Arguments(Array(Swift.CommandLine.arguments.dropFirst()))
    } catch {
      Console.write("stepgrad: \(error.message)\n'stepgrad --help' lists the options\n", to: STDERR_FILENO)
      exit(2)
    }
    if arguments.showsVersion || arguments.showsHelp {
      Console.write((arguments.showsHelp ? Arguments.help : Arguments.version) + "\n", to: STDOUT_FILENO)
      exit(0)
    }
    if arguments.scripts.first == "lesson" { exit(LessonTool.run(Array(arguments.scripts.dropFirst()))) }
    let isInteractive =
      arguments.scripts.isEmpty && arguments.commands.isEmpty && isatty(STDIN_FILENO) == 1
      && isatty(STDOUT_FILENO) == 1
    let console = Console(arguments, isTerminal: isatty(STDOUT_FILENO) == 1)
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = isInteractive
    workspace.outside.lessonDirectories = LessonDirectories.all(arguments)
    workspace.outside.stateDirectory = HistoryFile.defaultPath.map { String($0.dropLast("/history".count)) }
    if isatty(STDERR_FILENO) == 1, arguments.format == .text {
      workspace.outside.progress = { Console.progress($0) }
    }
    workspace.outside.isInterrupted = {
      let pressed = Interrupt.flag
      if pressed { Interrupt.flag = false }
      return pressed
    }
    if arguments.readsStartupFile { StartupFile.run(in: &workspace, console) }
    if isInteractive {
      Repl(console: console, arguments: arguments).run(&workspace)
      exit(0)
    }
    exit(runAll(arguments, console, &workspace) ? 0 : 1)
  }

  /// Scripts, then commands; standard input when there is neither. False when a command failed.
  private static func runAll(_ arguments: Arguments, _ console: Console, _ workspace: inout Workspace) -> Bool
  {
    var isGood = true
    for script in arguments.scripts where script != "-" {
      do throws(Diagnostic) {
        let text = try FileAccess.read(script)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
          if !console.run(withoutReturn(line), in: &workspace, file: script, number: index + 1) {
            isGood = false
            if !arguments.keepsGoing { return false }
          }
          if workspace.isQuitting { return isGood }
        }
      } catch {
        Console.write(console.renderer(workspace).render(error, prompt: nil), to: STDERR_FILENO)
        return false
      }
    }
    for command in arguments.commands {
      if !console.run(command, in: &workspace) {
        isGood = false
        if !arguments.keepsGoing { return false }
      }
      if workspace.isQuitting { return isGood }
    }
    guard arguments.scripts.isEmpty || arguments.scripts.contains("-"), arguments.commands.isEmpty else {
      return closeBlock(workspace) && isGood
    }
    let reader = PlainReader()
    var number = 0
    while let line = reader.readLine() {
      number += 1
      if !console.run(line, in: &workspace, file: "standard input", number: number) {
        isGood = false
        if !arguments.keepsGoing { return false }
      }
      if workspace.isQuitting { break }
    }
    return closeBlock(workspace) && isGood
  }

  private static func withoutReturn(_ line: Substring) -> String {
    String(line.hasSuffix("\r") ? line.dropLast() : line)
  }

  private static func closeBlock(_ workspace: Workspace) -> Bool {
    guard workspace.openBlock != nil else { return true }
    Console.write(
      "error: the input ended inside a 'model' block\nhint:  close it with a line that says end\n",
      to: STDERR_FILENO)
    return false
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
      let lines = try FileAccess.read(path).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
        _ = console.run(String(line), in: &workspace, file: path, number: index + 1)
      }
    } catch {
      Console.write(console.renderer(workspace).render(error, prompt: nil), to: STDERR_FILENO)
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
