import Assignments
import Formulas
import Platform
import Rendering
import Reports

/// `stepgrad assign …` and `stepgrad grade …`.
enum AssignmentTool {
  static let verbs = ["assign", "grade"]
  /// Options of each, all of which name a file or folder.
  static let options = ["assign": Assigning.options, "grade": Grading.options].mapValues {
    $0.map { "--" + $0 }
  }

  /// The exit status: 0, 1 when it failed, 2 for wrong usage.
  static func run(_ verb: String, _ words: [String], isASCII: Bool) -> Int32 {
    let renderer = TextRenderer(ascii: isASCII)
    let progress: ((String) -> Void)? = isatty(STDERR_FILENO) == 1 ? { Console.progress($0) } : nil
    do throws(Diagnostic) {
      let report =
        verb == "assign"
        ? try Assigning.run(words, progress: progress) : try Grading.run(words, progress: progress)
      Console.write(renderer.render(report), to: STDOUT_FILENO)
      return 0
    } catch {
      if progress != nil { Console.progress("") }
      Console.write(renderer.render(error, prompt: nil, isEchoed: false), to: STDERR_FILENO)
      return error.isUsage ? 2 : 1
    }
  }
}
