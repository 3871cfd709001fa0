import Formulas
import LinearAlgebra

extension Operation {
  /// Sums of products with an index letter for every axis, as NumPy has it. The gradient of an operand is the einsum that
  /// has the result's letters in that operand's place.
  package static let einsum: Operation = Operation(
    "einsum(\"ij,jk->ik\", A, B?, P?, Q?, R?, S?, T?, U?)", title: "einsum",
    note: "a letter for every axis; what the result does not have is summed",
    cases: [
      Case(
        is: .written("C") { (setting) throws(Diagnostic) in try EinsteinSum(setting).formula },
        backward: ["dA = einsum(\"ik,jk->ij\", dC, B)", "dB = einsum(\"ij,ik->jk\", A, dC)"],
        rules: { (setting) throws(Diagnostic) in try EinsteinSum(setting).rules })
    ],
    kernel: .prepared { setting, _ in
      guard let sum = try? EinsteinSum(setting) else { return nil }
      return { sum.run($0, $1) }
    },
    faultInText: { text, operands in
      do throws(EinsteinText.Fault) {
        _ = try EinsteinText(reading: text, operands: operands)
        return nil
      } catch {
        return (EinsteinText.diagnostic(error.message), error.place)
      }
    })
}

/// `ij,jk->ik` at the shapes of its operands.
struct EinsteinSum {
  static let names = ["A", "B", "P", "Q", "R", "S", "T", "U"]

  let shape: Shape
  /// The letters of every operand and of the result.
  private let operands: [[Character]]
  private let result: [Character]
  private let extents: [Character: Int]
  private let ranks: [Int]

  init(_ setting: Operation.Setting) throws(Diagnostic) {
    let text = try EinsteinText(setting.options.text ?? "", operands: setting.shapes.count)
    // What three points stand for gets letters of its own, counted from the last axis.
    let used = text.letters
    let spare = "zyxwvutsrqponmlkjihgfedcba".filter { !used.contains($0) }.map { $0 }
    var widest = 0
    var operands: [[Character]] = []
    for (part, shape) in zip(text.operands, setting.shapes) {
      let hidden = shape.rank - part.letters.count
      guard part.points == nil ? hidden == 0 : hidden >= 0, hidden <= spare.count else {
        throw EinsteinText.diagnostic(
          "'\(part.text)' has \(part.letters.count) letter\(part.letters.count == 1 ? "" : "s"), and its value is \(ShapeMessages.size(shape))"
        )
      }
      widest = max(widest, part.points == nil ? 0 : hidden)
      operands.append(part.letters(for: spare[..<hidden]))
    }
    var extents: [Character: Int] = [:]
    for (letters, shape) in zip(operands, setting.shapes) {
      for (letter, extent) in zip(letters, shape.dimensions) {
        if let known = extents[letter], known != extent {
          throw EinsteinText.diagnostic(
            "\(used.contains(letter) ? "'\(letter)'" : "an axis of ...") is \(known) in one value and \(extent) in another"
          )
        }
        extents[letter] = extent
      }
    }
    // Values that share no letter have as many products as all of their entries multiplied: no one can count them.
    guard extents.values.checkedProduct.map({ $0 <= 1 << 53 }) ?? false else {
      throw EinsteinText.diagnostic("its letters run through more products than can be counted")
    }
    // Without a result as NumPy: letters that stand once, in the order of the alphabet.
    let all = operands.joined()
    result =
      text.result?.letters(for: spare[..<widest])
      ?? spare[..<widest].reversed()
      + Set(all).filter { l in used.contains(l) && all.count { $0 == l } == 1 }.sorted()
    self.operands = operands
    self.extents = extents
    ranks = setting.ranks
    shape = Shape(result.map { extents[$0] ?? 1 })
  }

  private var summed: [Character] {
    var seen = Set(result)
    return operands.joined().filter { seen.insert($0).inserted }
  }

  private static func text(_ letters: [Character]) -> String {
    letters.isEmpty ? "" : "[\(letters.map { String($0) }.joined(separator: ","))]"
  }

  /// `C[i,k] = Σ_j A[i,j]·B[j,k]`.
  var formula: String {
    let product = zip(Self.names, operands).map { $0 + Self.text($1) }.joined(separator: "·")
    let sum = summed.isEmpty ? "" : "Σ_\(summed.map { String($0) }.joined(separator: ",")) "
    return "C\(Self.text(result)) = \(sum)\(product)"
  }

  /// `dA = einsum("ik,jk->ij", dC, B)`. A letter that stands in this operand alone is repeated along ones; one that
  /// stands in it twice, along the diagonal.
  var rules: [String] {
    operands.indices.map { i in
      var own: [Character] = []
      var factors: [(letters: [Character], text: String)] = []
      for (j, letters) in operands.enumerated() where j != i { factors.append((letters, Self.names[j])) }
      let spare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".filter { extents[$0] == nil }
      var free = spare[...]
      var sizes: [(letters: [Character], text: String)] = []
      for letter in operands[i] {
        if own.contains(letter), let other = free.popFirst() {
          sizes.append(([letter, other], "eye(count_\(letter))"))
          own.append(other)
        } else {
          own.append(letter)
        }
      }
      let known = Set(result).union(factors.flatMap(\.letters))
      var missing: [Character] = []
      for letter in operands[i] where !known.contains(letter) && !missing.contains(letter) {
        missing.append(letter)
      }
      if !missing.isEmpty {
        sizes.append((missing, "ones(\(missing.map { "count_\($0)" }.joined(separator: ", ")))"))
      }
      // The gradient stands where the operand stood.
      factors.insert((result, "dC"), at: i)
      let all = factors + sizes
      let spec = all.map { String($0.letters) }.joined(separator: ",") + "->" + String(own)
      return "d\(Self.names[i]) = einsum(\"\(spec)\", \(all.map(\.text).joined(separator: ", ")))"
    }
  }

  /// Sums from left to right over the letters in the order in which they stand.
  func run(_ values: [UnsafeMutablePointer<Double>], _ out: UnsafeMutablePointer<Double>) {
    let letters = result + summed
    let extents = letters.map { self.extents[$0] ?? 1 }
    // How far each value moves when a letter's index grows by one.
    let strides: [[Int]] = operands.map { own in
      var stride = 1
      var result = [Int](repeating: 0, count: letters.count)
      for letter in own.reversed() {
        if let at = letters.firstIndex(of: letter) { result[at] += stride }
        stride *= self.extents[letter] ?? 1
      }
      return result
    }
    let outer = result.count
    let inner = extents[outer...].reduce(1, *)
    var index = [Int](repeating: 0, count: letters.count)
    var positions = [Int](repeating: 0, count: values.count)
    /// One step of the axes in a range, the last running fastest; back at 0 behind the end.
    func advance(_ axes: Range<Int>) {
      for axis in axes.reversed() {
        index[axis] += 1
        for v in positions.indices { positions[v] += strides[v][axis] }
        if index[axis] < extents[axis] { return }
        for v in positions.indices { positions[v] -= strides[v][axis] * extents[axis] }
        index[axis] = 0
      }
    }
    for entry in 0..<shape.count where !Interruption.isRequested {
      var sum = 0.0
      for _ in 0..<inner {
        var product = values[0][positions[0]]
        for v in positions.indices.dropFirst() { product *= values[v][positions[v]] }
        sum += product
        advance(outer..<letters.count)
      }
      out[entry] = sum
      advance(0..<outer)
    }
  }
}
