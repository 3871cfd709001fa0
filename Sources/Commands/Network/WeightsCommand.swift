import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

package enum WeightsCommand: Command, ChangesValues {
  package static let name = "weights"
  package static let shortForms: [String] = []
  package static let usage = "weights FILE [NAME=KEY… | NAME] [layout=torch|here]"
  package static let summary = "values of parameters from a file: npy, npz or safetensors"
  package static let help = [
    "Arrays go to the parameters that have their names; others, such as PyTorch's 0.weight, 0.bias, 2.weight, …, in their order to the parameters whose shapes they fit. W1=0.weight says which; so any input or target can be read as well. Behind a file of one array, such as npy, stands NAME alone, where its shape does not say it.",
    "PyTorch keeps a matrix as outputs × inputs: what fits only when it is transposed is transposed, and that is said. A square matrix shows nothing: layout=torch transposes it, layout=here leaves it.",
    "In Python: safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\"), or numpy.savez(\"weights.npz\", **arrays).",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["weights state.safetensors", "weights weights.npz W1=0.weight layout=torch"]
  package static let related = ["export", "set", "param"]
  package static let access = CommandAccess.files
  package static let completes = CompletionKind.files

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let session = workspace.session
    let (pairs, others) = split(line)
    var given = pairs
    guard let file = others.first else { throw line.usageError("weights of which file?", usage) }
    // A name alone: of the array, and of what it is given to.
    for word in others.dropFirst() {
      guard session.model.leaves.contains(session.model.resolve(line.name(word))) else {
        throw line.usageError("'\(word.text.prefix(20))' is no NAME=KEY", usage, at: word.range)
      }
      given.append((word.text, word.text, word.range))
    }
    var layout: WeightMatching.Layout?
    var asked: [(name: String, key: String, range: Range<Int>)] = []
    for (word, key, range) in given {
      if word == "layout", !session.model.leaves.contains(word) {
        layout = WeightMatching.Layout(rawValue: key)
        if layout == nil { throw line.usageError("layout is torch or here", usage, at: range) }
        continue
      }
      let name = session.model.resolve(line.naming.name(word))
      guard session.model.leaves.contains(name) else {
        throw Diagnostic(
          "the model reads no '\(word)'", at: [range],
          hint: "it reads \(session.model.leaves.joined(separator: ", "))")
      }
      asked.append((name, key, range))
    }
    let path = file.text.unquoted
    let arrays = try Self.arrays(path, at: file.range)
    let matching: WeightMatching
    do throws(Diagnostic) {
      matching = try WeightMatching(
        session.model, shapes: session.leaves.mapValues(\.shape), arrays: arrays,
        asked: asked.map { ($0.name, $0.key) }, layout: layout)
    } catch {
      var diagnostic = error
      if diagnostic.marks.isEmpty { diagnostic.marks = [file.range] }
      throw diagnostic
    }
    return store(matching, &workspace)
  }

  private static func store(_ matching: WeightMatching, _ workspace: inout Workspace) -> Report {
    var report = Report()
    var values: [String: Tensor] = [:]
    for match in matching.matches {
      values[match.name] = match.value
      let key = match.key.isEmpty ? "the array" : match.key
      report.say(
        "\(name: match.name) (\(match.value.shape)) = \(key)\(match.isTransposed ? ", transposed: the file has outputs × inputs" : "")"
      )
      var block = Report.TensorBlock("\(name: match.name)", match.value)
      block.isDrawn = false
      report.add(.tensor(block))
    }
    workspace.session.setLeaves(values)
    let left = workspace.session.model.parameters.filter { values[$0] == nil }
    if !left.isEmpty { report.note("as they were: \(names: left)") }
    if !matching.unused.isEmpty {
      report.note(
        "not used: \(matching.unused.prefix(20).joined(separator: ", "))\(matching.unused.count > 20 ? ", …" : "")"
      )
    }
    if case .failure(let reason) = workspace.session.program {
      report.say("not ready: \(reason.message)", .warning)
    }
    return report
  }

  private static func arrays(
    _ path: String, at range: Range<Int>
  ) throws(Diagnostic) -> [WeightMatching.Candidate] {
    do throws(DataError) {
      let source = try TensorFile(FileAccess.expand(path))
      var arrays: [WeightMatching.Candidate] = []
      for key in source.names {
        arrays.append(
          .init(key, try source.shape(key)) { () throws(Diagnostic) -> Tensor in
            do throws(DataError) { return try source.array(key, path: path).tensor } catch {
              var diagnostic = error.diagnostic
              diagnostic.marks = [range]
              throw diagnostic
            }
          })
      }
      if arrays.isEmpty {
        let value = try source.array(nil, path: path).tensor
        arrays = [.init("", value.shape) { () throws(Diagnostic) -> Tensor in value }]
      }
      return arrays
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.marks = [range]
      throw diagnostic
    }
  }

  /// `NAME=KEY` words apart from the others.
  private static func split(
    _ line: CommandLine
  ) -> (given: [(name: String, key: String, range: Range<Int>)], others: [CommandLine.Word]) {
    var given: [(name: String, key: String, range: Range<Int>)] = []
    var others: [CommandLine.Word] = []
    for word in line.words {
      if !others.isEmpty, let equals = word.text.firstIndex(of: "="), equals != word.text.startIndex {
        given.append(
          (
            String(word.text[..<equals]), String(word.text[word.text.index(after: equals)...]).unquoted,
            word.range
          ))
      } else {
        others.append(word)
      }
    }
    return (given, others)
  }
}
