import DataSets
import Formulas
import LinearAlgebra
import Reports
import Sessions

/// A data set in words, and its rows as pictures.
enum DataDescription {
  static func loaded(_ session: Session) throws(Diagnostic) -> DataState {
    guard let data = session.data else {
      throw Diagnostic(
        "no data set is loaded", hint: "for example: data moons, or data digits ('help data' lists them all)")
    }
    return data
  }

  static func report(_ session: Session) throws(Diagnostic) -> Report {
    let set = try loaded(session).set
    var report = Report()
    describe(session, &report)
    report.note(BatchWords.text(session))
    if BatchForm.fitting(session, set) == nil { report.note(advice(session, set)) }
    return report
  }

  static func describe(_ session: Session, _ report: inout Report) {
    guard let data = session.data else { return }
    let set = data.set
    report.say("\(set.name)", .heading)
    report.explain("\(set.description.prefix(1).uppercased())\(set.description.dropFirst())")
    var rows: [[Prose]] = []
    let split =
      set.testCount == 0
      ? "all for training" : "\(set.trainingCount) for training, \(set.testCount) for testing"
    rows.append(["rows", "\(set.count), \(split)"])
    var features: Prose = "\(set.features)"
    if let image = set.imageShape { features += ", an image of \(image)" }
    if let names = set.featureNames { features += ": \(names.prefix(20).joined(separator: ", "))" }
    rows.append(["features", features])
    switch set.labels {
    case .classes(_, let names):
      rows.append(["classes", "\(names.count): \(names.prefix(20).joined(separator: ", "))"])
      report.scalar("classes", Double(names.count))
    case .values(let values): rows.append(["targets", "\(values.shape.columns) (regression)"])
    }
    if let scaling = set.scaling { rows.append(["inputs", "\(scaling)"]) }
    report.add(.table(.init(header: [], rows: rows)))
    if let attribution = set.attribution { report.explain("Source: \(attribution)") }
    report.scalar("samples", Double(set.count))
    report.scalar("features", Double(set.features))
    report.scalar("train", Double(set.trainingCount))
    report.scalar("test", Double(set.testCount))
    report.scalar("batch", Double(data.batchSize))
  }

  /// Which network takes the set.
  static func advice(_ session: Session, _ set: DataSet) -> Prose {
    let hidden = set.features <= 4 ? 8 : set.features <= 100 ? 32 : 128
    var fits: [String] = []
    switch set.labels {
    case .classes(_, let names):
      fits.append("net \(set.features) \(hidden):relu \(names.count):softmax")
      if names.count == 2 { fits.append("net \(set.features) \(hidden):tanh 1:sigmoid") }
    case .values(let values):
      fits.append("net \(set.features) \(values.shape.columns)")
      fits.append("net \(set.features) \(hidden):tanh \(values.shape.columns)")
    }
    return "the present model does not take these rows; \(fits.joined(separator: " or ")) does"
  }

  // MARK: Rows

  static func show(
    _ words: [CommandLine.Word], _ line: CommandLine, usage: String, _ session: Session
  ) throws(Diagnostic) -> Report {
    let set = try loaded(session).set
    let isASCII = words.contains { $0.text == "ascii" }
    var words = words.filter { $0.text != "ascii" }
    var available = Array(0..<set.count)
    if let part = words.first, part.text == "test" || part.text == "train" {
      available = part.text == "test" ? set.testIndices : set.trainingIndices
      words.removeFirst()
    }
    var report = Report()
    guard !words.isEmpty else {
      for row in available.prefix(set.imageShape == nil ? 10 : 3) { add(row, set, isASCII, &report) }
      return report
    }
    guard words.count <= 100 else { throw line.usageError("at most 100 rows at a time", usage) }
    for word in words {
      guard let number = Int(word.text), available.indices.contains(number) else {
        throw Diagnostic(
          "there is no row '\(word.text.prefix(20))'", at: [word.range],
          hint: available.isEmpty
            ? "this part of the set is empty" : "rows count from 0: 0 to \(available.count - 1)")
      }
      add(available[number], set, isASCII, &report)
    }
    return report
  }

  private static func add(_ row: Int, _ set: DataSet, _ isASCII: Bool, _ report: inout Report) {
    guard let input = set.input(row) else { return }
    let label = labelWords(row, set)
    report.scalar("row", Double(row))
    if let value = set.label(of: row) { report.scalar("label", Double(value)) }
    let part = set.testIndices.contains(row) ? ", test" : ""
    if let image = set.imageShape, image.rank == 3 {
      let (height, width) = (image.dimensions[1], image.dimensions[2])
      for channel in 0..<image.dimensions[0] {
        let name = image.dimensions[0] > 1 ? ", channel \(channel)" : ""
        let pixels = Array(input[channel * height * width..<(channel + 1) * height * width])
        var plot = Plot(
          "row \(row)\(part): \(label)\(name)",
          .image(.init(width: width, height: height, pixels: pixels, range: range(of: pixels))))
        plot.isASCII = isASCII
        report.draw(plot)
      }
      return
    }
    var block = Report.TensorBlock("row \(row)", Tensor(unchecked: [1, input.count], input))
    block.remark = "\(label)\(part)"
    report.add(.tensor(block))
  }

  /// 0…1 as the file's black and white, whatever the digit's own brightest pixel.
  private static func range(of pixels: [Double]) -> ClosedRange<Double>? {
    pixels.allSatisfy { $0 >= 0 && $0 <= 1 } ? 0...1 : nil
  }

  static func labelWords(_ row: Int, _ set: DataSet) -> String {
    switch set.labels {
    case .classes(let labels, let names):
      let label = labels.indices.contains(row) ? labels[row] : 0
      let name = names.indices.contains(label) ? names[label] : ""
      return name == "\(label)" ? "class \(label)" : "class \(label) (\(name))"
    case .values:
      let values = set.targets([row][...]).elements
      return "target " + values.prefix(8).map { Figures.short($0, digits: 6) }.joined(separator: ", ")
    }
  }
}
