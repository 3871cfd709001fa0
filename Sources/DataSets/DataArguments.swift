import LinearAlgebra

/// What stands behind a data set's name: files, and options as `name=value`.
package struct DataArguments: Sendable {
  package var files: [String]
  package var options: [String: String]

  package init(files: [String] = [], options: [String: String] = [:]) {
    self.files = files
    self.options = options
  }

  /// An option's value, nil when it was not given.
  func value<T>(_ name: String, _ expected: String, _ parse: (String) -> T?) throws(DataError) -> T? {
    guard let text = options[name] else { return nil }
    guard let value = parse(text) else { throw DataError("\(name)=\(text): \(expected) expected") }
    return value
  }

  func integer(_ name: String) throws(DataError) -> Int? { try value(name, "a whole number") { Int($0) } }

  func number(_ name: String) throws(DataError) -> Double? {
    try value(name, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  func seed() throws(DataError) -> UInt64 { try value("seed", "a whole number from 0") { UInt64($0) } ?? 0 }

  func kind() throws(DataError) -> TargetKind {
    let count = try classes()
    let kind = try value("kind", "classes or regression") { word -> TargetKind? in
      word == "classes" ? .classes(count: count) : word == "regression" ? .regression : nil
    }
    if kind == .regression, let count {
      throw DataError("classes=\(count): a regression has none", hint: "kind=classes has them")
    }
    return kind ?? count.map { .classes(count: $0) } ?? .automatic
  }

  func flag(_ name: String) throws(DataError) -> Bool? {
    try value(name, "yes or no") { ["yes": true, "on": true, "no": false, "off": false][$0] }
  }

  /// `28x28` or `3x32x32` as C×H×W.
  func imageShape() throws(DataError) -> Shape? {
    try value("image", "HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH") { text in
      let parts = text.split(separator: "x", omittingEmptySubsequences: false)
      let extents = parts.compactMap { Int($0) }
      guard extents.count == parts.count, (2...3).contains(extents.count), extents.allSatisfy({ $0 > 0 })
      else { return nil }
      return Shape(extents.count == 2 ? [1] + extents : extents)
    }
  }

  func classes() throws(DataError) -> Int? {
    try value("classes", "a whole number from 2 to 256") {
      Int($0).flatMap { (2...256).contains($0) ? $0 : nil }
    }
  }

  /// The files, if they are as many as the data set takes.
  func files(_ count: ClosedRange<Int>, _ usage: String) throws(DataError) -> [String] {
    guard count.contains(files.count) else {
      throw DataError(
        files.count < count.lowerBound
          ? "a file name is missing" : "'\(files.last ?? "")' is one file too many",
        hint: "usage: data \(usage)")
    }
    return files
  }
}
