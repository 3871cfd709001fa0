import Formulas
import LinearAlgebra
import Operations

// An operation as a function of Python, written out by its definition.

extension PythonWriter {
  /// The name of a function that is this operation at these shapes.
  mutating func helper(_ operation: Operation, _ application: Application) throws(Diagnostic) -> String {
    var parameters: [String] = []
    for i in application.setting.shapes.indices where operation.signature.operand(i)?.isSize != true {
      let name = operation.signature.operand(i)?.name ?? "A"
      parameters.append(
        operation.signature.operands.last?.isRepeated == true && i >= operation.signature.operands.count - 1
          ? "\(name)\(i)" : name)
    }
    let wanted = operation.signature.name.filter { $0.isLetter || $0.isNumber || $0 == "_" }
    let title = wanted.isEmpty ? "part" : operation.name.hasSuffix("'") ? wanted + "_jacobian" : wanted
    switch application.body {
    case .move(let move):
      return helper(title, parameters, try moved(move, application, parameters))
    case .formula(let plain):
      let definition = try operation.computedDefinition(application) ?? plain
      var lines = try lineByLine(definition, application)
      if lines == nil { lines = try grid(definition, application) }
      return helper(title, parameters, lines ?? [], note: operation.text(of: definition, application))
    case .expression, .filled, .made:
      throw Diagnostic("\(operation.name) has no counterpart in \(language.title)")
    }
  }

  /// Every entry from its place in the operands, one behind the other, with a 0 behind them all.
  private func moved(
    _ move: Move, _ application: Application, _ parameters: [String]
  ) throws(Diagnostic) -> [String] {
    let shapes = application.setting.shapes
    guard let positions = move.positions(shapes) else {
      throw Diagnostic("\(application.operation.name) has no counterpart in \(language.title)")
    }
    var starts: [Int] = []
    var total = 0
    for (i, shape) in shapes.enumerated() {
      starts.append(total)
      if application.operation.signature.operand(i)?.isSize != true { total += shape.count }
    }
    let places = positions.map { $0.operand < 0 ? total : starts[$0.operand] + $0.position }
    let parts = parameters.map { language == .torch ? "\($0).ravel()" : "\(language.module).ravel(\($0))" }
    let zero = language == .torch ? "torch.zeros(1)" : "\(language.module).zeros(1)"
    let joined = language == .torch ? "torch.cat" : language.module + ".concatenate"
    let chosen =
      places.isEmpty
      ? language.array("[]") + (language == .torch ? ".long()" : ".astype(int)")
      : language.array("[" + places.map(String.init).joined(separator: ", ") + "]")
    return [
      "entries = \(joined)([\((parts + [zero]).joined(separator: ", "))])",
      "return entries[\(chosen)].reshape(\(Self.tuple(application.shape.dimensions)))",
    ]
  }

  // MARK: Along axes

  /// Where every entry is read at the same place, or along one axis: whole values, and sums along that axis. Nil where
  /// indices say more.
  private mutating func lineByLine(
    _ definition: IndexDefinition, _ application: Application
  ) throws(Diagnostic) -> [String]? {
    guard definition.index.first == .rest || definition.index.isEmpty, definition.index.count <= 2 else {
      return nil
    }
    let option = application.operation.signature.options.first { $0.name == "axis" }
    let rank = application.setting.shapes.first?.rank ?? 0
    let axes = application.setting.options.axes ?? option.flatMap { Int($0.usual) }.map { [$0] }
    var along = AlongAxes(
      axes: axes, rank: rank, isAlone: option == nil, extents: application.letterExtents, lines: [])
    guard
      let piece = try along.written(definition.body, letter: definition.index.last?.onlyVariable, in: &self)
    else { return nil }
    var text = piece.asReal
    let keeps = application.setting.options.keepsAxes || application.setting.options.axes == nil
    if !keeps, definition.index.count == 1, option != nil {
      text = PythonPiece(
        text: "\(text.within(.suffix)).reshape(\(Self.tuple(application.shape.dimensions)))")
    }
    return along.lines + ["return \(text.text)"]
  }

  /// A function of each entry alone.
  mutating func function(_ f: Function, _ argument: PythonPiece) throws(Diagnostic) -> PythonPiece {
    // exp(800) overflows in the definition.
    if f.name == "softplus", language == .numpy {
      return .call("np.logaddexp", ["0", self.argument(argument)])
    }
    if let name = entryFunction(f.name) { return .call(name, [self.argument(argument)]) }
    guard let operation = Operation.of(f), operation.slope != nil else {
      throw Diagnostic("\(f.name) has no counterpart in \(language.title)")
    }
    let application = try operation.application(at: .init(shapes: [.scalar], sizes: [nil]))
    return .call(try helper(operation, application), [self.argument(argument)])
  }

  mutating func choice(_ kind: IndexFormula.Choice, _ parts: [PythonPiece]) -> PythonPiece? {
    let module = language.module
    switch (kind, parts.count) {
    case (.max, 2): return .call(module + ".maximum", parts.map(argument))
    case (.min, 2): return .call(module + ".minimum", parts.map(argument))
    case (.where, 3):
      return .call(module + ".where", [truth(parts[0]), argument(parts[1]), argument(parts[2])])
    case (.clip, 3):
      let low = PythonPiece.call(
        module + ".where",
        [truth(.binary(.lessOrEqual, parts[0], parts[1], language)), argument(parts[1]), argument(parts[0])])
      return .call(
        module + ".where",
        [truth(.binary(.greaterOrEqual, parts[0], parts[2], language)), argument(parts[2]), low.text])
    default: return nil
    }
  }

  private func truth(_ piece: PythonPiece) -> String {
    piece.kind == .truth
      ? piece.text
      : piece.kind == .number ? language.scalar(piece.text) + " != 0" : piece.within(.sum) + " != 0"
  }
}

/// Whole values for entries that are read along the axes of one letter.
private struct AlongAxes {
  /// Nil: all of them.
  let axes: [Int]?
  let rank: Int
  /// There is no axis to name: a sum over `…` is over everything.
  let isAlone: Bool
  let extents: [String: [Int]]
  var lines: [String]

  mutating func written(
    _ formula: IndexFormula, letter: String?, in writer: inout PythonWriter
  ) throws(Diagnostic) -> PythonPiece? {
    switch formula {
    case .number(let value): return .number(value)
    case .local(let name): return PythonPiece(text: name)
    case .entry(.name(let name), let index):
      // A bound of a clip, a number.
      guard !index.isEmpty else { return PythonPiece(text: name) }
      guard index.first == .rest,
        index.count == 1 || (index.count == 2 && index[1].onlyVariable == letter && letter != nil)
      else { return nil }
      return PythonPiece(text: name)
    case .negative(let a): return try written(a, letter: letter, in: &writer).map { .negative($0) }
    case .binary(let operation, let a, let b):
      guard let left = try written(a, letter: letter, in: &writer),
        let right = try written(b, letter: letter, in: &writer)
      else { return nil }
      return .binary(operation, left, right, writer.language)
    case .call(let f, let a):
      guard let argument = try written(a, letter: letter, in: &writer) else { return nil }
      return try writer.function(f, argument)
    case .choice(let kind, let parts):
      var pieces: [PythonPiece] = []
      for part in parts {
        guard let piece = try written(part, letter: letter, in: &writer) else { return nil }
        pieces.append(piece)
      }
      return writer.choice(kind, pieces)
    case .letting(let name, let value, let body):
      guard let piece = try written(value, letter: letter, in: &writer) else { return nil }
      lines.append("\(name) = \(piece.asReal.text)")
      return try written(body, letter: letter, in: &writer)
    case .count(let variables):
      let n = variables.flatMap { extents[$0.name] ?? [$0.extent] }.reduce(1, *)
      return .number(Double(n))
    case .fold(let kind, let variables, let body):
      return try fold(kind, variables, body, letter, in: &writer)
    case .entry, .delta, .position, .partial, .difference, .terms: return nil
    }
  }

  private mutating func fold(
    _ kind: IndexFormula.Fold, _ variables: [IndexFormula.Variable], _ body: IndexFormula, _ letter: String?,
    in writer: inout PythonWriter
  ) throws(Diagnostic) -> PythonPiece? {
    let own = variables.first { $0.name != "…" }
    let isWhole = variables.contains { $0.name == "…" }
    guard variables.count == (own == nil ? 0 : 1) + (isWhole ? 1 : 0),
      variables.allSatisfy({ !$0.isBounded }),
      variables.allSatisfy({ body.contains(variable: $0.name) }),
      let inner = try written(body, letter: own?.name ?? letter, in: &writer)
    else { return nil }
    let language = writer.language
    let name: String
    switch kind {
    case .sum: name = language.module + ".sum"
    case .max: name = language.module + (language == .torch ? ".amax" : ".max")
    case .min: name = language.module + (language == .torch ? ".amin" : ".min")
    case .argmax: return nil
    }
    var arguments = [writer.argument(inner)]
    if !isWhole {
      guard !isAlone else { return nil }
      if let axes, !(axes.count == rank && rank == 0) {
        arguments.append("\(language.axis)=\(axes.count == 1 ? "\(axes[0])" : PythonWriter.tuple(axes))")
        arguments.append("\(language.keepdims)=True")
      }
    }
    return .call(name, arguments)
  }
}

extension Operation {
  /// The definition that a function is written by, in one line.
  fileprivate func text(of definition: IndexDefinition, _ application: Application) -> String? {
    for item in cases where item.applies?(application.setting) ?? true {
      guard case .formula(let text) = item.meaning else { return nil }
      return application.setting.options.reduction == .sum ? nil : computed ?? text
    }
    return nil
  }
}
