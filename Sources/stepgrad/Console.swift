import Commands
import LineEditing
import Platform
import Rendering
import Sessions

/// Where reports go: rendered for this terminal, or as JSON.
struct Console {
  let arguments: Arguments
  let isTerminal: Bool
  /// The window, asked for each report, since it can be resized.
  var window: () -> (columns: Int, rows: Int)

  init(_ arguments: Arguments, isTerminal: Bool) {
    self.arguments = arguments
    self.isTerminal = isTerminal
    window = { Console.windowSize() }
  }

  /// Runs a line and prints what comes of it. False when a command failed.
  func run(
    _ line: String, in workspace: inout Workspace, file: String? = nil, number: Int? = nil,
    prompt: String? = nil
  ) -> Bool {
    workspace.outside.width = width
    for outcome in Interpreter.run(line, in: &workspace) {
      switch outcome.result {
      case .success(let report):
        let text = renderer(workspace).render(report)
        Console.write(
          arguments.format == .json
            ? JSONRenderer().render(command: outcome.command, report, text: text) + "\n" : text,
          to: STDOUT_FILENO)
      case .failure(var diagnostic):
        diagnostic.file = diagnostic.file ?? file
        diagnostic.line = diagnostic.line ?? number
        if arguments.format == .json {
          Console.write(
            JSONRenderer().render(command: outcome.command, error: diagnostic) + "\n", to: STDOUT_FILENO)
        } else {
          let text = renderer(workspace).render(diagnostic, prompt: prompt, isEchoed: prompt != nil)
          Console.write(text, to: isTerminal ? STDOUT_FILENO : STDERR_FILENO)
        }
        return false
      }
    }
    return true
  }

  private var width: Int { arguments.width ?? (isTerminal ? window().columns : 80) }

  func renderer(_ workspace: Workspace) -> TextRenderer {
    // JSON's text has no colours, whatever the environment says.
    let depth =
      arguments.format == .json
      ? .none
      : ColorDepth.detect(
        arguments.color, environment: { name in getenv(name).map { String(cString: $0) } },
        isTerminal: isTerminal)
    return TextRenderer(
      width: width, rows: isTerminal ? window().rows : 24, precision: workspace.session.settings.precision,
      color: depth,
      heat: workspace.session.settings.isHeatOn, ascii: false)
  }

  /// A line that the next one replaces; an empty one clears it.
  static func progress(_ text: String) {
    write("\r\u{1B}[K" + String(text.prefix(max(0, windowSize().columns - 1))), to: STDERR_FILENO)
  }

  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  static func windowSize() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (max(20, Int(size.ws_col)), max(4, Int(size.ws_row)))
  }
}
