import Formulas
import LinearAlgebra
import NeuralNetworks

/// What a trace holds of the first pass, the samples of a loop over them put together.
struct ReviewPass {
  private(set) var values: [ProgramTrace.Value]

  init(_ trace: [ProgramTrace.Value], _ truth: [String: Tensor], _ model: Model, samples: Int) {
    values = Self.stacked(Self.joined(ReviewObjects(trace).values, samples), samples)
    values = Self.first(values, truth, model)
  }

  /// Without what is computed in later turns of the loops around the first whole forward pass: after an update
  /// everything has other values.
  private static func first(
    _ values: [ProgramTrace.Value], _ truth: [String: Tensor], _ model: Model
  ) -> [ProgramTrace.Value] {
    var last: (reach: Int, value: ProgramTrace.Value)?
    for value in values where !value.turns.isEmpty && value.tensor.count > 1 {
      for (reach, equation) in model.equations.enumerated() where reach > last?.reach ?? -1 {
        guard let right = truth[equation.name], !right.isConstant,
          ReviewForm.readings(value.tensor, as: right.shape).contains(where: {
            $0.tensor.agrees(with: right, tolerance: value.precision.tolerance)
          })
        else { continue }
        last = (reach, value)
      }
    }
    if let turns = last?.value.turns {
      // The loop of which this was the last turn computes layer by layer.
      let around = turns.filter { turn in
        values.contains { other in
          other.line == last?.value.line && other.variable == last?.value.variable
            && other.tensor.shape == last?.value.tensor.shape
            && other.turns.contains { $0.loop == turn.loop && $0.turn > turn.turn }
        }
      }
      return withoutLater(values, around)
    }
    // Without one that is right, the loop in which weights are given other values.
    let updating = values.first { value in
      guard let turn = value.turns.first, turn.turn > 0 else { return false }
      let name = VariableName(value.variable)
      // A loop over the parameters computes nothing else: each of its turns belongs to the same pass.
      return name.kind == "w" && !name.isGradient && value.change != .new
        && values.contains { other in
          other.turns.first == turn && other.change == .new && other.tensor.count > 1
            && other.precision != .whole && ReviewReplay.copied(other.formula) == nil
            && other.origin == .assigned
        }
    }?.turns.first
    return values.filter { value in
      guard let updating, let own = value.turns.first, own.loop == updating.loop else { return true }
      return own.turn == 0
    }
  }

  /// The values of certain turns, and what lies outside of their loops but for what comes from later turns.
  private static func withoutLater(
    _ values: [ProgramTrace.Value], _ around: [ProgramTrace.Turn]
  ) -> [ProgramTrace.Value] {
    var later: Set<Int> = []
    return values.filter { value in
      let others = value.turns.compactMap { own in
        around.first { $0.loop == own.loop && $0.turn != own.turn }.map { own.turn > $0.turn }
      }
      let isLater =
        others.contains(true) || ReviewReplay.reads(value.formula).contains(where: later.contains)
      if isLater { later.formUnion(value.records) }
      return others.isEmpty && !isLater
    }
  }

  /// A number for each turn of a loop within one over the samples is a vector, when it comes in every one of its turns.
  private static func joined(_ values: [ProgramTrace.Value], _ samples: Int) -> [ProgramTrace.Value] {
    guard samples > 1 else { return values }
    let inner = values.filter {
      $0.turns.count > 1 && $0.change == .new && $0.tensor.count == 1 && $0.precision != .whole
    }
    var turns: [[Int]: Int] = [:]
    for value in inner {
      guard let last = value.turns.last else { continue }
      let around = value.turns.dropLast().flatMap { [$0.loop, $0.turn] } + [last.loop]
      turns[around] = max(turns[around] ?? 0, last.turn + 1)
    }
    let counts = Set(turns.values).filter { $0 > 1 }
    // Loops of one length alone: of others it is not known what belongs together.
    guard counts.count == 1, let count = counts.first, turns.count >= samples else { return values }
    return stacked(values, count, among: 2)
  }

  /// A vector for each turn of a loop over the samples is a matrix with a row for each, when the last is there.
  /// - Parameter depth: of loops around a value at least; of several, numbers alone become a row.
  static func stacked(
    _ values: [ProgramTrace.Value], _ samples: Int, among depth: Int = 1
  ) -> [ProgramTrace.Value] {
    guard samples > 1 else { return values }
    struct Place: Hashable {
      let line: Int
      let function: String
      let variable: String
      let around: [Int]
    }
    var rows: [Place: [Int]] = [:]
    for (position, value) in values.enumerated() {
      guard let turn = value.turns.last, value.change == .new, value.tensor.count > 0,
        value.turns.count >= depth, depth == 1 || (value.tensor.count == 1 && value.precision != .whole),
        value.tensor.shape.dimensions.filter({ $0 != 1 }).count <= 1
      else { continue }
      let around = value.turns.dropLast().flatMap { [$0.loop, $0.turn] } + [turn.loop]
      let place = Place(
        line: value.line, function: value.function, variable: value.variable, around: around)
      // Each turn once, in order.
      if turn.turn == rows[place]?.count ?? 0 { rows[place, default: []].append(position) }
    }
    var whole: [Int: ProgramTrace.Value] = [:]
    var parts: Set<Int> = []
    for positions in rows.values where positions.count == samples {
      let tensors = positions.map { values[$0].tensor }
      guard let last = positions.last, let width = tensors.first?.count,
        width > 1 || tensors.contains(where: { $0 != tensors[0] }),
        tensors.allSatisfy({ $0.count == width }),
        let stack = Tensor(
          shape: depth == 1 ? [samples, width] : [1, samples], elements: tensors.flatMap(\.elements))
      else { continue }
      parts.formUnion(positions)
      whole[last] = values[last].replacing(
        stack, turns: Array(values[last].turns.dropLast()), records: positions.flatMap { values[$0].records })
    }
    return values.indices.compactMap { whole[$0] ?? (parts.contains($0) ? nil : values[$0]) }
  }
}

extension ProgramTrace.Value {
  /// Several records as one value, outside of the loop that made them.
  func replacing(
    _ tensor: Tensor, turns: [ProgramTrace.Turn], records: [Int]
  ) -> ProgramTrace.Value {
    ProgramTrace.Value(
      line: line, function: function, variable: variable,
      precision: precision == .whole ? .double : precision,
      tensor: tensor, turns: turns, holder: holder, change: change, isRepeated: false,
      records: records)
  }
}
