import Formulas
import LinearAlgebra

extension Operation {
  /// `E[[0, 3, 1]]`, `S[arange(m), labels]`: the entries at positions that values list. Its definition is the product with
  /// one-hot rows; the gradient is put back at the same places, and added up where one is listed twice.
  package static let gather: Operation = Operation(
    "gather(A, p, q?, r?, s?)", symbol: "[…]", title: "gathering",
    cases: [
      Case(
        is: .written("C") { (setting) throws(Diagnostic) in try GatheredPlaces(setting, .gather).formula },
        backward: ["dA = scatter(dC, expression)"])
    ],
    kernel: .checked { setting, _ in
      guard let places = try? GatheredPlaces(setting, .gather) else { return nil }
      let table = places.table
      return { operands, out in
        places.eachRun(table, operands.dropFirst().map { UnsafePointer($0) }) {
          (out + $0).update(from: operands[0] + $1, count: $2)
        }
      }
    },
    ranges: { (setting) throws(Diagnostic) in try GatheredPlaces(setting, .gather).sliceExtents })
}

/// Which entries an index with lists of positions means. As in NumPy, several lists go together, broadcast; a number
/// among them is a list of one; their axes stand where the first of them does, or in front when a slice is between them.
struct GatheredPlaces {
  /// Of what is gathered.
  let shape: Shape
  /// The formula of an entry, in which `A` is the source and `p`, `q`, … the lists.
  let formula: String
  /// The same the other way round: what is put at the places of `A` from a value `G` of this shape.
  let scattered: String
  /// Letters of the source's axes in `scattered`, with their extents.
  let sourceLetters: [String: Int]
  /// Letters of slices in `formula`, with their extents.
  let sliceExtents: [String: Int]
  struct Table {
    let starts: [Int]
    let picks: [[Int]]
    /// Entries of a run.
    let run: Int
  }

  /// For every axis of the result, how far each of its positions moves in the source, and in each list.
  private let steps: [(source: [Int], lists: [[Int]])]
  /// Where the entry at position 0 of every axis is, in the source.
  private let origin: Int
  private let lists: [(extent: Int, stride: Int, axis: Int)]
  private let source: Shape
  private let literals: [Expression]

  static let listNames = ["p", "q", "r", "s"]

  init(_ setting: Operation.Setting, _ operation: Operation) throws(Diagnostic) {
    let isScatter = operation === Operation.scatter
    let given = Array(setting.shapes.dropFirst(isScatter ? 2 : 1))
    guard let source = isScatter ? setting.shapes.dropFirst().first : setting.shapes.first,
      setting.subscripts.count <= source.rank, given.count <= Self.listNames.count,
      setting.subscripts.count(where: { $0.list != nil }) == given.count
    else { throw Application.misfit(operation, setting) }
    self.source = source
    var common = Shape.scalar
    for list in given {
      guard let next = common.broadcast(with: list) else {
        throw Diagnostic(
          "lists of positions go together entry by entry, and these are \(given.map(\.description).joined(separator: " and "))"
        )
      }
      common = next
    }
    // What each axis of the source is read by.
    enum Axis {
      case number(Int)
      case slice([Int], step: Int)
      case list(Int)
    }
    var axes: [Axis] = []
    for (axis, extent) in source.dimensions.enumerated() {
      let item =
        axis < setting.subscripts.count ? setting.subscripts[axis] : .slice(from: nil, to: nil, step: 1)
      switch item {
      case .positions: axes.append(.list(axes.count { if case .list = $0 { true } else { false } }))
      case .at, .slice:
        guard let chosen = item.positions(extent: extent) else {
          throw Diagnostic("an index lies outside \(source)")
        }
        if case .slice(_, _, let step) = item {
          axes.append(.slice(chosen, step: step))
        } else {
          axes.append(.number(chosen[0]))
        }
      }
    }
    let together = axes.indices.filter { if case .slice = axes[$0] { false } else { true } }
    let isAdjacent = (together.last ?? 0) - (together.first ?? 0) + 1 == together.count
    // The axes of the result: those of the lists, and a slice each.
    var order: [Int?] = axes.indices.filter { !together.contains($0) }
    order.insert(
      nil, at: isAdjacent ? order.firstIndex { ($0 ?? 0) > (together.first ?? 0) } ?? order.count : 0)
    let letters = ["i", "j", "k", "l", "t", "u", "v", "w", "x", "y", "z", "a", "b", "c"][...]
    var free = letters
    func letter() -> String { free.popFirst() ?? "h\(free.count)" }
    var dimensions: [Int] = []
    var result: [String] = []
    var listLetters: [String] = []
    var sliceLetters: [Int: String] = [:]
    for place in order {
      guard let axis = place else {
        listLetters = common.dimensions.map { _ in letter() }
        result += listLetters
        dimensions += common.dimensions
        continue
      }
      if case .slice(let chosen, _) = axes[axis] {
        sliceLetters[axis] = letter()
        result.append(sliceLetters[axis] ?? "")
        dimensions.append(chosen.count)
      }
    }
    shape = Shape(dimensions)
    sliceExtents = sliceLetters.reduce(into: [:]) { result, item in
      if case .slice(let chosen, _) = axes[item.key] { result[item.value] = chosen.count }
    }
    let literals = setting.subscripts.compactMap(\.list)
    self.literals = literals
    /// Negative positions count from the end, as in NumPy, where they stand in the formula itself.
    func place(_ list: Int, _ extent: Int) -> String {
      let own = entry(of: list)
      return literals[list].hasNegativeNumbers ? "\(own) + \(extent)·(\(own) < 0)" : own
    }
    func entry(of list: Int) -> String {
      let rank = given[list].rank
      let own = zip(listLetters.suffix(rank), zip(given[list].dimensions, common.dimensions.suffix(rank))).map
      {
        $1.0 == 1 && $1.1 != 1 ? "0" : $0
      }
      return Self.listNames[list] + (own.isEmpty ? "" : "[\(own.joined(separator: ","))]")
    }
    // A summed letter for every list, a moved one for every slice.
    var read: [String] = []
    var written: [String] = []
    var factors: [String] = []
    var placed: [String] = []
    var sums: [String] = []
    var places: [String: Int] = [:]
    for (axis, kind) in axes.enumerated() {
      let own = letter()
      written.append(own)
      places[own] = source.dimensions[axis]
      switch kind {
      case .number(let number):
        read.append(String(number))
        placed.append("(\(own) == \(number))")
      case .slice(let chosen, let step):
        let moved = sliceLetters[axis] ?? ""
        let first = chosen.first ?? 0
        let isWhole = step == 1 && first == 0
        let index = (step == 1 ? "" : step == -1 ? "-" : "\(step)·") + moved
        read.append(
          isWhole ? moved : step < 0 ? "\(first)\(index)" : first == 0 ? index : "\(index)+\(first)")
        if chosen.count == source.dimensions[axis], isWhole {
          written[axis] = moved
          places[own] = nil
          places[moved] = source.dimensions[axis]
        } else {
          placed.append(
            step < 0 ? "(\(own) + \(-step)·\(moved) == \(first))" : "(\(own) == \(step)·\(moved) + \(first))")
          sums.append(moved)
        }
      case .list(let number):
        read.append(own)
        let place = place(number, source.dimensions[axis])
        factors.append("(\(place) == \(own))")
        placed.append("(\(place) == \(own))")
      }
    }
    let summed = axes.indices.compactMap { axis -> String? in
      if case .list = axes[axis] { read[axis] } else { nil }
    }
    func brackets(_ items: [String]) -> String { items.isEmpty ? "" : "[\(items.joined(separator: ","))]" }
    formula =
      "C\(brackets(result)) = Σ_\(summed.joined(separator: ",")) A\(brackets(read))·\(factors.joined(separator: "·"))"
    let over = listLetters + sums
    scattered =
      "D\(brackets(written)) = \(over.isEmpty ? "" : "Σ_\(over.joined(separator: ",")) ")G\(brackets(result))\(placed.map { "·" + $0 }.joined())"
    sourceLetters = places
    // Flat positions.
    var strides = [Int](repeating: 1, count: source.rank)
    for axis in source.dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * source.dimensions[axis + 1]
    }
    lists = axes.enumerated().compactMap { axis, kind in
      if case .list = kind { (source.dimensions[axis], strides[axis], axis) } else { nil }
    }
    var origin = 0
    for (axis, kind) in axes.enumerated() {
      if case .number(let number) = kind { origin += number * strides[axis] }
    }
    self.origin = origin
    steps = order.flatMap { place -> [(source: [Int], lists: [[Int]])] in
      if let axis = place {
        guard case .slice(let chosen, _) = axes[axis] else { return [] }
        let still = [Int](repeating: 0, count: chosen.count)
        return [(chosen.map { $0 * strides[axis] }, given.map { _ in still })]
      }
      return common.dimensions.enumerated().map { position, extent in
        (
          [Int](repeating: 0, count: extent),
          given.map { list in
            let own = position - (common.rank - list.rank)
            let stride = own < 0 || list.dimensions[own] == 1 ? 0 : list.dimensions[(own + 1)...].reduce(1, *)
            return (0..<extent).map { $0 * stride }
          }
        )
      }
    }
  }

  /// For every run: where it begins in the source, and which entry of each list tells the rest. A run is what a last
  /// whole slice reads one after the other: a row of an embedding.
  var table: Table {
    func outer(_ start: Int, _ moves: some Sequence<[Int]>) -> [Int] {
      moves.reduce([start]) { positions, moves in
        var result: [Int] = []
        result.reserveCapacity(positions.count * moves.count)
        for position in positions { for move in moves { result.append(position + move) } }
        return result
      }
    }
    let last = steps.last
    let isRun =
      last.map { step in
        step.lists.allSatisfy { $0.allSatisfy { $0 == 0 } }
          && step.source.indices.allSatisfy { step.source[$0] == (step.source.first ?? 0) + $0 }
      } ?? false
    let separate = isRun ? steps.dropLast() : steps[...]
    return Table(
      starts: outer(origin + (isRun ? last?.source.first ?? 0 : 0), separate.map(\.source)),
      picks: lists.indices.map { i in outer(0, separate.map { $0.lists[i] }) },
      run: isRun ? last?.source.count ?? 0 : 1)
  }

  /// - Parameter body: what is at so many entries from one of the result on, and from one of the source on.
  /// - Returns: what is wrong with a list; nothing is done from there on.
  func eachRun(
    _ table: Table, _ values: [UnsafePointer<Double>],
    _ body: (_ result: Int, _ source: Int, _ count: Int) -> Void
  ) -> Diagnostic? {
    guard values.count == lists.count else { return Diagnostic("a list of positions is missing") }
    let countsFromEnd = literals.map(\.hasNegativeNumbers)
    for entry in table.starts.indices {
      var position = table.starts[entry]
      for (i, list) in lists.enumerated() {
        let value = values[i][table.picks[i][entry]]
        let fromEnd = value < 0 && countsFromEnd[i]
        guard let own = Int(exactly: fromEnd ? value + Double(list.extent) : value), own >= 0,
          own < list.extent
        else {
          return outside(value, list.extent, list.axis, literals[i], table.picks[i][entry])
        }
        position += own * list.stride
      }
      body(entry * table.run, position, table.run)
    }
    return nil
  }

  private func outside(
    _ value: Double, _ extent: Int, _ axis: Int, _ list: Expression, _ place: Int
  ) -> Diagnostic {
    let noun = source.rank == 2 ? (axis == 0 ? "row" : "column") : "place"
    let ofAxis = source.rank > 2 ? " along axis \(axis)" : ""
    let isNegative = value < 0 && value >= -Double(extent) && value == value.rounded()
    return Diagnostic(
      "there is no \(noun) \(Printer.number(value))\(ofAxis) in a \(source) value: \(list.names.isEmpty ? "entry \(place) of the list" : "\(list)[\(place)]") is \(Printer.number(value))",
      hint: extent == 0
        ? "it is empty"
        : isNegative
          ? "a value's positions count from 0: \(Printer.number(value)) from the end is \(Printer.number(value + Double(extent)))"
          : "positions are whole numbers from 0 to \(extent - 1)")
  }
}

extension Expression {
  /// A list of numbers, one of them below 0.
  fileprivate var hasNegativeNumbers: Bool {
    switch self {
    case .list(let items): items.contains(where: \.hasNegativeNumbers)
    case .negative(.number(let x)): x > 0
    case .number(let x): x < 0
    default: false
    }
  }
}
