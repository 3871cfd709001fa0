import DataSets
import Formulas
import Platform
import Reports

/// A kind of file that a pass is written to, known by the ending of its name. A row for each: help, completion and the
/// words of a refusal read the table.
package struct ExportFormat: Sendable {
  package struct Written: Sendable {
    package let bytes: [UInt8]
    /// What a person should know of the file: names that had to be changed.
    package var notes: [Prose] = []
  }

  package let ending: String
  /// Words that may stand behind the file, the first of them meant where there is none.
  package let variants: [String]
  package let summary: String
  /// How every file begins that `export` writes with this ending.
  package let beginning: [UInt8]
  package let write: @Sendable (_ pass: FinishedPass, _ variant: String) throws(Diagnostic) -> Written

  package static let all: [ExportFormat] = [
    ExportFormat(
      ending: "py", variants: PythonLanguage.allCases.map(\.rawValue),
      summary: "a script that computes the pass and compares each value with the one seen here",
      beginning: Array("\"\"\"A forward and backward pass, written by stepgrad's 'export'.".utf8)
    ) { (pass, variant) throws(Diagnostic) in
      let script = try PythonScript(pass, PythonLanguage(rawValue: variant) ?? .numpy)
      return Written(
        bytes: Array(script.text.utf8),
        notes: script.renamed.map { "\(name: $0.name) is called \($0.as) there" })
    },
    ExportFormat(
      ending: "npz", variants: [], summary: "every leaf, step and gradient by name, for numpy.load",
      beginning: [0x50, 0x4B, 3, 4, 20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]
    ) { (pass, _) throws(Diagnostic) in
      try data { () throws(DataError) in try NPZ.encode(pass.tensors) }
    },
    ExportFormat(
      ending: "safetensors", variants: [], summary: "the same, for safetensors.numpy.load_file", beginning: []
    ) { (pass, _) throws(Diagnostic) in
      try data { () throws(DataError) in try SafetensorsWriter.encode(pass.tensors) }
    },
    ExportFormat(
      ending: "onnx", variants: ["double", "float"],
      summary: "the pass as operators of ONNX, every value and gradient an output",
      beginning: [8, 8, 18, 8] + Array("stepgrad".utf8)
    ) { (pass, variant) throws(Diagnostic) in
      Written(bytes: try ONNXWriter.model(pass, float: variant == "float"))
    },
    page(
      "tex",
      "the worked solution for LaTeX: model, equations with their matrices, each gradient with its reasons",
      "% A worked solution, written by stepgrad's 'export'.", { $0.page.latex }),
    page(
      "html", "the same as one page for a browser, on paper, on a telephone, in the dark",
      "<!DOCTYPE html>\n<!-- A worked solution, written by stepgrad's 'export'. -->", { $0.page.html }),
    page(
      "md", "the same in Markdown, its formulas in LaTeX",
      "<!-- A worked solution, written by stepgrad's 'export'. -->", { $0.page.markdown }),
    ExportFormat(
      ending: "svg", variants: [], summary: "the equations as a graph, a picture",
      beginning: Array(GraphPicture.svgTitle.utf8)
    ) { (pass, _) throws(Diagnostic) in
      Written(bytes: Array(GraphPicture(Graph(pass), pass.naming).svg.utf8))
    },
    ExportFormat(
      ending: "dot", variants: [], summary: "the same for Graphviz",
      beginning: Array(GraphPicture.dotTitle.utf8)
    ) { (pass, _) throws(Diagnostic) in
      Written(bytes: Array(GraphPicture(Graph(pass), pass.naming).dot.utf8))
    },
  ]

  private static func page(
    _ ending: String, _ summary: String, _ beginning: String,
    _ text: @escaping @Sendable (Solution) -> String
  ) -> ExportFormat {
    ExportFormat(ending: ending, variants: [], summary: summary, beginning: Array(beginning.utf8)) {
      (pass, _) throws(Diagnostic) in
      Written(bytes: Array(text(try Solution(pass)).utf8))
    }
  }

  package static func ending(of path: String) -> String? {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
  }

  package static func named(_ ending: String) -> ExportFormat? { all.first { $0.ending == ending } }

  private static func data(_ make: () throws(DataError) -> [UInt8]) throws(Diagnostic) -> Written {
    do throws(DataError) { return Written(bytes: try make()) } catch {
      throw Diagnostic("\(error.fullMessage)", hint: error.hint.map { "\($0)" })
    }
  }

  /// Whether a file that is there was written by `export`, or is empty; nil when there is none that can be read.
  package func isOwn(_ bytes: [UInt8]) -> Bool {
    if ending == "safetensors" {
      return bytes.dropFirst(8).starts(with: Array("{\"__metadata__\":{\"format\":\"stepgrad\"}".utf8))
    }
    return bytes.starts(with: beginning)
  }
}
