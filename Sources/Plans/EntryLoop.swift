import LinearAlgebra

/// Elementwise operations of one shape in a single pass: the arrays are read and written block by block, and what
/// lies between two operations never leaves the first-level cache.
///
/// Broadcasting is done by strides. Neighbouring axes along which the same operands are repeated count as one; the
/// last of them is the run that is cut into blocks.
final class EntryLoop<Number: KernelNumber> {
  /// Numbers in a block: a few of them fit into 32 KiB.
  private static var block: Int { 512 }

  let shape: Shape
  private var buffers: [(pointer: UnsafeMutablePointer<Number>, shape: Shape)] = []
  /// Slot of a node's value.
  private var slots: [Int: Slot] = [:]
  private var registerCount = 0

  private enum Slot {
    case buffer(Int), register(Int)
  }

  private var places: [(operation: EntryOperation, sources: [Slot], destination: Slot)] = []

  // Fixed by `finish`.
  private var outerExtents: [Int] = []
  private var outerStrides: [[Int]] = []
  private var innerStrides: [Int] = []
  private var inner = 0
  private var registers: UnsafeMutablePointer<Number>?
  private var current: UnsafeMutablePointer<UnsafeMutablePointer<Number>>?
  private var program: [(EntryOperation, Int, Int, Int, Int)] = []

  init(_ shape: Shape) { self.shape = shape }

  deinit {
    registers?.deallocate()
    current?.deallocate()
  }

  func isKnown(_ node: Int) -> Bool { slots[node] != nil }

  /// An operand in memory.
  func read(_ node: Int, _ pointer: UnsafeMutablePointer<Number>, _ shape: Shape) {
    guard slots[node] == nil else { return }
    slots[node] = .buffer(buffers.count)
    buffers.append((pointer, shape))
  }

  /// One operation, its value kept in a block only, or written to memory of the loop's shape as well.
  func append(
    _ operation: EntryOperation, node: Int, sources: [Int], to pointer: UnsafeMutablePointer<Number>?
  ) {
    let destination: Slot
    if let pointer {
      destination = .buffer(buffers.count)
      buffers.append((pointer, shape))
    } else {
      destination = .register(registerCount)
      registerCount += 1
    }
    places.append((operation, sources.compactMap { slots[$0] }, destination))
    slots[node] = destination
  }

  func finish() {
    // For each axis, whether each buffer moves along it.
    let rank = shape.rank
    var groups: [(extent: Int, moves: [Bool])] = []
    for axis in 0..<rank where shape.dimensions[axis] != 1 {
      let moves = buffers.map { buffer in
        let own = axis - (rank - buffer.shape.rank)
        return own >= 0 && buffer.shape.dimensions[own] != 1
      }
      if let last = groups.last, last.moves == moves {
        groups[groups.count - 1].extent *= shape.dimensions[axis]
      } else {
        groups.append((shape.dimensions[axis], moves))
      }
    }
    if groups.isEmpty { groups = [(1, buffers.map { _ in false })] }
    var strides = buffers.map { _ in [Int](repeating: 0, count: groups.count) }
    for i in buffers.indices {
      var stride = 1
      for g in groups.indices.reversed() where groups[g].moves[i] {
        strides[i][g] = stride
        stride *= groups[g].extent
      }
    }
    inner = groups.last?.extent ?? 1
    outerExtents = groups.dropLast().map(\.extent)
    outerStrides = strides.map { Array($0.dropLast()) }
    innerStrides = strides.map { $0.last ?? 0 }
    if inner == 1 { innerStrides = innerStrides.map { _ in 1 } }
    // A register for every intermediate value and for every operand that stands still along the run.
    let still = innerStrides.indices.filter { innerStrides[$0] == 0 }
    let width = min(Self.block, max(1, inner))
    let total = buffers.count + registerCount
    let memory = UnsafeMutablePointer<Number>.allocate(
      capacity: max(1, (registerCount + still.count) * width))
    memory.initialize(repeating: 0, count: max(1, (registerCount + still.count) * width))
    let table = UnsafeMutablePointer<UnsafeMutablePointer<Number>>.allocate(capacity: max(1, total))
    table.initialize(repeating: memory, count: max(1, total))
    for r in 0..<registerCount { table[buffers.count + r] = memory + r * width }
    for (s, i) in still.enumerated() { table[i] = memory + (registerCount + s) * width }
    registers = memory
    current = table
    func slot(_ place: Slot) -> Int {
      switch place {
      case .buffer(let i): i
      case .register(let r): buffers.count + r
      }
    }
    program = places.map { place in
      let sources = place.sources.map(slot)
      let first = sources.first ?? 0
      return (
        place.operation, first, sources.count > 1 ? sources[1] : first,
        sources.count > 2 ? sources[2] : first, slot(place.destination)
      )
    }
  }

  func run() {
    guard let current, shape.count > 0 else { return }
    let width = min(Self.block, inner)
    var index = [Int](repeating: 0, count: outerExtents.count)
    var offsets = [Int](repeating: 0, count: buffers.count)
    var isFirst = true
    while !Interruption.isRequested {
      for i in buffers.indices {
        if innerStrides[i] != 0 {
          current[i] = buffers[i].pointer + offsets[i]
        } else if isFirst || outerStrides[i].contains(where: { $0 != 0 }) {
          current[i].update(repeating: buffers[i].pointer[offsets[i]], count: width)
        }
      }
      isFirst = false
      var done = 0
      while done < inner, !Interruption.isRequested {
        let n = min(width, inner - done)
        for (operation, x, y, z, out) in program {
          operation.run(n, current[x], current[y], current[z], current[out])
        }
        done += n
        if done < inner { for i in buffers.indices where innerStrides[i] != 0 { current[i] += n } }
      }
      var axis = outerExtents.count - 1
      while axis >= 0 {
        index[axis] += 1
        for i in offsets.indices { offsets[i] += outerStrides[i][axis] }
        if index[axis] < outerExtents[axis] { break }
        for i in offsets.indices { offsets[i] -= outerStrides[i][axis] * index[axis] }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
