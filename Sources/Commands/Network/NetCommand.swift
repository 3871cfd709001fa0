import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

package enum NetCommand: Command, ChangesValues {
  package static let name = "net"
  package static let shortForms: [String] = []
  package static let usage = NetworkParser.usage
  package static let summary = "write the equations of a network"
  package static let help = [
    "net 2 5:relu 3:softmax is two inputs, five relu units, three softmax outputs. Activations: \(Activations.names.joined(separator: ", ")). A layer without one is linear.",
    "loss= one of \(Operation.losses.map(\.name).joined(separator: ", ")); unless given softmax gets cross_entropy, sigmoid binary_cross_entropy, others mse. cross_entropy is the mean over the samples; mse and binary_cross_entropy are the mean over all entries; reduction=sum leaves the division out.",
    "layout=columns has a sample in every column: Z1 = W1 @ X + b1. bias=off leaves the biases out. init=he|xavier|uniform|zeros and seed=N choose the first weights.",
    "Images: net 1x8x8 conv(4,3x3,pad=1):relu maxpool(2) flatten 10:softmax.",
    "X and Y are kept when they fit, else a toy batch is made, of as many samples as nothing else in the network; with a data set that fits, X and Y are its batch. 'equations' prints what was written, to be edited and given back to 'model'.",
  ]
  package static let group = CommandGroup.network
  package static let examples = ["net 2 4:relu 3:softmax", "net 3 1:sigmoid init=zeros"]
  package static let related = ["model", "equations", "set"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, word in
    if let colon = word.lastIndex(of: ":") {
      let activations = Operation.all.filter(\.isActivation).map(\.name) + ["linear"]
      return .words(activations.map { word[...colon] + $0 })
    }
    return .words(
      Operation.losses.map { "loss=\($0.name)" } + [
        "layout=rows", "layout=columns", "reduction=mean", "reduction=sum", "bias=on", "bias=off", "init=he",
        "init=xavier", "init=uniform", "init=zeros", "seed=",
      ] + (before.isEmpty ? [] : ["conv(", "maxpool(", "avgpool(", "flatten"]))
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    if words.isEmpty { return EquationList.report(workspace.session) }
    var specification = try NetworkParser.parse(words.map { .init(text: $0.text, range: $0.range) })
    if !words.contains(where: { $0.text.hasPrefix("seed=") }) { specification.seed = workspace.seed }
    let progress = workspace.outside.progress
    defer { progress?("") }
    let builder = try NetworkBuilder(specification, progress: progress)
    var model = builder.model
    model.specification = line.rest
    let before = workspace.session
    var leaves = builder.parameters
    var generator = RandomGenerator(seed: UInt64(specification.seed) &+ 1)
    let batch = ToyBatch(builder)
    let old = before.roles.fed
    let oldX = old.flatMap { before.samplesFirst($0.input) }
    let fits = oldX.map { batch.accepts(inputs: $0, areToy: before.hasToyBatch) } ?? false
    let rowsOfX = oldX.flatMap { fits ? $0 : nil } ?? batch.inputs(using: &generator)
    let (input, target) = (String.input, String.target)
    let X = batch.arranged(inputs: rowsOfX)
    leaves[input] = X
    let m = rowsOfX.shape.dimensions.first ?? 1
    let oldY = old.flatMap { before.samplesFirst($0.target) }
    let isSameKind = before.roles.loss?.function == specification.loss
    let keptY = oldY.flatMap { isSameKind && fits && $0.shape == [m, builder.outputWidth] ? $0 : nil }
    leaves[target] = batch.turned(keptY ?? batch.targets(samples: m, using: &generator))
    let rows = before.chosenRows ?? before.data?.order.prefix(before.data?.batchSize ?? 0).map { $0 }
    workspace.session.replaceModel(model, leaves: leaves)
    workspace.session.forgetLosses()
    workspace.session.callBatchToy(!fits || before.hasToyBatch)
    let form = before.data.flatMap { BatchForm.fitting(workspace.session, $0.set) }
    if let rows, let form { workspace.session.choose(rows, form: form) }
    workspace.session.settings.seed = specification.seed
    var report = Report()
    for equation in model.equations { report.say("\(equation)", .formula) }
    let trained = model.parameters.compactMap { name in
      leaves[name].map { "\(name: name) \($0.shape)" as Prose }
    }
    let total = model.parameters.reduce(0) { $0 + (leaves[$1]?.count ?? 0) }
    report.explain("\(total) parameters: \(trained.joined(separator: ", "))")
    if form != nil {
      report.note(BatchWords.text(workspace.session))
      report.scalar("parameters", Double(total))
      return report
    }
    if let set = before.data?.set {
      report.note(
        "this network does not take the rows of \(set.name): \(set.features) features, \(set.labels.widths.map(String.init).joined(separator: " or ")) outputs"
      )
    }
    if !fits {
      report.note("\(name: input) is a new toy batch of \(m) samples")
    } else {
      report.note("\(name: input) is kept (\(X.shape))")
    }
    if keptY == nil { report.note("\(name: target) is new (\(leaves[target].map { "\($0.shape)" } ?? ""))") }
    report.scalar("parameters", Double(total))
    return report
  }
}

extension Session {
  /// A leaf with its samples along the first axis; nil when it holds none.
  fileprivate func samplesFirst(_ name: String) -> Tensor? {
    guard let value = leaves[name] else { return nil }
    switch roles.sampleAxes[name] {
    case 0: return value
    case 1: return value.rank == 2 ? value.transposed() : nil
    default: return nil
    }
  }
}
