import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks

extension BatchForm {
  /// The form in which the present model takes rows of a set: its equations are tried with every form that the set
  /// can have. Nil when none fits.
  package static func fitting(_ session: Session, _ set: DataSet) -> BatchForm? {
    let model = session.model
    guard model.leaves.contains("X") else { return nil }
    let target = model.targetName ?? "Y"
    let layout = model.layout
    let images = [nil, session.leaves["X"]?.imageShape, model.specifiedImage, set.imageShape]
    var tried: Set<Shape?> = []
    for image in images where tried.insert(image).inserted {
      if let image, image.checkedCount != set.features || layout == .columns { continue }
      for width in set.labels.widths {
        let form = BatchForm(layout: layout, imageShape: image, targetWidth: width)
        var shapes = session.leaves.mapValues(\.shape)
        shapes["X"] = form.inputShape(samples: 2, features: set.features)
        shapes[target] = form.targetShape(samples: 2)
        if (try? Program(model, leaves: shapes, isFused: true, missing: { Diagnostic($0) })) != nil {
          return form
        }
      }
    }
    return nil
  }

  /// What a set's rows look like without a model that takes them.
  package static func usual(_ set: DataSet) -> BatchForm {
    BatchForm(layout: .rows, imageShape: nil, targetWidth: set.labels.widths[0])
  }
}

extension Tensor {
  fileprivate var imageShape: Shape? { rank == 4 ? Shape(Array(shape.dimensions.dropFirst())) : nil }
}

extension Model {
  /// C×H×W of `net 1x8x8 …`, nil for features and typed equations.
  fileprivate var specifiedImage: Shape? {
    guard let first = specification?.split(whereSeparator: \.isWhitespace).first else { return nil }
    let extents = first.split(whereSeparator: { $0 == "x" || $0 == "×" }).compactMap { Int($0) }
    return extents.count == 3 ? Shape(extents) : nil
  }
}

extension Session {
  /// Makes rows of the data set X and the target. Keeps the model; a model that does not take them is not ready
  /// afterwards.
  package mutating func choose(_ rows: [Int], form: BatchForm? = nil) {
    guard let set = data?.set else { return }
    let form = form ?? BatchForm.fitting(self, set) ?? .usual(set)
    let (X, Y) = form.tensors(rows[...], of: set)
    data?.rows = rows
    setLeaves(["X": X, model.targetName ?? "Y": Y])
  }

  /// The rows of the data set that are X now, when X has as many samples.
  package var chosenRows: [Int]? {
    guard let data, !data.rows.isEmpty, let X = leaves["X"]?.shape, X.rank >= 2,
      X.dimensions[model.layout == .columns ? 1 : 0] == data.rows.count
    else { return nil }
    // A batch that someone has changed by 'set' is the set's no more. Large ones are not compared.
    if let form = BatchForm(self, data.set), data.rows.count <= 1024, leaves["X"]?.count ?? 0 <= 1 << 17,
      form.tensors(data.rows[...], of: data.set).X != leaves["X"]
    {
      return nil
    }
    return data.rows
  }
}

extension DataError {
  /// The same mistake as the commands tell it; the file's place becomes part of the message.
  package var diagnostic: Diagnostic { Diagnostic(fullMessage, hint: hint) }
}
