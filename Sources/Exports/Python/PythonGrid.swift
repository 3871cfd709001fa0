import Formulas
import LinearAlgebra
import Operations

// A definition with letters: an axis for every letter, entries gathered by their indices, sums along the letters of the
// sum. A product of entries that is summed is an einsum.

extension PythonWriter {
  mutating func grid(
    _ definition: IndexDefinition, _ application: Application
  ) throws(Diagnostic) -> [String] {
    var used = language.reserved.union(application.operation.signature.operands.map(\.name))
    var extents: [String: Int] = [:]
    func fresh(_ letter: String) -> String {
      let wanted = letter.filter { $0.isASCII && $0.isLetter }.isEmpty ? "i" : letter
      var name = wanted
      var number = 2
      while used.contains(name) {
        name = "\(wanted)\(number)"
        number += 1
      }
      used.insert(name)
      return name
    }
    let rest = ["i", "j", "k", "l"]
    let shown = application.resultIndex { rest.indices.contains($0) ? rest[$0] : "i\($0)" }
    var order: [String] = []
    var result: [String] = []
    let index = zip(shown, application.shape.dimensions).map { item, extent -> Index in
      guard let letter = item.onlyVariable else { return item }
      let name = fresh(letter)
      extents[name] = extent
      order.append(name)
      result.append(name)
      return .variable(name)
    }
    guard
      let formula = application.entry(
        definition, at: index,
        fresh: { letter, _, extent in
          let name = fresh(letter)
          extents[name] = extent
          order.append(name)
          return .init(name: name, extent: extent)
        }, local: { fresh($0) })
    else { throw Application.misfit(application.operation, application.setting) }
    let names = application.operation.signature.operands.map(\.name)
    let shapes = Dictionary(
      zip(names, application.setting.shapes).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    var grid = Grid(order: order, extents: extents, shapes: shapes, lines: [])
    let shape = application.shape
    let isPlain = shape.dimensions == result.compactMap { extents[$0] }
    func shaped(_ text: String) -> String {
      isPlain ? "return \(text)" : "return \(text).reshape(\(Self.tuple(shape.dimensions)))"
    }
    if let einsum = grid.einsum(formula, result, self) { return [shaped(einsum)] }
    // Of a sum over the last axes nothing but the result's axes is left.
    let isSum: Bool
    if case .fold(let kind, let variables, _) = formula {
      isSum =
        kind != .argmax && variables.map(\.name) == order.suffix(variables.count)
        && order.count == result.count + variables.count
    } else {
      isSum = order.count == result.count
    }
    grid.keepsOutermost = !isSum
    let piece = try grid.written(formula, in: &self).asReal
    let free = formula.freeVariables
    let isWhole = result.allSatisfy { free.contains($0) || extents[$0] == 1 }
    let header = order.isEmpty ? [] : [gridLine(order, extents)]
    if piece.kind == .number { return header + grid.lines + [shaped(language.array(piece.text))] }
    if !isWhole {
      let full = order.map { result.contains($0) ? extents[$0] ?? 1 : 1 }.prefix(
        isSum ? result.count : order.count)
      let broadcast = "\(language.module).broadcast_to(\(piece.text), \(Self.tuple(Array(full))))"
      return header + grid.lines + ["return \(broadcast).reshape(\(Self.tuple(shape.dimensions)))"]
    }
    if isPlain, isSum { return header + grid.lines + ["return \(piece.text)"] }
    return header + grid.lines + ["return \(piece.within(.suffix)).reshape(\(Self.tuple(shape.dimensions)))"]
  }

  /// `i, j, k = np.ogrid[:4, :3, :5]`: an index along an axis of its own each.
  private mutating func gridLine(_ order: [String], _ extents: [String: Int]) -> String {
    let sizes = order.map { extents[$0] ?? 1 }
    if order.count == 1 { return "\(order[0]) = \(language.module).arange(\(sizes[0]))" }
    let left = order.joined(separator: ", ")
    guard language == .torch else {
      return "\(left) = \(language.module).ogrid[\(sizes.map { ":\($0)" }.joined(separator: ", "))]"
    }
    require(
      "ogrid",
      [
        "def ogrid(*extents):", "    # an index along an axis of its own each",
        "    return [torch.arange(n).reshape([n if i == j else 1 for j in range(len(extents))])",
        "            for i, n in enumerate(extents)]",
      ])
    return "\(left) = ogrid(\(sizes.map(String.init).joined(separator: ", ")))"
  }

  /// The entry at indices that may lie outside, where it counts as 0.
  fileprivate mutating func entry(_ name: String, _ index: [String]) -> PythonPiece {
    let m = language.module
    let (clip, whole) =
      language == .torch
      ? ("torch.clamp(torch.as_tensor(i), 0, n - 1)", "torch.tensor(True)")
      : ("\(m).clip(i, 0, n - 1)", "True")
    require(
      "entry",
      [
        "def entry(A, *index):", "    # what lies outside counts as 0", "    inside = \(whole)",
        "    for i, n in zip(index, A.shape):", "        inside = inside & (i >= 0) & (i < n)",
        "    index = tuple(\(clip) for i, n in zip(index, A.shape))",
        "    return \(m).where(inside, A[index], \(language == .torch ? "torch.tensor(0.0)" : "0.0"))",
      ])
    return .call("entry", [name] + index)
  }
}

private struct Grid {
  let order: [String]
  let extents: [String: Int]
  let shapes: [String: Shape]
  var lines: [String]
  /// The outermost sum leaves its axes with extent 1.
  var keepsOutermost = true

  mutating func written(
    _ formula: IndexFormula, isOutermost: Bool = true, in writer: inout PythonWriter
  ) throws(Diagnostic) -> PythonPiece {
    let language = writer.language
    func part(_ formula: IndexFormula) throws(Diagnostic) -> PythonPiece {
      try written(formula, isOutermost: false, in: &writer)
    }
    switch formula {
    case .number(let value): return .number(value)
    case .local(let name): return PythonPiece(text: name)
    case .entry(.name(let name), let index):
      let shape = shapes[name] ?? .scalar
      guard shape.rank > 0 else { return PythonPiece(text: name) }
      let texts = index.map { piece($0).text }
      let isInside = zip(index, shape.dimensions).allSatisfy { item, extent in
        let (low, high) = range(item)
        return low >= 0 && high < extent
      }
      return isInside
        ? PythonPiece(text: "\(name)[\(texts.joined(separator: ", "))]") : writer.entry(name, texts)
    case .delta(let a, let b): return .binary(.equal, piece(a), piece(b), language)
    case .position(let a): return piece(a)
    case .count(let variables): return .number(variables.reduce(1) { $0 * Double($1.extent) })
    case .negative(let a): return .negative(try part(a))
    case .binary(let operation, let a, let b):
      let left = try part(a)
      return .binary(operation, left, try part(b), language)
    case .call(let f, let a): return try writer.function(f, try part(a))
    case .choice(let kind, let parts):
      var pieces: [PythonPiece] = []
      for item in parts { pieces.append(try part(item)) }
      guard let piece = writer.choice(kind, pieces) else { throw unwritten(formula, language) }
      return piece
    case .terms(let parts):
      var sum = PythonPiece.number(0)
      for (i, item) in parts.enumerated() {
        let piece = try part(item)
        sum = i == 0 ? piece : .binary(.add, sum, piece, language)
      }
      return sum
    case .letting(let name, let value, let body):
      lines.append("\(name) = \(try part(value).asReal.text)")
      return try written(body, isOutermost: isOutermost, in: &writer)
    case .fold(let kind, let variables, let body):
      return try fold(kind, variables, body, isOutermost && !keepsOutermost, in: &writer)
    case .entry, .partial, .difference: throw unwritten(formula, language)
    }
  }

  private mutating func fold(
    _ kind: IndexFormula.Fold, _ variables: [IndexFormula.Variable], _ body: IndexFormula, _ drops: Bool,
    in writer: inout PythonWriter
  ) throws(Diagnostic) -> PythonPiece {
    let language = writer.language
    let inner = try written(body, isOutermost: false, in: &writer)
    let free = body.freeVariables
    let axes = variables.compactMap { order.firstIndex(of: $0.name) }
    let list = axes.count == 1 ? "\(axes[0])" : PythonWriter.tuple(axes)
    let along = ["\(language.axis)=\(list)"] + (drops ? [] : ["\(language.keepdims)=True"])
    switch kind {
    case .sum:
      // A term that does not depend on an index is there as often as that index has values.
      let times = variables.filter { !free.contains($0.name) }.reduce(1) { $0 * $1.extent }
      let term = times == 1 ? inner : .binary(.multiply, .number(Double(times)), inner.asReal, language)
      return .call("\(language.module).sum", [writer.argument(term)] + along)
    case .max, .min:
      let name = kind == .max ? "max" : "min"
      return .call(
        "\(language.module).\(language == .torch ? "a" + name : name)", [writer.argument(inner)] + along)
    case .argmax:
      // The first place, counted row by row, at which the largest stands.
      var place = PythonPiece.number(0)
      var total = 1
      for variable in variables.reversed() {
        let step: PythonPiece =
          total == 1
          ? PythonPiece(text: variable.name, kind: .integer)
          : .binary(
            .multiply, PythonPiece(text: variable.name, kind: .integer), .number(Double(total)), language)
        place = total == 1 && variable == variables.last ? step : .binary(.add, step, place, language)
        total *= variable.extent
      }
      let values = writer.argument(inner)
      let (max, min) = language == .torch ? ("amax", "amin") : ("max", "min")
      let largest =
        "\(language.module).\(max)(\(values), \(language.axis)=\(list), \(language.keepdims)=True)"
      let none = language == .torch ? "torch.tensor(\(total))" : "\(total)"
      return .call(
        "\(language.module).\(min)",
        ["\(language.module).where(\(values) == \(largest), \(place.text), \(none))"] + along, .integer)
    }
  }

  private func unwritten(_ formula: IndexFormula, _ language: PythonLanguage) -> Diagnostic {
    Diagnostic("\(IndexText().text(formula)) has no counterpart in \(language.title)")
  }

  private func piece(_ index: Index) -> PythonPiece {
    let text = index.text
    let isAlone = index.onlyVariable != nil || index.fixed.map { $0 >= 0 } == true
    return PythonPiece(
      text: String(text.map { $0 == "·" ? "*" : $0 }), level: isAlone ? .suffix : .sum, kind: .integer)
  }

  private func range(_ index: Index) -> (Int, Int) {
    var (low, high) = (index.constant, index.constant)
    for (name, factor) in index.factors {
      let last = factor * ((extents[name] ?? 1) - 1)
      low += Swift.min(0, last)
      high += Swift.max(0, last)
    }
    return (low, high)
  }

  /// `np.einsum("ik,ikj->ij", G, J)` for a sum of products of entries.
  func einsum(_ formula: IndexFormula, _ result: [String], _ writer: PythonWriter) -> String? {
    var factors: [(name: String, letters: String)] = []
    func collect(_ formula: IndexFormula) -> Bool {
      switch formula {
      case .binary(.multiply, let a, let b): return collect(a) && collect(b)
      case .entry(.name(let name), let index):
        let letters = index.compactMap(\.onlyVariable)
        guard let shape = shapes[name], letters.count == index.count, Set(letters).count == letters.count,
          zip(letters, shape.dimensions).allSatisfy({
            extents[$0] == $1 && $0.count == 1 && $0.first?.isASCII == true
          })
        else { return false }
        factors.append((name, letters.joined()))
        return true
      default: return false
      }
    }
    var summed: [String] = []
    var body = formula
    if case .fold(.sum, let variables, let inner) = formula {
      body = inner
      summed = variables.map(\.name)
    }
    guard collect(body), factors.count > 1 else { return nil }
    let present = Set(factors.flatMap { $0.letters.map(String.init) })
    guard result.allSatisfy(present.contains), summed.allSatisfy(present.contains) else { return nil }
    return
      "\(writer.language.module).einsum(\"\(factors.map(\.letters).joined(separator: ","))->\(result.joined())\", \(factors.map(\.name).joined(separator: ", ")))"
  }
}
