import DataSets
import LinearAlgebra
import NeuralNetworks

/// How a model wants its samples: which leaves take the rows of a data set, in rows or columns, flat or as images.
package struct BatchForm: Sendable, Equatable {
  /// A leaf and the shape that one sample has in it.
  package struct Leaf: Sendable, Equatable {
    package let name: String
    /// Extents of one sample: none for a number, F features, C×H×W of an image.
    package let sample: [Int]
    /// The axis that counts samples.
    package let axis: Int

    package init(_ name: String, sample: [Int], axis: Int) {
      self.name = name
      self.sample = sample
      self.axis = min(axis, sample.count)
    }

    /// What a leaf holds now; nil when it holds no samples.
    package init?(_ name: String, in session: Session) {
      guard let shape = session.leaves[name]?.shape, let axis = session.roles.sampleAxes[name],
        shape.dimensions.indices.contains(axis)
      else { return nil }
      var sample = shape.dimensions
      sample.remove(at: axis)
      self.init(name, sample: sample, axis: axis)
    }

    /// As `batch rows` reads it: `u:64xm`, with m where samples are counted. Nil for what it does not read.
    package init?(text: some StringProtocol) {
      guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return nil }
      var extents = text[text.index(after: colon)...].split(separator: "x", omittingEmptySubsequences: false)
      guard let axis = extents.firstIndex(of: "m"), extents.count <= 4 else { return nil }
      extents.remove(at: axis)
      let sample = extents.compactMap { Int($0) }
      // In columns lie rows of numbers, no images.
      guard sample.count == extents.count, sample.allSatisfy({ $0 > 0 }), Shape(sample).checkedCount != nil,
        axis == 0 || axis == 1 && sample.count == 1
      else { return nil }
      self.init(String(text[..<colon]), sample: sample, axis: axis)
    }

    package var text: String {
      var extents = sample.map(String.init)
      extents.insert("m", at: axis)
      return name + ":" + extents.joined(separator: "x")
    }

    package var width: Int { sample.reduce(1, &*) }

    package func shape(samples m: Int) -> Shape {
      var dimensions = sample
      dimensions.insert(m, at: axis)
      return Shape(dimensions)
    }

    /// Rows, m×width, as they lie in the leaf.
    package func arranged(_ rows: Tensor) -> Tensor {
      axis == 1 ? rows.transposed() : rows.reshaped(shape(samples: rows.shape.rows)) ?? rows
    }

    /// What lies in the leaf as rows, m×width.
    package func rows(_ value: Tensor) -> Tensor? {
      axis == 1
        ? (value.rank == 2 ? value.transposed() : nil)
        : width == 0 ? nil : value.reshaped([value.count / width, width])
    }
  }

  package let input: Leaf
  package let target: Leaf

  package init(input: Leaf, target: Leaf) {
    self.input = input
    self.target = target
  }

  /// The form that a session's input and target have now; nil when one of them is missing or does not fit the set.
  package init?(_ session: Session, _ set: DataSet) {
    guard let names = session.roles.fed, let input = Leaf(names.input, in: session),
      let target = Leaf(names.target, in: session), input.width == set.features,
      session.targetWidths(of: set).contains(target.width), target.sample.count <= 1
    else { return nil }
    self.init(input: input, target: target)
  }

  package var leaves: [Leaf] { [input, target] }

  /// Rows of a set as the model's input and target.
  package func values(_ rows: ArraySlice<Int>, of set: DataSet) -> [String: Tensor] {
    let (inputs, targets) = set.batch(rows, width: target.width)
    return [input.name: input.arranged(inputs), target.name: target.arranged(targets)]
  }
}
