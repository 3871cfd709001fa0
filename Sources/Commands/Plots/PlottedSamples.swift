import Formulas
import DataSets
import LinearAlgebra
import Reports
import Sessions

/// Samples as points of a plane, by class.
struct PlottedSamples {
  let inputs: Tensor
  let targets: Tensor
  let classNames: [String]?
  /// More points than this fill the window.
  private static let most = 600

  /// The training rows of the data set when its rows are what the model is fed, else the input and the target.
  init?(_ session: Session) {
    if let data = session.data {
      let rows = data.set.trainingIndices
      let step = max(1, (rows.count + Self.most - 1) / Self.most)
      let some = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
      let width = BatchForm.fitting(session, data.set)?.target.width ?? data.set.labels.widths[0]
      (inputs, targets) = data.set.batch(some[...], width: width)
      classNames = data.set.classNames
      return
    }
    guard let names = session.roles.fed,
      let X = BatchForm.Leaf(names.input, in: session), let Y = BatchForm.Leaf(names.target, in: session),
      X.sample.count <= 1, Y.sample.count <= 1,
      let inputs = session.leaves[names.input].flatMap({ X.rows($0) }),
      let targets = session.leaves[names.target].flatMap({ Y.rows($0) }),
      inputs.shape.rows == targets.shape.rows
    else { return nil }
    self.inputs = inputs
    self.targets = targets
    classNames = nil
  }

  var count: Int { inputs.shape.rows }

  /// The two inputs as they are typed: X[:, 0] in rows, X[0, :] in columns.
  func labels(_ session: Session) -> (x: Prose, y: Prose) {
    let input = session.roles.feeding.input
    return session.roles.sampleAxes[input] == 1
      ? ("\(name: input)[0, :]", "\(name: input)[1, :]") : ("\(name: input)[:, 0]", "\(name: input)[:, 1]")
  }

  /// The class that a row of outputs or targets stands for.
  static func classOf(_ row: ArraySlice<Double>) -> Int {
    guard row.count > 1 else { return (row.first ?? 0) > 0.5 ? 1 : 0 }
    var best = row.startIndex
    for i in row.indices where row[i] > row[best] { best = i }
    return best - row.startIndex
  }

  static func classes(_ rows: Tensor) -> [Int] {
    let width = max(1, rows.shape.columns)
    return (0..<rows.shape.rows).map { classOf(rows.elements[$0 * width..<($0 + 1) * width]) }
  }

  /// One series a class. x and y are the first two inputs.
  func series() -> [Plot.Series] {
    let labels = Self.classes(targets)
    let count = max(classNames?.count ?? 0, (labels.max() ?? 0) + 1, 2)
    return (0..<count).map { number in
      let name = classNames.flatMap { $0.indices.contains(number) ? $0[number] : nil }
      return Plot.Series(
        name.map { $0 == "\(number)" ? "class \(number)" : "\($0)" } ?? "class \(number)",
        labels.indices.filter { labels[$0] == number }.map {
          Plot.Point(inputs[$0, 0] ?? 0, inputs[$0, 1] ?? 0)
        })
    }
  }
}
