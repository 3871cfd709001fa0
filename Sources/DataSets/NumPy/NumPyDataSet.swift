import LinearAlgebra

/// Data sets from NumPy arrays.
enum NumPyDataSet {
  /// `data npy X.npy y.npy`, or one matrix with its labels in a column (the last unless given, negative from the
  /// end).
  static func npy(
    _ path: String, labels labelPath: String?, label: Int?, kind: TargetKind, imageShape: Shape?
  ) throws(DataError) -> DataSet {
    let array = try NPY.read(path)
    let (storage, shape, labels): (Storage, Shape?, Labels)
    if let labelPath {
      labels = try self.labels(NPY.read(labelPath), labelPath, kind)
      (storage, shape) = try inputs(array, path)
    } else {
      let table = array.tensor
      let width = table.shape.columns
      guard table.rank == 2, width >= 2 else {
        throw DataError(
          "one array of shape \(array.shape) has no column to take labels from", path: path,
          hint: "give the labels as a second file: data npy X.npy y.npy")
      }
      let wanted = label ?? -1
      guard wanted >= -width, wanted < width else {
        throw DataError("there is no column \(wanted)", path: path, hint: "the columns are 0 to \(width - 1)")
      }
      let column = wanted < 0 ? wanted + width : wanted
      var features: [Double] = []
      features.reserveCapacity(table.count - table.shape.rows)
      var numbers: [Double] = []
      for (position, value) in table.elements.enumerated() {
        if position % width == column { numbers.append(value) } else { features.append(value) }
      }
      let rows = Tensor(unchecked: [table.shape.rows, width - 1], features)
      try checkFinite(table, path)
      (storage, shape) = (.dense(rows), nil)
      labels = try infer(Tensor(unchecked: [numbers.count, 1], numbers), path, kind)
    }
    return try make("npy", path, storage, imageShape ?? shape, labels, nil)
  }

  /// Names under which inputs and targets are usually saved; the second pair, if there, is the test part.
  private static let usualNames:
    [(inputs: String, targets: String, testInputs: String, testTargets: String)] = [
      ("x_train", "y_train", "x_test", "y_test"), ("X_train", "y_train", "X_test", "y_test"),
      ("train_images", "train_labels", "test_images", "test_labels"), ("X", "Y", "X_test", "Y_test"),
      ("X", "y", "X_test", "y_test"), ("x", "y", "x_test", "y_test"), ("images", "labels", "", ""),
      ("inputs", "targets", "", ""), ("data", "target", "", ""),
    ]

  static func npz(
    _ path: String, inputs inputName: String?, targets targetName: String?, kind: TargetKind,
    imageShape: Shape?
  ) throws(DataError) -> DataSet {
    let archive = try NPZ(path)
    let names = Set(archive.names)
    let usual = usualNames.first { names.contains($0.inputs) && names.contains($0.targets) }
    guard let x = inputName ?? usual?.inputs, let y = targetName ?? usual?.targets else {
      throw DataError(
        "which arrays are inputs and targets? It holds \(archive.names.prefix(20).joined(separator: ", "))",
        path: path, hint: "say x=NAME y=NAME")
    }
    var (storage, shape) = try inputs(archive.array(x), path)
    var targets = try archive.array(y)
    var test: Range<Int>?
    if inputName == nil, targetName == nil, let usual, names.contains(usual.testInputs),
      names.contains(usual.testTargets)
    {
      let (more, _) = try inputs(archive.array(usual.testInputs), path)
      let moreTargets = try archive.array(usual.testTargets)
      let count = storage.count
      guard let joined = storage.appending(more), Shape([joined.count, joined.features]).checkedCount != nil,
        let joinedTargets = appending(targets, moreTargets)
      else {
        throw DataError("training and test part differ in the shape of their samples", path: path)
      }
      // The sum alone would hide labels that moved from one part to the other.
      guard count == rows(targets), more.count == rows(moreTargets) else {
        throw DataError(
          "\(count) and \(more.count) inputs, but \(rows(targets)) and \(rows(moreTargets)) targets",
          path: path)
      }
      storage = joined
      targets = joinedTargets
      test = count..<joined.count
    }
    return try make("npz", path, storage, imageShape ?? shape, labels(targets, path, kind), test)
  }

  private static func make(
    _ name: String, _ path: String, _ storage: Storage, _ imageShape: Shape?, _ labels: Labels,
    _ test: Range<Int>?
  ) throws(DataError) -> DataSet {
    do throws(DataError) {
      return try DataSet(
        name: name, description: "the arrays of \(path)", storage: storage, imageShape: imageShape,
        labels: labels, testIndices: test)
    } catch {
      throw error.at(path)
    }
  }

  private static func rows(_ array: NumPyArray) -> Int { array.shape.dimensions.first ?? 0 }

  private static func appending(_ a: NumPyArray, _ b: NumPyArray) -> NumPyArray? {
    guard a.shape.dimensions.dropFirst() == b.shape.dimensions.dropFirst(), !a.shape.isScalar,
      !b.shape.isScalar
    else { return nil }
    let shape = Shape([rows(a) + rows(b)] + a.shape.dimensions.dropFirst())
    return NumPyArray(shape: shape, type: a.type, elements: .doubles(a.doubles + b.doubles))
  }

  /// N, N×features, N×H×W, N×C×H×W or N×H×W×1. Bytes stay bytes.
  private static func inputs(_ array: NumPyArray, _ path: String) throws(DataError) -> (Storage, Shape?) {
    let extents = array.shape.dimensions
    guard (1...4).contains(extents.count), !extents.contains(0) else {
      throw DataError(
        "inputs of shape \(array.shape) are not samples", path: path,
        hint: "N×features, N×height×width or N×channels×height×width are read")
    }
    let features = array.shape.count / extents[0]
    var image: Shape?
    if extents.count == 3 { image = [1, extents[1], extents[2]] }
    if extents.count == 4 {
      // Channels last, as Keras has it, is the same order in memory when there is one channel.
      image = extents[3] == 1 ? [1, extents[1], extents[2]] : Shape(Array(extents.dropFirst()))
    }
    if case .bytes(let bytes) = array.elements, let rows = ByteRows(bytes, features: features, divisor: 1) {
      return (.bytes(rows), image)
    }
    let tensor = Tensor(unchecked: [extents[0], features], array.doubles)
    try checkFinite(tensor, path)
    return (.dense(tensor), image)
  }

  private static func labels(
    _ array: NumPyArray, _ path: String, _ kind: TargetKind
  ) throws(DataError) -> Labels {
    let extents = array.shape.dimensions
    guard (1...2).contains(extents.count), !extents.contains(0) else {
      throw DataError(
        "targets of shape \(array.shape) do not fit samples", path: path, hint: "N or N×K values are read")
    }
    return try infer(
      Tensor(unchecked: [extents[0], array.shape.count / extents[0]], array.doubles), path, kind)
  }

  private static func infer(_ tensor: Tensor, _ path: String, _ kind: TargetKind) throws(DataError) -> Labels
  {
    try checkFinite(tensor, path)
    do throws(DataError) { return try Labels.infer(matrix: tensor, kind: kind) } catch {
      throw error.at(path)
    }
  }

  private static func checkFinite(_ tensor: Tensor, _ path: String) throws(DataError) {
    guard let bad = tensor.elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw DataError(
      "the value at \(tensor.index(at: bad)) is \(tensor.elements[bad])", path: path,
      hint: "every value must be a finite number: numpy.isfinite finds the others")
  }
}
