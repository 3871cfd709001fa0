import Formulas
import LinearAlgebra
import NeuralNetworks

/// A session as the commands that make it, whatever was there before.
package enum SessionScript {
  /// How the files that `save` writes begin.
  package static let title = "# stepgrad session"

  package static func text(_ whole: Session) -> String {
    let session = whole.withoutNudges
    var lines = [title + ": load this file to go on", "reset"]
    lines += dataAndModel(session)
    let named = namedRows(session)
    if let named { lines.append("batch rows \(ranges(named.rows)) \(named.places)") }
    for name in session.leaves.keys.sorted() where named?.leaves.contains(name) != true {
      guard let value = session.leaves[name] else { continue }
      lines += assignments(session.model.parameters.contains(name) ? "param" : "set", name, value)
    }
    lines += roles(session)
    lines.append(session.keepsToyBatch ? "batch toy" : "batch own")
    if let data = session.data {
      let rows = data.rows.isEmpty || named != nil ? "" : " rows=\(ranges(data.rows))"
      lines.append("batch size=\(data.batchSize) position=\(data.position)\(rows)")
    }
    for name in session.scratch.keys.sorted() {
      if let value = session.scratch[name] { lines += assignments("let", name, value) }
    }
    if !session.losses.isEmpty {
      let tested =
        session.testLosses.contains(where: \.isFinite) ? ["test"] + session.testLosses.map(\.description) : []
      lines.append((["loss history"] + session.losses.map(\.description) + tested).joined(separator: " "))
    }
    lines += optimizer(session)
    lines.append("set lr = \(session.settings.learningRate)")
    // Behind every value: what is typed is rounded to it.
    if session.settings.format != .float64 { lines.append("dtype \(session.settings.format.rawValue)") }
    lines.append("precision \(session.settings.precision)")
    if session.settings.isHeatOn { lines.append("heat on") }
    if session.settings.isExplaining { lines.append("explain on") }
    if !session.isFused { lines.append("fused off") }
    if session.nextSeed != 0 { lines.append("seed \(session.nextSeed)") }
    lines += whole.nudgeCommands
    if whole.cursor > 0 { lines.append("step \(whole.cursor)") }
    lines += whole.stopCommands
    // Names are written as the session knows them, and read so until here.
    if session.settings.notation != .default {
      lines.append("notation \(session.settings.notation.rawValue)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The state belongs to the optimiser that stepped last, which need not be the chosen one.
  private static func optimizer(_ session: Session) -> [String] {
    var lines: [String] = []
    if let state = session.optimizerState, state.steps > 0 {
      lines.append("optimizer \(state.chosen.text) t=\(state.steps)")
      // What is remembered of parameters that had other shapes is begun anew, and cannot be given.
      for parameter in session.model.parameters.sorted() {
        for name in state.chosen.memoryNames(of: parameter).sorted() {
          guard let value = state.memory[name], value.shape == session.leaves[parameter]?.shape else {
            continue
          }
          lines += assignments("set", name, value)
        }
      }
    }
    if session.settings.optimizer != session.optimizerState?.chosen ?? ChosenOptimizer() {
      lines.append("optimizer \(session.settings.optimizer.text)")
    }
    return lines
  }

  private static func data(_ session: Session) -> [String] {
    guard let data = session.data, let source = data.source else { return [] }
    return ["data \(source)"] + (data.orderSeed.map { ["shuffle seed=\($0)"] } ?? [])
  }

  /// In a block where one line does not hold it.
  private static func equations(_ model: Model) -> [String] {
    guard !model.repetitions.isEmpty || !model.headings.isEmpty else {
      return ["model " + model.equations.map(\.text).joined(separator: "; ")]
    }
    let lines = model.lines.map { line in
      switch line {
      case .equation(let equation): equation.text
      case .heading(let title): "# \(title)"
      case .repetition(let text): text
      }
    }
    return ["model"] + lines + ["end"]
  }

  /// The set is loaded where no typed model takes its rows: of names that have no value, some would have one then.
  private static func dataAndModel(_ session: Session) -> [String] {
    if let words = session.model.specification { return data(session) + ["net \(words)"] }
    // The seed is the last network's; and no value of it is left for names of this model.
    let seed = session.settings.seed != 1 ? ["net 1 1 seed=\(session.settings.seed)"] : []
    return seed + ["model L = 0"] + data(session) + equations(session.model)
  }

  /// Behind the values, which say what may be samples, and which train what they are given to.
  private static func roles(_ session: Session) -> [String] {
    let model = session.model
    var lines: [String] = []
    let usual = model.leaves.filter { ![.input, .target].contains($0) }
    if model.specification == nil || model.parameters != usual {
      let trained = model.parameters.map { model.guessed.contains($0) ? $0 + "?" : $0 }
      let inherited = session.inherited.sorted().map { $0 + "!" }
      lines.append((["param only"] + trained + inherited).joined(separator: " "))
    }
    if let samples = model.samples {
      // It was said of other shapes or roles where these would not take it.
      lines.append("samples \(samples.rawValue)" + (session.objection(to: samples) == nil ? "" : "?"))
    }
    return lines + (model.truncation.map { ["truncate \($0)"] } ?? [])
  }

  // MARK: Rows of a data set

  /// Values of so many entries are named as rows of the set and not written out.
  private static let largest = 1 << 16

  /// The leaves that are rows of the set to the last bit, where one is too large to be written out; with how they lie in
  /// them. To fit the model to the set when it is loaded would not do: how samples lie follows from the values, which are
  /// not there yet.
  private static func namedRows(_ session: Session) -> (rows: [Int], places: String, leaves: Set<String>)? {
    guard let data = session.data, data.source != nil, !data.rows.isEmpty, let fed = session.roles.fed,
      [fed.input, fed.target].contains(where: { (session.leaves[$0]?.count ?? 0) > largest })
    else { return nil }
    let (rows, set) = (data.rows[...], data.set)
    func place(_ name: String, _ values: (_ width: Int) -> Tensor?) -> BatchForm.Leaf? {
      guard let value = session.leaves[name] else { return nil }
      for axis in value.shape.dimensions.indices.prefix(2)
      where value.shape.dimensions[axis] == rows.count {
        var sample = value.shape.dimensions
        sample.remove(at: axis)
        guard let leaf = BatchForm.Leaf(text: BatchForm.Leaf(name, sample: sample, axis: axis).text),
          let rows = values(leaf.width), leaf.arranged(rows).isIdentical(to: value)
        else { continue }
        return leaf
      }
      return nil
    }
    let input = place(fed.input) { $0 == set.features ? set.inputs(rows) : nil }
    let target = place(fed.target) { set.labels.has(width: $0) ? set.targets(rows, width: $0) : nil }
    let named = [input, target].compactMap { $0 }
    guard !named.isEmpty else { return nil }
    let places = (input.map { ["inputs=\($0.text)"] } ?? []) + (target.map { ["targets=\($0.text)"] } ?? [])
    return (data.rows, places.joined(separator: " "), Set(named.map(\.name)))
  }

  /// `0:64,70,72:75`, as `batch rows` and `rows=` read it.
  private static func ranges(_ rows: [Int]) -> String {
    var parts: [Range<Int>] = []
    for row in rows {
      if let last = parts.last, last.upperBound == row {
        parts[parts.count - 1] = last.lowerBound..<row + 1
      } else {
        parts.append(row..<row + 1)
      }
    }
    return parts.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound):\($0.upperBound)" }
      .joined(separator: ",")
  }

  // MARK: Values

  /// Lines that give a name a value; several where one would be too long to be read.
  private static func assignments(_ verb: String, _ name: String, _ value: Tensor) -> [String] {
    guard value.count > largest / 8, value.rank > 0 else { return ["\(verb) \(name) = \(literal(value))"] }
    let patch = verb == "let" ? "let" : "set"
    let extents = value.shape.dimensions
    var lines = ["\(verb) \(name) = zeros(\(extents.map(String.init).joined(separator: ", ")))"]
    /// Parts of what stands at the first indices, so many rows at a time.
    func add(_ index: [Int], _ start: Int) {
      let rest = extents.dropFirst(index.count + 1)
      let size = rest.reduce(1, *)
      let extent = extents[index.count]
      if size > largest / 8 {
        for i in 0..<extent { add(index + [i], start + i * size) }
        return
      }
      let step = max(1, largest / 8 / max(1, size))
      for from in stride(from: 0, to: extent, by: step) {
        let to = min(extent, from + step)
        let place = (index.map(String.init) + ["\(from):\(to)"]).joined(separator: ", ")
        let part = value.elements[start + from * size..<start + to * size]
        lines.append("\(patch) \(name)[\(place)] = \(nested(part, ([to - from] + rest)[...]))")
      }
    }
    add([], 0)
    return lines
  }

  /// A value as an expression that reads back to the last bit.
  package static func literal(_ value: Tensor) -> String {
    if value.count == 0 {
      return value.rank == 0
        ? "0" : "zeros(\(value.shape.dimensions.map(String.init).joined(separator: ", ")))"
    }
    return nested(value.elements[...], value.shape.dimensions[...])
  }

  private static func nested(_ elements: ArraySlice<Double>, _ dimensions: ArraySlice<Int>) -> String {
    guard let extent = dimensions.first else { return elements.first.map(number) ?? "0" }
    let rest = dimensions.dropFirst()
    let size = rest.reduce(1, &*)
    if rest.isEmpty { return "[" + elements.map(number).joined(separator: ", ") + "]" }
    let parts = (0..<extent).map { i in
      nested(elements[elements.startIndex + i * size..<elements.startIndex + (i + 1) * size], rest)
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  private static func number(_ x: Double) -> String {
    if x.isNaN { return "(0/0)" }
    if x.isInfinite { return x < 0 ? "(-1/0)" : "(1/0)" }
    return x == 0 && x.sign == .minus ? "-0.0" : Printer.number(x)
  }
}
