import LinearAlgebra

/// The inputs of a data set, N rows of as many features.
///
/// Images stay the bytes that they are in the file: MNIST as doubles is 439 MB, as bytes 55 MB, and a training
/// loop only ever needs one batch as doubles. `gather` makes it, in the caller's buffer.
package enum Storage: Sendable {
  /// N×features.
  case dense(Tensor)
  case bytes(ByteRows)

  package var count: Int {
    switch self {
    case .dense(let tensor): tensor.shape.rows
    case .bytes(let rows): rows.count
    }
  }

  package var features: Int {
    switch self {
    case .dense(let tensor): tensor.shape.columns
    case .bytes(let rows): rows.features
    }
  }

  /// Copies rows to `target`, |indices| × features, row-major. Every index must be a row and the target large
  /// enough: both are the caller's invariants, checked.
  package func gather(_ indices: ArraySlice<Int>, into target: UnsafeMutableBufferPointer<Double>) {
    let width = features
    let total = count
    precondition(target.count >= indices.count * width, "the batch does not fit its buffer")
    precondition(indices.allSatisfy { $0 >= 0 && $0 < total }, "a row outside the data set")
    guard width > 0, let base = target.baseAddress else { return }
    switch self {
    case .dense(let tensor):
      tensor.elements.withUnsafeBufferPointer { source in
        guard let start = source.baseAddress else { return }
        for (row, index) in indices.enumerated() {
          (base + row * width).update(from: start + index * width, count: width)
        }
      }
    case .bytes(let rows): rows.gather(indices, into: base)
    }
  }

  /// (value − shift) / divisor, feature by feature.
  func normalized(shift: [Double], divisor: [Double]) -> Storage {
    switch self {
    case .dense(let tensor):
      var copy = tensor
      let width = tensor.shape.columns
      copy.withUnsafeMutableElements { elements in
        var position = 0
        while position < elements.count {
          for j in 0..<width { elements[position + j] = (elements[position + j] - shift[j]) / divisor[j] }
          position += width
        }
      }
      return .dense(copy)
    case .bytes(let rows): return .bytes(rows.normalized(shift: shift, divisor: divisor))
    }
  }

  /// The rows of `other` behind these; nil when their widths differ. Bytes stay bytes if both are.
  func appending(_ other: Storage) -> Storage? {
    guard features == other.features else { return nil }
    if case .bytes(let a) = self, case .bytes(let b) = other, let joined = a.appending(b) {
      return .bytes(joined)
    }
    return .dense(
      Tensor(unchecked: [count + other.count, features], tensor.elements + other.tensor.elements))
  }

  /// All rows as doubles, N×features.
  package var tensor: Tensor {
    switch self {
    case .dense(let tensor): return tensor
    case .bytes:
      var result = Tensor(repeating: 0, shape: [count, features])
      let all = Array(0..<count)
      result.withUnsafeMutableElements { gather(all[...], into: $0) }
      return result
    }
  }
}

/// Rows of bytes that read as (byte − shift) / divisor, feature by feature.
package struct ByteRows: Sendable {
  package let bytes: [UInt8]
  package let count: Int
  package let features: Int
  let shift: [Double]
  let divisor: [Double]

  /// Nil when the bytes are not N rows of `features`.
  init?(_ bytes: [UInt8], features: Int, divisor: Double) {
    guard features > 0, bytes.count % features == 0, divisor != 0 else { return nil }
    self.init(
      bytes, features: features, shift: [Double](repeating: 0, count: features),
      divisor: [Double](repeating: divisor, count: features))
  }

  private init(_ bytes: [UInt8], features: Int, shift: [Double], divisor: [Double]) {
    self.bytes = bytes
    self.features = features
    self.shift = shift
    self.divisor = divisor
    count = bytes.count / features
  }

  /// Composes: ((b − s)/d − s′)/d′ = (b − (s + d·s′)) / (d·d′).
  func normalized(shift next: [Double], divisor nextDivisor: [Double]) -> ByteRows {
    ByteRows(
      bytes, features: features, shift: (0..<features).map { shift[$0] + divisor[$0] * next[$0] },
      divisor: (0..<features).map { divisor[$0] * nextDivisor[$0] })
  }

  func appending(_ other: ByteRows) -> ByteRows? {
    guard features == other.features, shift == other.shift, divisor == other.divisor else { return nil }
    return ByteRows(bytes + other.bytes, features: features, shift: shift, divisor: divisor)
  }

  func gather(_ indices: ArraySlice<Int>, into base: UnsafeMutablePointer<Double>) {
    bytes.withUnsafeBufferPointer { bytes in
      shift.withUnsafeBufferPointer { shift in
        divisor.withUnsafeBufferPointer { divisor in
          guard let start = bytes.baseAddress, let s = shift.baseAddress, let d = divisor.baseAddress
          else { return }
          BlockKernels.scaleRows(indices, of: start, features, shift: s, divisor: d, base)
        }
      }
    }
  }
}

extension DataSet {
  /// What its rows take.
  package var byteCount: Int {
    switch storage {
    case .dense: 8 * count * features
    case .bytes: count * features
    }
  }
}
