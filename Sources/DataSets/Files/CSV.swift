import LinearAlgebra

/// Tables of text: numeric features, one label column of text or numbers.
enum CSV {
  struct Options {
    /// A column's name, or its zero-based index (negative from the end). Nil: a column called label, class,
    /// target or y, otherwise the last.
    var label: String?
    var kind = TargetKind.automatic
    /// Nil: the first record is a header when none of its fields is a number.
    var hasHeader: Bool?
    /// Columns that are neither feature nor label, by name or index.
    var dropped: [String] = []
    var imageShape: Shape?
  }

  private static let usualLabelNames: Set<String> = ["label", "class", "target", "y"]

  static func dataSet(_ path: String, _ options: Options) throws(DataError) -> DataSet {
    let file = try InputFile(path)
    if try file.bytes(at: 0, count: min(file.size, 1 << 16)).contains(0) {
      throw DataError(
        "it is not a text file", path: path, hint: "a CSV file is plain text; npy, npz and idx are not")
    }
    return try dataSet(bytes: file.bytes(at: 0, count: file.size), path: path, options)
  }

  static func dataSet(bytes: [UInt8], path: String, _ options: Options) throws(DataError) -> DataSet {
    var scanner = CSVScanner(bytes, path: path)
    var fields: [CSVScanner.Field] = []
    guard try scanner.nextRecord(&fields) else { throw DataError("the file is empty", path: path, line: 1) }
    let width = fields.count
    let isHeader = options.hasHeader ?? fields.allSatisfy { scanner.number($0) == nil }
    let names = isHeader ? fields.map { scanner.text($0) } : nil
    let label = try labelColumn(options.label, names: names, width: width, path: path, line: scanner.line)
    var isFeature = [Bool](repeating: true, count: width)
    isFeature[label] = false
    // pandas' to_csv() writes the numbers of its rows first, under no name.
    let isIndexed = names?.first == "" && width > 2 && label != 0
    if isIndexed { isFeature[0] = false }
    for name in options.dropped {
      let column = try find(name, names: names, width: width, path: path, line: scanner.line)
      guard column != label else {
        throw DataError("column '\(name)' is the label and cannot be dropped", path: path)
      }
      isFeature[column] = false
    }
    guard isFeature.contains(true) else {
      throw DataError(
        "there is one column only, a data set needs features and a label", path: path, line: scanner.line,
        hint: "columns are separated by commas, semicolons or tabs")
    }

    var inputs: [Double] = []
    var texts: [String] = []
    var numbers: [Double] = []
    var hasRecord = isHeader ? try scanner.nextRecord(&fields) : true
    while hasRecord {
      if inputs.count & 0xFFFF < width {
        try DataError.checkInterruption()
        try DataError.check(memory: 8 * inputs.count)
      }
      guard fields.count == width else {
        throw DataError(
          "this line has \(fields.count) fields, the lines above have \(width)", path: path,
          line: scanner.line,
          column: min(fields.count, width) + 1)
      }
      for (column, field) in fields.enumerated() {
        if column == label {
          let number = scanner.number(field)
          if let number, texts.isEmpty {
            numbers.append(number)
          } else {
            // The first label that is text makes all of them text; those before are read again as they stand.
            if texts.isEmpty { texts = numbers.map(CSV.text) }
            let text = scanner.text(field)
            guard !text.isEmpty else {
              throw DataError("the label is missing", path: path, line: scanner.line, column: column + 1)
            }
            texts.append(number.map(CSV.text) ?? text)
          }
        } else if isFeature[column] {
          guard let number = scanner.number(field) else {
            throw notANumber(scanner.text(field), column: column, names: names, scanner)
          }
          guard inputs.count < Shape.largestCount else {
            throw DataError("more than \(Shape.largestCount) numbers", path: path, line: scanner.line)
          }
          inputs.append(number)
        }
      }
      hasRecord = try scanner.nextRecord(&fields)
    }
    let count = max(texts.count, numbers.count)
    guard count > 0 else { throw DataError("there are no samples in it, only a header", path: path, line: 1) }
    guard texts.isEmpty || options.kind != .regression else {
      throw DataError("a regression needs numbers, the labels are text", path: path, column: label + 1)
    }
    do throws(DataError) {
      let labels =
        texts.isEmpty
        ? try Labels.infer(numbers: numbers, kind: options.kind)
        : try Labels.classes(texts: texts, kind: options.kind)
      let features = inputs.count / count
      return try DataSet(
        name: "csv",
        description: "the table \(path)" + (isIndexed ? ", without its first column, which has no name" : ""),
        storage: .dense(Tensor(unchecked: [count, features], inputs)), imageShape: options.imageShape,
        labels: labels, featureNames: names.map { zip($0, isFeature).filter(\.1).map(\.0) })
    } catch {
      throw error.at(path)
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(clamping: number))" : "\(number)"
  }

  private static func labelColumn(
    _ label: String?, names: [String]?, width: Int, path: String, line: Int
  ) throws(DataError) -> Int {
    if let label { return try find(label, names: names, width: width, path: path, line: line) }
    return names?.firstIndex { usualLabelNames.contains($0.lowercased()) } ?? width - 1
  }

  /// A name wins over an index.
  private static func find(
    _ column: String, names: [String]?, width: Int, path: String, line: Int
  ) throws(DataError) -> Int {
    if let index = names?.firstIndex(of: column) { return index }
    if let index = names?.firstIndex(where: { $0.lowercased() == column.lowercased() }) { return index }
    if let index = Int(column), index >= -width, index < width { return index < 0 ? index + width : index }
    let known = names.map {
      "the columns are " + $0.prefix(20).joined(separator: ", ") + ($0.count > 20 ? ", …" : "")
    }
    throw DataError(
      "there is no column '\(column)'", path: path, line: line,
      hint: known ?? "there is no header, so name a column by its index, 0 to \(width - 1)")
  }

  private static func notANumber(
    _ text: String, column: Int, names: [String]?, _ scanner: CSVScanner
  ) -> DataError {
    let shown = text.count > 20 ? text.prefix(20) + "…" : text[...]
    let name = names.map { " of column '\($0[column])'" } ?? ""
    return DataError(
      text.isEmpty ? "the value\(name) is missing" : "'\(shown)'\(name) is not a number", path: scanner.path,
      line: scanner.line, column: column + 1,
      hint: text.isEmpty
        ? "fill the gap or remove the line: there is no value that would be right for every network"
        : scanner.advice(on: text)
          ?? "features are numbers; text is for the label (label=COLUMN), other columns can be left out (drop=COLUMN)"
    )
  }
}
