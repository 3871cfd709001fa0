import Formulas
import LinearAlgebra
import Operations

/// What a loss may compare predictions with: a value, or numbers of classes, `S[arange(m), y]`, which are the one-hot rows
/// that a loss of the table reads.
struct LossTarget {
  /// What the equations read.
  let read: Expression
  /// The axis of the classes where the equations read their numbers, counted from the front; nil for an entry each.
  private(set) var labelAxis: Int?
  /// How many numbers the equations count through beside the labels, where they write it: `arange(4)`.
  private(set) var count: Int?

  init(_ read: Expression) { self.read = read }

  /// `base[arange(m), y]`, `base[y, arange(m)]`, `base[y]` of one sample.
  init?(gathering expression: Expression, labels: Set<String>) {
    guard case .index(_, let items) = expression, (1...2).contains(items.count) else { return nil }
    let lists = items.map(\.list)
    let places = lists.indices.filter { i in
      switch lists[i] {
      case .name(let name)?: labels.contains(name)
      // Class numbers written down, beside what counts the samples.
      case .list(let numbers)?:
        items.count == 2 && numbers.allSatisfy(\.isNumber) && lists[1 - i]?.isCounting == true
      default: false
      }
    }
    guard places.count == 1, let axis = places.first, let y = lists[axis] else { return nil }
    if items.count == 2 {
      switch lists[1 - axis] {
      case .call(let f, let sizes, _)? where Operation.of(f) === Operation.arange && sizes.count == 1:
        if case .number(let n) = sizes[0] { count = Int(exactly: n) }
      case .list(let numbers)? where numbers == numbers.indices.map({ .number(Double($0)) }):
        count = numbers.count
      default: return nil
      }
    }
    read = y
    labelAxis = axis
    isAlone = items.count == 1
  }

  private var isAlone = false

  /// How many axes the predictions have; nil where every number may do.
  var rank: Int? { labelAxis == nil ? nil : isAlone ? 1 : 2 }

  /// An entry for every class, of so many classes.
  func formula(classes: Int?) -> Expression {
    guard let labelAxis else { return read }
    let sizes = classes.map { [Expression.number(Double($0))] } ?? []
    let rows = Expression.call(Function(Operation.onehot.name), [read] + sizes, .none)
    return isAlone ? .index(rows, [.at(0)]) : labelAxis == 0 ? .transpose(rows) : rows
  }

  /// What the equations read for a target with an entry for every class, drawn anew where that is the number of one.
  func drawn(_ target: inout Tensor, _ generator: inout RandomGenerator) -> Tensor {
    guard let labelAxis, target.shape.dimensions.indices.contains(labelAxis) else { return target }
    let K = target.shape.dimensions[labelAxis]
    let samples = K == 0 ? 0 : target.count / K
    let numbers = generator.uniform(shape: [samples], 0, Double(K)).elements.map {
      min($0.rounded(.down), Double(K - 1))
    }
    target = Tensor(repeating: 0, shape: target.shape)
    for (i, number) in numbers.enumerated() {
      let k = Int(clamping: number)
      target.replaceElement(at: labelAxis == 0 ? k * samples + i : i * K + k, with: 1)
    }
    return Tensor(unchecked: isAlone ? [] : [samples], numbers)
  }
}

extension Expression {
  fileprivate var isNumber: Bool { if case .number = self { true } else { false } }

  /// `arange(m)`.
  fileprivate var isCounting: Bool {
    if case .call(let f, _, _) = self { Operation.of(f) === Operation.arange } else { false }
  }
}
