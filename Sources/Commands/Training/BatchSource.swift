import DataSets
import LinearAlgebra
import NeuralNetworks
import Sessions

/// Where training takes its samples from: a data set, or the values that the session's leaves have.
enum BatchSource {
  case data(DataSet, BatchForm)
  /// Values that hold a sample each along an axis.
  case values([String: Tensor], Roles)

  /// Rows to train on.
  var rows: [Int] {
    switch self {
    case .data(let set, _): set.trainingIndices
    case .values(_, let roles): Array(0..<(roles.sampleCount ?? 1))
    }
  }

  var testRows: [Int] {
    switch self {
    case .data(let set, _): set.testIndices
    case .values: []
    }
  }

  /// Writes samples of a leaf into a plan's buffer. `scratch` is grown to what a turned batch needs.
  func fill(
    _ rows: ArraySlice<Int>, _ name: String, into buffer: UnsafeMutableBufferPointer<Double>,
    scratch: inout [Double]
  ) {
    switch self {
    case .data(let set, let form):
      guard let leaf = form.leaves.first(where: { $0.name == name }) else { return }
      func gather(_ target: UnsafeMutableBufferPointer<Double>) {
        if name == form.input.name {
          set.storage.gather(rows, into: target)
        } else {
          set.labels.gather(rows, width: leaf.width, into: target)
        }
      }
      guard leaf.axis == 1 else { return gather(buffer) }
      let count = rows.count * leaf.width
      if scratch.count < count { scratch = [Double](repeating: 0, count: count) }
      scratch.withUnsafeMutableBufferPointer {
        gather($0)
        guard let base = $0.baseAddress, let target = buffer.baseAddress, buffer.count == count else {
          return
        }
        BlockKernels.transpose(rows: rows.count, columns: leaf.width, base, target)
      }
    case .values(let values, let roles):
      if let value = values[name], let axis = roles.sampleAxes[name] {
        Self.take(rows, of: value, axis, into: buffer)
      }
    }
  }

  /// Samples of a tensor along an axis.
  private static func take(
    _ samples: ArraySlice<Int>, of tensor: Tensor, _ axis: Int,
    into target: UnsafeMutableBufferPointer<Double>
  ) {
    guard tensor.shape.dimensions.indices.contains(axis) else { return }
    let total = tensor.shape.dimensions[axis]
    let inner = tensor.shape.dimensions[(axis + 1)...].reduce(1, &*)
    let outer = tensor.shape.dimensions[..<axis].reduce(1, &*)
    guard target.count == outer * samples.count * inner else { return }
    var position = 0
    for o in 0..<outer {
      for sample in samples where sample < total {
        for i in 0..<inner {
          target[position] = tensor.elements[(o * total + sample) * inner + i]
          position += 1
        }
      }
    }
  }
}
