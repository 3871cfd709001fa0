import Formulas
import LinearAlgebra

/// A program made flat: a list of operations over buffers that are allocated once. Equal values are computed once,
/// transposes are flags of the product that reads them, neighbouring elementwise operations are one loop, and what
/// no output needs (the gradient of the data) is left out. An operation that has no kernel is evaluated as the
/// stepper does, which is right and slow; `slow` names those.
package final class TrainingPlan<Number: KernelNumber> {
  private let graph: PlanGraph
  private let storage: PlanStorage<Number>
  private var addresses: [Int: UnsafeMutablePointer<Number>] = [:]
  /// Buffers of this plan alone, by node.
  private var own: [Int: PlanBuffer<Number>] = [:]
  private var leaves: [String: PlanBuffer<Number>] = [:]
  private var steps: [Step] = []
  /// One line a step, for people.
  package private(set) var outline: [String] = []

  /// Equations that have no kernel, with the part that has none.
  package var slow: [(equation: String, formula: Expression)] { graph.slow }

  /// - Parameters:
  ///   - equations: in order, of values and of leaves with `shapes`.
  ///   - sampleCount: what m stands for.
  ///   - outputs: names whose values can be read after a run; a name that the program does not have is left out.
  ///   - storage: holds the values of leaves that plans share; other leaves get a buffer in this plan.
  ///   - updates: what happens to the parameters at the end of a run.
  package init(
    _ equations: [Equation], leaves shapes: [String: Shape], sampleCount: Int?, outputs: [String],
    storage: PlanStorage<Number> = PlanStorage(), updates: [ParameterUpdate] = []
  ) throws(Diagnostic) {
    var graph = PlanGraph(leaves: shapes, sampleCount: sampleCount)
    for equation in equations { try graph.add(equation) }
    var assignments: [Assignment] = []
    for update in updates {
      for (name, shape) in update.memory {
        graph.addLeaf(name, shape)
        storage.allocate(name, shape)
      }
      guard let gradient = graph.names[update.gradientName] else { continue }
      var scope = [update.gradientName: gradient]
      for equation in update.equations {
        let value = try graph.node(equation.expression, scope: scope)
        // From here on the name means the new value.
        scope[equation.name] = value
        let isKept = equation.name == update.parameter || update.memory.contains { $0.name == equation.name }
        if isKept { assignments.append(Assignment(leaf: equation.name, node: value)) }
      }
    }
    self.graph = graph
    self.storage = storage
    try compile(outputs.compactMap { graph.names[$0] }, assignments)
  }

  struct Assignment {
    let leaf: String
    let node: Int
  }

  // MARK: Running

  private enum Step {
    case loop(EntryLoop<Number>)
    case kernel(PlanKernel<Number>)
    /// W ← W − lr · product.
    case ride(ProductCall<Number>, rate: UnsafeMutablePointer<Number>, target: PlanBuffer<Number>)
    case copy(UnsafeMutablePointer<Number>, to: PlanBuffer<Number>)
  }

  package func run() throws(Diagnostic) {
    for step in steps where !Interruption.isRequested {
      switch step {
      case .loop(let loop): loop.run()
      case .kernel(let kernel): if let failure = kernel.run() { throw failure }
      case .ride(let call, let rate, let target):
        call.run(into: target.pointer, alpha: -Double(rate.pointee), beta: 1)
      case .copy(let source, let target): target.pointer.update(from: source, count: target.count)
      }
    }
  }

  /// Where the value of an input lies, to be filled before a run; nil for a name that is never read.
  package func input(_ name: String) -> PlanBuffer<Number>? { leaves[name] ?? storage[name] }

  /// Where an output lies.
  package func output(_ name: String) -> (pointer: UnsafeMutablePointer<Number>, shape: Shape)? {
    guard let node = graph.names[name], let pointer = addresses[node] else { return nil }
    return (pointer, graph.nodes[node].shape)
  }

  // MARK: Compiling

  private func compile(_ outputs: [Int], _ assignments: [Assignment]) throws(Diagnostic) {
    let nodes = graph.nodes
    var uses = [Int](repeating: 0, count: nodes.count)
    var isLive = [Bool](repeating: false, count: nodes.count)
    let kept = Set(outputs)
    for node in outputs + assignments.map(\.node) { isLive[node] = true }
    for node in outputs { uses[node] += 1 }
    for node in nodes.indices.reversed() where isLive[node] {
      for input in nodes[node].inputs {
        isLive[input] = true
        uses[input] += 1
      }
    }
    let assigned = Dictionary(assignments.map { ($0.node, $0.leaf) }, uniquingKeysWith: { first, _ in first })
    let inlined = inlined(isLive, uses, kept.union(assigned.keys))
    let lastReads = lastReads(isLive, inlined)
    /// What is still read afterwards is replaced at the end of the run.
    func isReadLater(_ leaf: String, after number: Int) -> Bool { (lastReads[leaf] ?? -1) > number }
    let riders = riders(assignments, uses, kept).filter {
      !isReadLater(assigned[$0.key] ?? "", after: $0.key)
    }
    let ridden = Set(riders.values.flatMap(\.skipped))
    for number in nodes.indices where isLive[number] && !inlined.contains(number) {
      if ridden.contains(number) || riders[number] != nil { continue }
      let target = assigned[number].flatMap { isReadLater($0, after: number) ? nil : $0 }
      try locate(number, target, uses, kept, inlined)
    }

    var loop: EntryLoop<Number>?
    func close() {
      guard let finished = loop else { return }
      loop = nil
      finished.finish()
      steps.append(.loop(finished))
    }
    for number in nodes.indices where isLive[number] && !inlined.contains(number) && !ridden.contains(number)
    {
      let node = nodes[number]
      if let rider = riders[number] {
        close()
        try ride(rider, assigned[number] ?? "")
        continue
      }
      guard !node.isStored, let address = addresses[number] else { continue }
      if case .reshape = node.operation { continue }
      if case .entries = node.operation {
        if loop?.shape != node.shape { close() }
        let open = loop ?? EntryLoop<Number>(node.shape)
        loop = open
        emit(number, into: open, address, inlined)
        outline.append("loop over \(node.shape): \(title(number))")
        continue
      }
      close()
      let kernel = try PlanKernel<Number>(node, try operands(node), to: address)
      steps.append(.kernel(kernel))
      outline.append("\(node.shape): \(title(number))")
    }
    close()
    // Copies of a value into a second name, and updates that are no operation of their own.
    for assignment in assignments
    where riders[assignment.node] == nil && addresses[assignment.node] != storage[assignment.leaf]?.pointer {
      guard let source = addresses[assignment.node], let target = storage[assignment.leaf] else { continue }
      steps.append(.copy(source, to: target))
    }
  }

  private func title(_ number: Int) -> String {
    let names = graph.names.filter { $0.value == number }.map(\.key).sorted()
    if !names.isEmpty { return names.joined(separator: " = ") }
    switch graph.nodes[number].operation {
    case .evaluated(let formula): return "\(formula), evaluated by the stepper"
    case .entries(let operation): return "\(operation)"
    case .product: return "product"
    case .kernel(let f, _): return f.name
    case .constant, .leaf, .transpose, .reshape: return "copy"
    }
  }

  private func operands(_ node: PlanNode) throws(Diagnostic) -> [(
    pointer: UnsafeMutablePointer<Number>, shape: Shape
  )] {
    var result: [(pointer: UnsafeMutablePointer<Number>, shape: Shape)] = []
    for input in node.inputs {
      guard let address = addresses[input] else { throw Diagnostic("a value of the plan has no place") }
      result.append((address, graph.nodes[input].shape))
    }
    return result
  }

  /// Elementwise values that only one elementwise value of the same shape reads stay in its loop.
  private func inlined(_ isLive: [Bool], _ uses: [Int], _ kept: Set<Int>) -> Set<Int> {
    var result: Set<Int> = []
    for (number, node) in graph.nodes.enumerated() where isLive[number] && node.isEntries {
      for input in Set(node.inputs)
      where graph.nodes[input].isEntries && graph.nodes[input].shape == node.shape && !kept.contains(input)
        && uses[input] == node.inputs.count(where: { $0 == input })
      {
        result.insert(input)
      }
    }
    return result
  }

  /// The last place of the run at which every leaf is read, directly or under another shape.
  private func lastReads(_ isLive: [Bool], _ inlined: Set<Int>) -> [String: Int] {
    var result: [String: Int] = [:]
    // An inlined value is computed where the value is that needs it.
    var place = Array(graph.nodes.indices)
    for number in graph.nodes.indices.reversed() where isLive[number] {
      for input in graph.nodes[number].inputs where inlined.contains(input) { place[input] = place[number] }
    }
    func leaf(_ number: Int) -> String? {
      switch graph.nodes[number].operation {
      case .leaf(let name): name
      case .reshape: leaf(graph.nodes[number].inputs[0])
      case .constant, .entries, .product, .transpose, .kernel, .evaluated: nil
      }
    }
    for number in graph.nodes.indices where isLive[number] {
      if case .reshape = graph.nodes[number].operation { continue }
      for input in graph.nodes[number].inputs {
        if let name = leaf(input) { result[name] = max(result[name] ?? -1, place[number]) }
      }
    }
    return result
  }

  private func emit(
    _ number: Int, into loop: EntryLoop<Number>, _ address: UnsafeMutablePointer<Number>?, _ inlined: Set<Int>
  ) {
    guard case .entries(let operation) = graph.nodes[number].operation else { return }
    for input in graph.nodes[number].inputs where !loop.isKnown(input) {
      if inlined.contains(input) {
        emit(input, into: loop, nil, inlined)
      } else if let pointer = addresses[input] {
        loop.read(input, pointer, graph.nodes[input].shape)
      }
    }
    loop.append(operation, node: number, sources: graph.nodes[number].inputs, to: address)
  }

  // MARK: Places

  private func locate(
    _ number: Int, _ assigned: String?, _ uses: [Int], _ kept: Set<Int>, _ inlined: Set<Int>
  ) throws(Diagnostic) {
    let node = graph.nodes[number]
    switch node.operation {
    case .leaf(let name):
      if let shared = storage[name], shared.shape == node.shape {
        addresses[number] = shared.pointer
      } else {
        let buffer = PlanBuffer<Number>(node.shape)
        leaves[name] = buffer
        addresses[number] = buffer.pointer
      }
      return
    case .constant(let value):
      let buffer = PlanBuffer<Number>(node.shape)
      buffer.load(value)
      own[number] = buffer
      addresses[number] = buffer.pointer
      return
    case .reshape:
      addresses[number] = addresses[node.inputs[0]]
      return
    case .entries:
      if let assigned, let target = storage[assigned], target.shape == node.shape {
        addresses[number] = target.pointer
        return
      }
      // Over an operand that nothing else reads.
      if let operand = replaceable(number, uses, kept, inlined) {
        addresses[number] = addresses[operand]
        return
      }
    case .product, .transpose, .kernel, .evaluated: break
    }
    let buffer = PlanBuffer<Number>(node.shape)
    own[number] = buffer
    addresses[number] = buffer.pointer
  }

  private func replaceable(_ number: Int, _ uses: [Int], _ kept: Set<Int>, _ inlined: Set<Int>) -> Int? {
    for input in graph.nodes[number].inputs {
      let node = graph.nodes[input]
      guard node.shape == graph.nodes[number].shape else { continue }
      if inlined.contains(input) {
        if let found = replaceable(input, uses, kept, inlined) { return found }
        continue
      }
      if case .reshape = node.operation { continue }
      if !node.isStored, uses[input] == 1, !kept.contains(input), own[input] != nil { return input }
    }
    return nil
  }

  // MARK: Updates on the product

  /// W ← W − lr · (op(A) @ op(B)) as one product that adds to W: the gradient is never written down.
  private struct Rider {
    let product: Int
    let rate: Int
    /// Nodes that need no value of their own.
    let skipped: [Int]
  }

  private func riders(_ assignments: [Assignment], _ uses: [Int], _ kept: Set<Int>) -> [Int: Rider] {
    let nodes = graph.nodes
    var result: [Int: Rider] = [:]
    let changed = Set(assignments.map(\.leaf))
    for assignment in assignments {
      guard case .entries(.block(.subtract)) = nodes[assignment.node].operation,
        case .leaf(assignment.leaf) = nodes[nodes[assignment.node].inputs[0]].operation
      else { continue }
      let scaled = nodes[assignment.node].inputs[1]
      guard case .entries(.block(.multiply)) = nodes[scaled].operation, uses[scaled] == 1,
        !kept.contains(scaled)
      else { continue }
      let (rate, product) = (nodes[scaled].inputs[0], nodes[scaled].inputs[1])
      guard nodes[rate].shape.isScalar, nodes[rate].isStored, case .product = nodes[product].operation,
        uses[product] == 1, !kept.contains(product), nodes[product].shape == nodes[assignment.node].shape,
        // A factor that is itself a parameter may have been changed before.
        !nodes[product].inputs.contains(where: { reads($0, changed) })
      else { continue }
      result[assignment.node] = Rider(product: product, rate: rate, skipped: [scaled, product])
    }
    return result
  }

  private func reads(_ number: Int, _ names: Set<String>) -> Bool {
    switch graph.nodes[number].operation {
    case .leaf(let name): names.contains(name)
    case .reshape: reads(graph.nodes[number].inputs[0], names)
    default: false
    }
  }

  private func ride(_ rider: Rider, _ name: String) throws(Diagnostic) {
    let node = graph.nodes[rider.product]
    guard case .product(let transposeA, let transposeB) = node.operation, let target = storage[name],
      let rate = addresses[rider.rate]
    else { throw Diagnostic("\(name: name) has no place in the plan") }
    let inputs = try operands(node)
    let call = ProductCall(inputs[0], inputs[1], transposeA: transposeA, transposeB: transposeB)
    steps.append(.ride(call, rate: rate, target: target))
    outline.append("\(target.shape): \(name) - lr * d\(name), on the product")
  }
}
