import Commands
import Formulas
import LineEditing
import LinearAlgebra
import Platform
import Rendering
import Reports
import Sessions

/// Where reports go: rendered for this terminal, or as JSON.
struct Console {
  let arguments: Arguments
  let isTerminal: Bool
  /// The window, asked for each report, since it can be resized.
  var window: () -> (columns: Int, rows: Int)
  /// Where a person reads: what is longer than the window stops there.
  var paged: PagedOutput?

  init(_ arguments: Arguments, isTerminal: Bool) {
    self.arguments = arguments
    self.isTerminal = isTerminal
    window = { Console.windowSize() }
  }

  /// Runs a line and prints what comes of it. False when a command failed.
  func run(
    _ line: String, in workspace: inout Workspace, at place: ScriptPlace? = nil, prompt: String? = nil
  ) -> Bool {
    workspace.outside.width = width
    paged?.begin()
    let isWatched = workspace.outside.progress != nil
    if isWatched { SignOfLife.begin(columns: width) }
    let outcomes = Interpreter.run(line, at: place, in: &workspace)
    if isWatched { SignOfLife.end() }
    return tell(outcomes, workspace, prompt: prompt)
  }

  /// Prints what came of commands. False when one failed.
  private func tell(_ outcomes: [Interpreter.Outcome], _ workspace: Workspace, prompt: String? = nil) -> Bool
  {
    var isGood = true
    for (i, outcome) in outcomes.enumerated() {
      switch outcome.result {
      case .success(let report):
        show(report, of: outcome.command, workspace)
      case .failure(let diagnostic):
        // What clears a line of progress is not written while an interruption is pending.
        if Interruption.isRequested, workspace.outside.progress != nil {
          Interruption.forget()
          Self.progress("")
        }
        Interruption.forget()
        // What was typed no longer stands right above, once another command of the line has printed something.
        tell(diagnostic, of: outcome.command, workspace, prompt: i == 0 ? prompt : nil)
        isGood = false
      }
    }
    // Ctrl-C while it was printed.
    if Interruption.isRequested {
      Interruption.forget()
      Console.write("\n", to: STDOUT_FILENO)
      return false
    }
    return isGood
  }

  private func show(_ report: Report, of command: String, _ workspace: Workspace) {
    let renderer = renderer(workspace)
    if arguments.format == .json {
      write(
        json: JSONRenderer().render(command: command, report, text: renderer.render(report)), workspace)
    } else if let paged {
      paged.show(renderer.pieces(report), isOn: workspace.screen.stopsAtWindow) { window().rows }
    } else {
      Console.write(renderer.render(report), to: STDOUT_FILENO)
    }
  }

  private func write(json: String, _ workspace: Workspace) {
    Console.write((workspace.screen.isASCII ? ASCIIText.escaped(json: json) : json) + "\n", to: STDOUT_FILENO)
  }

  func tell(_ diagnostic: Diagnostic, of command: String, _ workspace: Workspace, prompt: String? = nil) {
    if arguments.format == .json {
      write(json: JSONRenderer().render(command: command, error: diagnostic), workspace)
    } else {
      let text = renderer(workspace).render(diagnostic, prompt: prompt, isEchoed: prompt != nil)
      Console.write(text, to: isTerminal ? STDOUT_FILENO : STDERR_FILENO)
    }
  }

  /// Every line of a text; false when a command failed and nothing is to be run behind it.
  func run(script text: String, file: String, in workspace: inout Workspace) -> Bool {
    var isGood = true
    for (index, line) in TextBytes.lines(text).enumerated() {
      if !run(String(line), in: &workspace, at: ScriptPlace(file: file, line: index + 1)) {
        isGood = false
        if !arguments.keepsGoing { return false }
      }
      if workspace.isQuitting { break }
    }
    return closesBlock(&workspace) && isGood
  }

  /// What the end of the input makes of a block; false, and a message, when more was to come.
  func closesBlock(_ workspace: inout Workspace) -> Bool { tell(Interpreter.end(in: &workspace), workspace) }

  var width: Int { arguments.width ?? (isTerminal ? window().columns : 80) }

  /// Why nothing is coloured; nil where it is.
  var colorless: String? {
    let named = getenv("NO_COLOR").map { String(cString: $0) }
    if arguments.format == .json { return "JSON has no colours" }
    if depth != .none { return nil }
    if arguments.color == .never { return "--color=never" }
    if named?.isEmpty == false { return "NO_COLOR is set; --color=always goes before it" }
    return "this is no terminal with colours; --color=always colours all the same"
  }

  private var depth: ColorDepth {
    ColorDepth.detect(
      arguments.color, environment: { name in getenv(name).map { String(cString: $0) } },
      isTerminal: isTerminal)
  }

  func renderer(_ workspace: Workspace) -> TextRenderer {
    // JSON's text has no colours, whatever the environment says.
    let depth = arguments.format == .json ? ColorDepth.none : depth
    return TextRenderer(
      width: width, rows: isTerminal ? window().rows : 24, precision: workspace.session.settings.precision,
      color: depth,
      heat: workspace.session.settings.isHeatOn, ascii: workspace.screen.isASCII,
      isSpoken: workspace.screen.isSpoken, ground: workspace.screen.ground)
  }

  /// A line that the next one replaces; an empty one clears it.
  static func progress(_ text: String) {
    send(
      "\r\u{1B}[K" + VisibleText.of(String(text.prefix(max(0, windowSize().columns - 1)))), to: STDERR_FILENO)
  }

  /// The place that everything passes on its way out: nothing in it commands a terminal but our own colours, which end
  /// with their line. Some lines at a time: looking through megabytes takes longer than anyone waits behind Ctrl-C.
  static func write(_ text: String, to descriptor: Int32) {
    var rest = text[...]
    while !rest.isEmpty, !Interruption.isRequested {
      let bytes = rest.utf8
      let far = bytes.index(bytes.startIndex, offsetBy: 1 << 16, limitedBy: bytes.endIndex) ?? bytes.endIndex
      let end =
        bytes[far...].firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) } ?? bytes.endIndex
      send(VisibleText.gate(String(rest[..<end])), to: descriptor)
      rest = rest[end...]
    }
  }

  /// What cannot be written is lost, and a program whose output is lost has failed.
  private static func send(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty, !Interruption.isRequested {
      let part = bytes.prefix(1 << 16)
      let count = part.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        guard descriptor == STDOUT_FILENO else { return }
        send(
          "stepgrad: the output is lost: \(String(cString: strerror(errno)).lowercased())\n",
          to: STDERR_FILENO)
        exit(1)
      }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Terminals that claim more than anyone reads would have lines of megabytes drawn.
  private static let (widest, highest) = (1000, 1000)

  static func windowSize() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (min(widest, max(20, Int(size.ws_col))), min(highest, max(4, Int(size.ws_row))))
  }
}
