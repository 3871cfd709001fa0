import LinearAlgebra

/// How a column of numbers is to be understood.
package enum TargetKind: Sendable, Equatable {
  /// Classes if the values are few integers that repeat, otherwise regression.
  case automatic, regression
  /// The values that occur; with a count the numbers from 0, whether all of them occur or not.
  case classes(count: Int?)
}

/// What each row is to be mapped to: a class, or the values of a regression.
package enum Labels: Sendable, Equatable {
  /// One class number a row, each below the number of names.
  case classes([Int], names: [String])
  /// N×K.
  case values(Tensor)

  /// More classes than this are taken for a mistake: a regression target or an identifier.
  package static let largestClassCount = 1000
  /// Numeric labels with at most this many distinct integer values are classes unless told otherwise.
  package static let mostAutomaticClasses = 20

  package var isClasses: Bool { if case .classes = self { true } else { false } }

  package var count: Int {
    switch self {
    case .classes(let labels, _): labels.count
    case .values(let tensor): tensor.shape.rows
    }
  }

  /// Widths that a target matrix may have: K for one-hot, with two classes also 1 (a column of 0 and 1, for one
  /// sigmoid neuron). The first is the usual one.
  package var widths: [Int] {
    switch self {
    case .classes(_, let names): names.count == 2 ? [2, 1] : [names.count]
    case .values(let tensor): [tensor.shape.columns]
    }
  }

  /// Whether target rows can be so wide: one of `widths`, or the numbers of classes.
  package func has(width: Int) -> Bool { isClasses && width == 1 || widths.contains(width) }

  /// The target rows, |indices| × width. `width` must be one of `widths`, or 1 for the numbers of classes: the caller's
  /// invariant, checked.
  package func gather(
    _ indices: ArraySlice<Int>, width: Int, into target: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(has(width: width), "targets cannot have \(width) columns")
    precondition(target.count >= indices.count * width, "the targets do not fit their buffer")
    switch self {
    case .classes(let labels, _):
      target[0..<indices.count * width].update(repeating: 0)
      for (row, index) in indices.enumerated() {
        let label = labels[index]
        if width == 1 { target[row] = Double(label) } else { target[row * width + label] = 1 }
      }
    case .values(let tensor):
      for (row, index) in indices.enumerated() {
        for j in 0..<width { target[row * width + j] = tensor.elements[index * width + j] }
      }
    }
  }

  /// Labels read from text: the classes are the distinct words in alphabetical order.
  static func classes(texts: [String], kind: TargetKind) throws(DataError) -> Labels {
    if case .classes(let count?) = kind {
      throw DataError(
        "classes=\(count) counts labels that are numbers from 0, and here they are text",
        hint: "without it the classes are the words that occur")
    }
    let names = Set(texts).sorted()
    try check(classCount: names.count)
    var numbers: [String: Int] = [:]
    for (number, name) in names.enumerated() { numbers[name] = number }
    return .classes(texts.map { numbers[$0] ?? 0 }, names: names)
  }

  /// Labels read as numbers: the classes are the distinct values in ascending order.
  static func infer(numbers: [Double], kind: TargetKind) throws(DataError) -> Labels {
    let values = Set(numbers).sorted()
    let isIntegral = values.allSatisfy { $0 == $0.rounded() && abs($0) < 0x1p53 }
    let isClasses: Bool
    switch kind {
    case .automatic:
      isClasses = isIntegral && values.count <= mostAutomaticClasses && 2 * values.count <= numbers.count
    case .classes(let count?):
      try check(classCount: count)
      let labels = numbers.map { $0 >= 0 && $0 < Double(count) && isIntegral ? Int(exactly: $0) : nil }
      if let wrong = labels.firstIndex(of: nil) {
        throw DataError(
          "the label \(numbers[wrong]) in row \(wrong) is none of the classes 0 to \(count - 1)",
          hint: "without classes= the classes are the values that occur")
      }
      return .classes(labels.compactMap { $0 }, names: (0..<count).map(String.init))
    case .classes(nil): isClasses = true
    case .regression: isClasses = false
    }
    guard isClasses else { return .values(Tensor(unchecked: [numbers.count, 1], numbers)) }
    try check(classCount: values.count)
    var classes: [Double: Int] = [:]
    for (number, value) in values.enumerated() { classes[value] = number }
    return .classes(
      numbers.map { classes[$0] ?? 0 }, names: values.map { isIntegral ? "\(Int(clamping: $0))" : "\($0)" })
  }

  /// A matrix of targets, N×K: classes if every row is one-hot, otherwise values.
  static func infer(matrix: Tensor, kind: TargetKind) throws(DataError) -> Labels {
    let width = matrix.shape.columns
    guard width != 1 else { return try infer(numbers: matrix.elements, kind: kind) }
    var labels: [Int] = []
    var isOneHot = kind != .regression
    var row = 0
    while isOneHot, row < matrix.shape.rows {
      let values = matrix.elements[row * width..<(row + 1) * width]
      isOneHot = values.allSatisfy { $0 == 0 || $0 == 1 } && values.reduce(0, +) == 1
      if isOneHot, let hot = values.firstIndex(of: 1) { labels.append(hot - row * width) }
      row += 1
    }
    if isOneHot {
      if case .classes(let count?) = kind, count != width {
        throw DataError(
          "classes=\(count), and the targets have \(width) columns",
          hint: "rows with a single 1 have a column for each class")
      }
      try check(classCount: width)
      return .classes(labels, names: (0..<width).map { "\($0)" })
    }
    if case .classes = kind {
      throw DataError(
        "row \(row - 1) of the targets is not one-hot",
        hint: "classes are one column of labels, or rows with a single 1; kind=regression takes any values")
    }
    return .values(matrix)
  }

  private static func check(classCount: Int) throws(DataError) {
    guard classCount > largestClassCount else { return }
    throw DataError(
      "\(classCount) different labels are too many for classes (at most \(largestClassCount))",
      hint: "is another column meant (label=COLUMN), or a regression (kind=regression)?")
  }
}
