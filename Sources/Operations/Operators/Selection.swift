import Formulas
import LinearAlgebra

extension Operation {
  /// `A[1:3, 0]`: some entries of a value.
  package static let selection: Operation = Operation(
    "selection(A)", symbol: "[…]", title: "selection",
    cases: [
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let source = setting.shapes.first ?? .scalar
          guard let (shape, _) = Evaluator.selection(setting.subscripts, in: source) else {
            throw Diagnostic("an index lies outside \(source)")
          }
          return Move(shape) { index in selected(setting.subscripts, in: source, index).map { (0, $0) } }
        }, backward: ["dA = scatter(dC, expression)"])
    ],
    kernel: .prepared { setting, _ in
      guard let source = setting.shapes.first,
        let (_, positions) = Evaluator.selection(setting.subscripts, in: source)
      else { return nil }
      return { operands, out in
        for (i, position) in positions.enumerated() { out[i] = operands[0][position] }
      }
    })

  /// `scatter(G, A[i, j])`: zeros shaped like A, with G at the selected entries.
  package static let scatter: Operation = Operation(
    "scatter(G, A, p?, q?, r?, s?)",
    note:
      "zeros like A, with G at the selected entries, added up where one is listed twice: scatter(G, A[i, j])",
    cases: [
      Case(
        is: .written("D") { (setting) throws(Diagnostic) in
          let places = try GatheredPlaces(setting, .scatter)
          guard setting.shapes[0] == places.shape else { throw Application.misfit(.scatter, setting) }
          return places.scattered
        }, backward: ["dG = place"], if: { $0.isWholePlace }),
      Case(
        is: .move { (setting) throws(Diagnostic) in
          guard setting.shapes.count == 2,
            let (selected, positions) = Evaluator.selection(setting.subscripts, in: setting.shapes[1]),
            setting.shapes[0].broadcast(with: selected) == selected
          else { throw Application.misfit(.scatter, setting) }
          let (source, whole) = (setting.shapes[0], setting.shapes[1])
          return Move(whole) { index in
            let fixed = index.compactMap(\.fixed)
            guard fixed.count == index.count, let at = whole.position(of: fixed) else { return nil }
            guard let found = positions.lastIndex(of: at) else { return (-1, []) }
            let place = selected.index(at: found).suffix(source.rank)
            return (0, zip(place, source.dimensions).map { Index($1 == 1 ? 0 : $0) })
          }
        }, backward: ["dG = place"]),
    ],
    kernel: .checked { setting, shape in
      let count = shape.count
      if setting.subscripts.contains(where: { $0.list != nil }) {
        guard let places = try? GatheredPlaces(setting, .scatter), setting.shapes[0] == places.shape else {
          return nil
        }
        let table = places.table
        return { operands, out in
          out.update(repeating: 0, count: count)
          return places.eachRun(table, operands.dropFirst(2).map { UnsafePointer($0) }) { from, to, count in
            for i in 0..<count { out[to + i] += operands[0][from + i] }
          }
        }
      }
      guard setting.shapes.count == 2,
        let (selected, positions) = Evaluator.selection(setting.subscripts, in: shape),
        setting.shapes[0] == selected
      else { return nil }
      return { operands, out in
        out.update(repeating: 0, count: count)
        for (i, position) in positions.enumerated() { out[position] = operands[0][i] }
        return nil
      }
    },
    ranges: { (setting) throws(Diagnostic) in
      guard setting.isWholePlace else { return [:] }
      return try GatheredPlaces(setting, .scatter).sourceLetters
    },
    mismatch: { mismatch in
      guard mismatch.shapes.count >= 2 else { return nil }
      return Diagnostic(
        "scatter puts \(mismatch.shapes[0]) where an indexed value of \(mismatch.shapes[1]) stands",
        hint: "scatter's second value is an indexed one: scatter(dY, X[0:2, :])")
    })

  /// The index in the source of an entry of a selection.
  private static func selected(_ subscripts: [Subscript], in shape: Shape, _ index: [Index]) -> [Index]? {
    var rest = index[...]
    var result: [Index] = []
    for (axis, extent) in shape.dimensions.enumerated() {
      guard axis < subscripts.count else {
        guard let next = rest.popFirst() else { return nil }
        result.append(next)
        continue
      }
      guard let positions = subscripts[axis].positions(extent: extent) else { return nil }
      switch subscripts[axis] {
      case .at:
        guard let only = positions.first else { return nil }
        result.append(Index(only))
      case .slice(_, _, let step):
        guard let next = rest.popFirst(), let first = positions.first else { return nil }
        result.append(next.scaled(by: step) + first)
      case .positions: return nil
      }
    }
    return result
  }
}

extension Operation.Setting {
  /// Lists of positions, or as many entries as the place has: what is put there is not broadcast.
  fileprivate var isWholePlace: Bool {
    guard shapes.count == 2, subscripts.allSatisfy({ $0.list == nil }) else { return shapes.count > 2 }
    return Evaluator.selection(subscripts, in: shapes[1])?.shape == shapes[0]
  }
}
