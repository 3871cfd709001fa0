import Formulas
import LinearAlgebra
import Operations

/// How the extents of an operation's operands and result relate, by what the operation states about itself.
extension ExtentUnification {
  /// Extents of the result, with those of the operands unified; nil where they are not known.
  mutating func relate(_ call: OperationCall) -> [Extent]? {
    let operation = call.operation
    var operands: [[Extent]?] = []
    for (i, operand) in call.operands.enumerated() {
      operands.append(operation.signature.operand(i)?.isSize == true ? [] : visit(operand))
    }
    assumeRanks(call, &operands)
    if operation.loss == nil, isNumber(call, operands) { return [] }
    // A size that is written tells nothing of what stands beside it.
    let values = operands.indices.filter { operation.signature.operand($0)?.isSize != true }
    guard
      let known = values.compactMap({ operands[$0] }).max(by: { $0.count < $1.count })
        ?? (values.isEmpty ? [] : nil)
    else { return nil }
    if operands.contains(where: { $0 == nil }) {
      // What goes entry by entry with something known, or is compared with it, is as long.
      let letters = letters(call, operands.map { $0 ?? known })
      let isEntrywise = letters?.operands.allSatisfy { $0.axes.allSatisfy(\.isRest) } ?? false
      guard isEntrywise && !known.isEmpty || operation.loss != nil else { return nil }
      for (operand, extents) in zip(call.operands, operands) where extents == nil { assume(operand, known) }
      operands = operands.map { $0 ?? known }
    }
    let extents = operands.map { $0 ?? [] }
    if let classes = operation.classAxis(call.options), let values = extents.last,
      let axis = values.axis(classes)
    {
      markClasses(values[axis])
    }
    pair(call, extents)
    if let joined = joined(call, extents) { return joined }
    guard let letters = letters(call, extents) else { return shaped(call, extents) }
    return unify(letters, extents, fixed(call, extents), isStrict: operation.loss != nil)
  }

  /// Extents of the result that no operand has anything to do with: the classes of `onehot(ids, 5)`.
  private func fixed(_ call: OperationCall, _ extents: [[Extent]]) -> [Int?] {
    guard call.operands.indices.contains(where: { call.operation.signature.operand($0)?.isSize == true })
    else {
      return []
    }
    let shapes = [2, 3].compactMap { length in
      shape(call, setting(call, extents, { size($0.symbol) ?? length }, m: length))?.dimensions
    }
    guard shapes.count == 2, shapes[0].count == shapes[1].count else { return [] }
    return zip(shapes[0], shapes[1]).map { $0 == $1 ? $0 : nil }
  }

  /// Names without a value have as many axes as the operation's definition reads, where no other number of them fits:
  /// `einsum("ij,jk->ik", X, W)`, an image and its kernel.
  private mutating func assumeRanks(_ call: OperationCall, _ operands: inout [[Extent]?]) {
    let missing = operands.indices.filter { operands[$0] == nil }
    // Rows of a table are chosen by a list of numbers.
    if !call.subscripts.isEmpty {
      for i in missing {
        guard case .name(let name) = call.operands[i], isUnknownName(call.operands[i]) else { continue }
        operands[i] = assumeAxes(name, i == 0 ? max(2, call.subscripts.count) : 1)
      }
      return
    }
    if call.operation === Operation.onehot, case .name(let labels)? = call.operands.first, missing == [0],
      isUnknownName(.name(labels))
    {
      operands[0] = assumeAxes(labels, 1)
      return
    }
    guard !missing.isEmpty, missing.count < 3, missing.allSatisfy({ isUnknownName(call.operands[$0]) }) else {
      return
    }
    let shapes = operands.map { Shape(($0 ?? []).map { size($0.symbol) ?? 2 }) }
    var fitting: [[Int]] = []
    let ranks = 0...4
    for first in ranks {
      for second in missing.count == 2 ? ranks : 0...0 {
        var trial = shapes
        for (i, rank) in zip(missing, [first, second]) { trial[i] = Shape(Array(repeating: 2, count: rank)) }
        if letters(call, trial) != nil { fitting.append([first, second]) }
      }
    }
    guard fitting.count == 1 else { return }
    for (i, rank) in zip(missing, fitting[0]) {
      guard case .name(let name) = call.operands[i] else { continue }
      operands[i] = guessAxes(name, rank)
    }
  }

  /// What is joined is equally long along every other axis, and a part of the result along its own.
  private mutating func joined(_ call: OperationCall, _ extents: [[Extent]]) -> [Extent]? {
    let isStack = call.operation === Operation.stack
    guard isStack || call.operation === Operation.concat, let first = extents.first,
      extents.allSatisfy({ $0.count == first.count })
    else { return nil }
    let rank = first.count + (isStack ? 1 : 0)
    let asked = call.options.axis ?? 0
    let axis = asked < 0 ? asked + rank : asked
    guard (0..<rank).contains(axis) else { return nil }
    for other in extents.dropFirst() {
      for (i, (a, b)) in zip(first, other).enumerated() where isStack || i != axis { unify(a, b) }
    }
    var result = first
    guard !isStack else {
      result.insert(fresh(extents.count), at: axis)
      return result
    }
    result[axis] = summed(extents.map { $0[axis] })
    for operand in extents { join(operand[axis], into: result[axis]) }
    return result
  }

  /// `S[arange(m), y]`: lists of positions go together entry by entry, and what counts through an axis beside others is as
  /// long. Alone it takes the beginning: `P[arange(m)]` of more positions than are read.
  private mutating func pair(_ call: OperationCall, _ extents: [[Extent]]) {
    let lists = call.subscripts.enumerated().compactMap { axis, item in item.list.map { (axis, $0) } }
    guard extents.count == lists.count + 1 else { return }
    var together: [Extent] = []
    for ((axis, list), own) in zip(lists, extents.dropFirst()) {
      together = broadcast(together, own)
      if lists.count > 1, case .call(let f, _, _) = list, Operation.of(f) === Operation.arange,
        own.count == 1,
        extents[0].indices.contains(axis)
      {
        unify(extents[0][axis], own[0])
      }
    }
  }

  /// A sum over everything is a number, whatever it is of.
  private func isNumber(_ call: OperationCall, _ operands: [[Extent]?]) -> Bool {
    guard operands.contains(where: { $0 == nil }) else { return false }
    return (1...2).allSatisfy { rank in
      let shapes = operands.map { known in
        Shape(known?.map { size($0.symbol) ?? 2 } ?? Array(repeating: 2, count: rank))
      }
      return letters(call, shapes)?.result.isEmpty == true
    }
  }

  private func letters(_ call: OperationCall, _ shapes: [Shape]) -> AxisLetters? {
    AxisLetters(
      call.operation,
      Operation.Setting(
        shapes: shapes, sizes: call.operands.map { $0.wholeNumber(m: 2) }, options: call.options,
        subscripts: call.subscripts))
  }

  private func letters(_ call: OperationCall, _ extents: [[Extent]]) -> AxisLetters? {
    AxisLetters(call.operation, setting(call, extents) { size($0.symbol) ?? 2 })
  }

  private func setting(
    _ call: OperationCall, _ extents: [[Extent]], _ length: (Extent) -> Int, m: Int = 2
  ) -> Operation.Setting {
    Operation.Setting(
      shapes: extents.map { Shape($0.map(length)) }, sizes: call.operands.map { $0.wholeNumber(m: m) },
      options: call.options, subscripts: call.subscripts)
  }

  /// One symbol for every letter; what `…` stands for is stretched, in a loss it is equal.
  private mutating func unify(
    _ letters: AxisLetters, _ extents: [[Extent]], _ fixed: [Int?], isStrict: Bool
  ) -> [Extent] {
    var byLetter: [AxisLetters.Axis: Extent] = [:]
    var rest: [Extent] = []
    for (operand, axes) in letters.operands {
      var own: [Extent] = []
      for (axis, extent) in zip(axes, extents[operand]) {
        switch axis {
        case .rest: own.append(extent)
        case .letter:
          if let first = byLetter[axis] { unify(first, extent) } else { byLetter[axis] = extent }
        case .other: break
        }
      }
      if isStrict { for (a, b) in zip(rest.reversed(), own.reversed()) { unify(a, b) } }
      rest = broadcast(rest, own)
    }
    // An axis of the result that no operand has is made of one that the result has no more: running sums, windows.
    let gone = byLetter.filter { !letters.result.contains($0.key) }.values
    let isMade = gone.isEmpty && !letters.operands.contains { $0.axes.contains(.other) }
    return letters.result.enumerated().map { position, axis in
      switch axis {
      case .letter:
        if let known = byLetter[axis] { return known }
        let own = fresh(isMade && fixed.indices.contains(position) ? fixed[position] : nil)
        for whole in gone { join(own, into: whole) }
        return own
      case .rest(let fromEnd):
        return rest.indices.contains(rest.count - 1 - fromEnd) ? rest[rest.count - 1 - fromEnd] : fresh()
      case .other: return fresh(1, isBroadcast: true)
      }
    }
  }

  /// Extents of what is no formula: made from sizes, moved, or written with other operations. Every symbol gets a size
  /// that nothing else has, and what has it in the result is that symbol. Sizes that are written out may fit the real
  /// ones alone: then axes keep their symbols from the left as far as their sizes stay the same.
  private mutating func shaped(_ call: OperationCall, _ extents: [[Extent]]) -> [Extent]? {
    let written = Set(call.operands.compactMap { $0.wholeNumber(m: 0) })
    var primes = Self.primes.filter { !written.contains($0) }[...]
    let m = primes.removeFirst()
    var symbols: [Int: Extent] = [:]
    if call.operands.contains(.sampleCount) { symbols[m] = countedExtent() }
    var sizes: [Int: Int] = [:]
    for extent in extents.joined() where !extent.isBroadcast && sizes[root(extent.symbol)] == nil {
      guard let prime = primes.popFirst() else { return nil }
      sizes[root(extent.symbol)] = prime
      symbols[prime] = extent
    }
    if let shape = shape(
      call, setting(call, extents, { $0.isBroadcast ? 1 : sizes[root($0.symbol)] ?? 1 }, m: m))
    {
      return shape.dimensions.map {
        symbols[$0] ?? fresh(written.contains($0) ? $0 : nil, isBroadcast: $0 == 1)
      }
    }
    if call.operation === Operation.reshape {
      return call.operands.dropFirst().map { fresh($0.wholeNumber(m: -1).flatMap { $0 > 0 ? $0 : nil }) }
    }
    let first = extents.first ?? []
    guard extents.joined().allSatisfy({ size($0.symbol) != nil }),
      let shape = shape(
        call,
        setting(call, extents, { size($0.symbol) ?? 1 }, m: first.first.flatMap { size($0.symbol) } ?? 1))
    else { return nil }
    let same = zip(first, shape.dimensions).prefix { size($0.symbol) == $1 }.count
    return shape.dimensions.enumerated().map { $0 < same ? first[$0] : fresh($1, isBroadcast: $1 == 1) }
  }

  private func shape(_ call: OperationCall, _ setting: Operation.Setting) -> Shape? {
    guard let application = try? call.operation.application(at: setting) else { return nil }
    guard case .expression(let template) = application.body else { return application.shape }
    // The operands by names of their own, since only their shapes are known here.
    let names = call.operands.indices.map { "%\($0)" }
    let environment = ShapeEnvironment(
      shapes: Dictionary(uniqueKeysWithValues: zip(names, setting.shapes))
    ) { Diagnostic("\(name: $0)") }
    let filled = template.filled(call, setting.shapes, by: names.map { .name($0) })
    return try? ShapeInference(environment).shape(of: filled)
  }

  /// Four of them are fewer entries than the largest tensor has.
  private static let primes = [97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173]
}

extension AxisLetters.Axis {
  fileprivate var isRest: Bool { if case .rest = self { true } else { false } }
}

extension Operation {
  /// The axis of classes, where the operation makes or compares distributions; counted from either end.
  fileprivate func classAxis(_ options: CallOptions) -> Int? {
    jacobian != nil || loss?.fusion?.needsDistributions == true ? options.axis ?? -1 : nil
  }
}

extension Expression {
  /// A size that is written out: a number, or `m`.
  fileprivate func wholeNumber(m: Int) -> Int? {
    switch self {
    case .number(let value): Int(exactly: value)
    case .negative(.number(let value)): Int(exactly: -value)
    case .name(.sampleCount): m
    default: nil
    }
  }
}

extension [ExtentUnification.Extent] {
  /// Resolves an axis counted from either end.
  fileprivate func axis(_ axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + count : axis
    return indices.contains(resolved) ? resolved : nil
  }
}
