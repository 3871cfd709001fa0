import Rendering
import Reports

/// The command line: `stepgrad [options] [script…]`.
struct Arguments {
  enum Format: String { case text, json }

  var scripts: [String] = []
  var commands: [String] = []
  var format = Format.text
  var color = ColorDepth.Choice.auto
  var width: Int?
  var lessonDirectory: String?
  var isQuiet = false
  var readsStartupFile = true
  var keepsGoing = false
  var showsVersion = false
  var showsHelp = false
  var showsManual = false
  var isASCII = false
  var isSpoken = false
  var ground: Screen.Ground?
  /// Prompt behind the scripts and commands.
  var staysOpen = false

  /// What is wrong with the words, for exit status 2.
  struct UsageError: Error {
    let message: String
  }

  init(_ words: [String]) throws(UsageError) {
    var words = words[...]
    func value(of option: String) throws(UsageError) -> String {
      guard let value = words.popFirst() else { throw UsageError(message: "\(option) needs a value") }
      return value
    }
    while let word = words.popFirst() {
      var option = word
      if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
        option = String(word[..<equals])
        words.insert(String(word[word.index(after: equals)...]), at: words.startIndex)
      }
      switch option {
      case "-c", "--command": commands.append(try value(of: option))
      case "--format":
        let text = try value(of: option)
        guard let format = Format(rawValue: text) else {
          throw UsageError(message: "--format is text or json, not '\(text)'")
        }
        self.format = format
      case "--color", "--colour":
        let text = try value(of: option)
        guard let choice = ColorDepth.Choice(rawValue: text) else {
          throw UsageError(message: "--color is auto, always or never, not '\(text)'")
        }
        color = choice
      case "--width":
        let text = try value(of: option)
        guard let width = Int(text), (20...1000).contains(width) else {
          throw UsageError(message: "--width is a number from 20 to 1000, not '\(text)'")
        }
        self.width = width
      case "--lessons": lessonDirectory = try value(of: option)
      case "-q", "--quiet": isQuiet = true
      case "--no-rc": readsStartupFile = false
      case "--keep-going": keepsGoing = true
      case "--ascii": isASCII = true
      case "--speech": isSpoken = true
      case "--theme":
        let text = try value(of: option)
        guard text == "auto" || Screen.Ground(rawValue: text) != nil else {
          throw UsageError(message: "--theme is light, dark or auto, not '\(text)'")
        }
        ground = Screen.Ground(rawValue: text)
      case "-i", "--interactive": staysOpen = true
      case "-V", "--version": showsVersion = true
      case "-h", "--help": showsHelp = true
      case "--man": showsManual = true
      case _ where scripts.isEmpty && commands.isEmpty && AssignmentTool.verbs.contains(word):
        // They have options of their own.
        scripts += [word] + words
        words = []
      case "--":
        scripts += words
        words = []
      default:
        guard !option.hasPrefix("-") || option == "-" else {
          throw UsageError(message: "there is no option '\(option)'")
        }
        scripts.append(word)
      }
    }
  }

  static let version = "stepgrad 1.0"
}
