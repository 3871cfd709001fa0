import LinearAlgebra

/// The table of data sets. Help, completion and `data` read it; a new set is one file and one line here.
package enum DataSets {
  package static let all: [DataSetEntry] = [
    .toy(XOR.self), .toy(Spiral.self), .toy(Moons.self), .toy(Circles.self), .toy(Blobs.self),
    .toy(Parabola.self), .digits, .csv, .idx, .mnist, .npy, .npz,
  ]

  /// Options that every set takes, done behind its loader.
  package static let commonOptions: [DataOption] = [
    DataOption("test", "FRACTION", "part of the rows kept for testing, 0 to below 1"),
    DataOption("seed", "N", "seed of noise and split (0)"),
    DataOption("scale", "none|unit|standard|NUMBER", "scale the inputs by feature, or divide by a number"),
  ]

  package static func named(_ name: String) -> DataSetEntry? { all.first { $0.name == name } }

  /// Loads a set, splits it and scales it. An unknown name or option is refused with what there is.
  package static func load(
    _ name: String, _ arguments: DataArguments = DataArguments()
  ) throws(DataError) -> DataSet {
    guard let entry = named(name) else {
      throw DataError(
        "there is no data set '\(name)'", hint: "there are " + all.map(\.name).joined(separator: ", "))
    }
    let known = entry.options + commonOptions
    if let unknown = arguments.options.keys.sorted().first(where: { key in !known.contains { $0.name == key }
    }) {
      throw DataError(
        "\(name) has no option '\(unknown)'",
        hint: "its options are " + known.map(\.name).joined(separator: ", "))
    }
    let fraction = try arguments.number("test")
    if let fraction, !(0..<1).contains(fraction) {
      throw DataError("test=\(fraction): a fraction from 0 to below 1 expected")
    }
    let scaling = try arguments.value("scale", "none, unit, standard or a number", Scaling.init) ?? .none
    let seed = try arguments.seed()
    var set = try entry.load(arguments)
    if let fraction {
      set = set.split(testFraction: fraction, seed: seed)
    } else if set.testCount == 0, set.count >= 10 {
      set = set.split(testFraction: entry.testFraction, seed: seed)
    }
    return set.scaled(scaling)
  }
}

/// An option of a data set, as help shows it: `label=COLUMN`.
package struct DataOption: Sendable {
  package let name: String
  package let placeholder: String
  package let summary: String

  init(_ name: String, _ placeholder: String, _ summary: String) {
    self.name = name
    self.placeholder = placeholder
    self.summary = summary
  }
}

/// One row of the table.
package struct DataSetEntry: Sendable {
  package let name: String
  package let summary: String
  /// What is typed behind `data`: `csv FILE label=COLUMN`.
  package let usage: String
  package let options: [DataOption]
  /// Kept for testing when the set has no test part of its own and nothing else is asked for.
  package let testFraction: Double
  /// Whether it reads files that are named behind it.
  package var opensFiles = true
  let load: @Sendable (DataArguments) throws(DataError) -> DataSet

  /// A toy set: every row trains, because its rows are drawn in the plane.
  static func toy(_ toy: any ToyDataSet.Type) -> DataSetEntry {
    DataSetEntry(
      name: toy.name, summary: toy.summary, usage: "\(toy.name) [n=N] [noise=D] [seed=N]",
      options: [
        DataOption("n", "N", "number of samples (\(toy.defaultCount))"),
        DataOption("noise", "D", "standard deviation of the noise (\(toy.defaultNoise))"),
      ], testFraction: 0, opensFiles: false
    ) { (arguments) throws(DataError) in
      _ = try arguments.files(0...0, toy.name)
      return try toy.dataSet(
        count: arguments.integer("n") ?? toy.defaultCount,
        noise: arguments.number("noise") ?? toy.defaultNoise, seed: arguments.seed())
    }
  }

  static let digits = DataSetEntry(
    name: "digits", summary: Digits.summary, usage: "digits", options: [], testFraction: 0.2,
    opensFiles: false
  ) { (arguments) throws(DataError) in
    _ = try arguments.files(0...0, "digits")
    return try Digits.dataSet()
  }

  private static let kindOption = DataOption(
    "kind", "classes|regression", "what the targets are, instead of guessing")
  private static let imageOption = DataOption("image", "HxW", "the features are the pixels of an image")
  private static let classesOption = DataOption("classes", "K", "number of classes (10)")
  private static let countOption = DataOption(
    "classes", "K", "the classes are 0 to K − 1, whether all of them occur or not")

  static let csv = DataSetEntry(
    name: "csv", summary: "a table of numbers with a label column", usage: "csv FILE [label=COLUMN]",
    options: [
      DataOption("label", "COLUMN", "the label's column, by name or index from 0 (the last)"), kindOption,
      countOption,
      DataOption("header", "yes|no", "whether the first line names the columns"),
      DataOption("drop", "COLUMN,…", "columns to leave out"), imageOption,
    ], testFraction: 0.2
  ) { (arguments) throws(DataError) in
    let file = try arguments.files(1...1, "csv FILE [label=COLUMN]")[0]
    var options = CSV.Options()
    options.label = arguments.options["label"]
    options.kind = try arguments.kind()
    options.hasHeader = try arguments.flag("header")
    options.dropped = (arguments.options["drop"] ?? "").split(separator: ",").map(String.init)
    options.imageShape = try arguments.imageShape()
    return try CSV.dataSet(file, options)
  }

  static let idx = DataSetEntry(
    name: "idx", summary: "images and labels in IDX files, plain or gzip", usage: "idx IMAGES LABELS",
    options: [classesOption], testFraction: 0.2
  ) { (arguments) throws(DataError) in
    let files = try arguments.files(2...2, "idx IMAGES LABELS")
    return try IDXFile.dataSet(
      name: "idx", description: "the images of \(files[0])", attribution: nil,
      training: (IDXFile(files[0]), IDXFile(files[1])), test: nil, classes: arguments.classes() ?? 10)
  }

  static let mnist = DataSetEntry(
    name: "mnist", summary: "a directory with MNIST's four IDX files, plain or gzip", usage: "mnist DIR",
    options: [classesOption], testFraction: 0.2
  ) { (arguments) throws(DataError) in
    let directory = try arguments.files(1...1, "mnist DIR")[0]
    return try MNIST.dataSet(directory: directory, classes: arguments.classes() ?? 10)
  }

  static let npy = DataSetEntry(
    name: "npy", summary: "NumPy arrays: inputs and labels, or a matrix with a label column",
    usage: "npy FILE [LABELS]",
    options: [
      DataOption("label", "COLUMN", "the label's column of a single matrix, from 0 (the last)"), kindOption,
      countOption,
      imageOption,
    ], testFraction: 0.2
  ) { (arguments) throws(DataError) in
    let files = try arguments.files(1...2, "npy FILE [LABELS]")
    return try NumPyDataSet.npy(
      files[0], labels: files.count > 1 ? files[1] : nil, label: arguments.integer("label"),
      kind: arguments.kind(), imageShape: arguments.imageShape())
  }

  static let npz = DataSetEntry(
    name: "npz", summary: "named NumPy arrays in one file", usage: "npz FILE [x=NAME] [y=NAME]",
    options: [
      DataOption("x", "NAME", "the array of inputs"), DataOption("y", "NAME", "the array of targets"),
      kindOption, countOption, imageOption,
    ], testFraction: 0.2
  ) { (arguments) throws(DataError) in
    let file = try arguments.files(1...1, "npz FILE [x=NAME] [y=NAME]")[0]
    return try NumPyDataSet.npz(
      file, inputs: arguments.options["x"], targets: arguments.options["y"], kind: arguments.kind(),
      imageShape: arguments.imageShape())
  }
}
