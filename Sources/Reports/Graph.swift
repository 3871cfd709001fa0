import Formulas

/// A pass as a graph: its values in the order in which they are computed, each with its gradient.
package struct Graph: Sendable {
  package enum State: Sendable { case done, next, toCome }

  package struct Value: Sendable {
    package var name: Prose
    /// `4×5`, or nothing for one number.
    package var shape: String
    /// Its right side; nil for what is given.
    package var formula: Prose?
    package var state: State

    package init(_ name: Prose, shape: String, formula: Prose? = nil, state: State) {
      self.name = name
      self.shape = shape
      self.formula = formula
      self.state = state
    }
  }

  package struct Node: Sendable {
    package var value: Value
    /// What a value is that no equation makes: input, target, parameter.
    package var role: String?
    package var gradient: Value?
    /// Positions of the nodes that it reads, all before it.
    package var sources: [Int]
    /// Other values that are drawn in it, where the graph is folded.
    package var folded: [Value] = []

    package init(_ value: Value, role: String? = nil, gradient: Value?, sources: [Int]) {
      self.value = value
      self.role = role
      self.gradient = gradient
      self.sources = sources
    }
  }

  package var nodes: [Node]

  package init(_ nodes: [Node]) { self.nodes = nodes }

  /// Positions of the nodes that read each.
  package var readers: [[Int]] {
    var result = Array(repeating: [Int](), count: nodes.count)
    for (index, node) in nodes.enumerated() { for source in node.sources { result[source].append(index) } }
    return result
  }

  /// Layer by layer: what only one value reads stands in that value's node.
  package var folded: Graph {
    let readers = readers
    var place: [Int: Int] = [:]
    var result: [Node] = []
    // What each node hands on to its only reader.
    var held: [Int: (folded: [Value], sources: [Int])] = [:]
    for (index, node) in nodes.enumerated() {
      var folded: [Value] = []
      var sources: [Int] = []
      for source in node.sources {
        if let inside = held[source] {
          folded += inside.folded
          sources += inside.sources
        } else if let at = place[source], !sources.contains(at) {
          sources.append(at)
        }
      }
      let isInside = readers[index].count == 1 && node.value.state != .next
      if isInside, node.role != nil || !sources.isEmpty {
        held[index] = (folded + [node.value], sources)
        continue
      }
      var whole = node
      whole.folded = folded
      whole.sources = sources
      place[index] = result.count
      result.append(whole)
    }
    return Graph(result)
  }
}
