import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// Any value: a vector as a curve, a matrix as grey cells, images one by one.
enum ValuePlot {
  static let mostImages = 16

  static func add(_ word: CommandLine.Word, _ session: Session, to report: inout Report) throws(Diagnostic) {
    let environment = SessionEnvironment(session)
    let value: Tensor
    let formula: Expression
    do {
      let parsed = try CommandLine.formula(word.text, at: 0, in: word.text, naming: session.naming)
      formula = parsed.expression
      value = try Evaluator(environment).checkedValue(of: parsed)
    } catch {
      var diagnostic = error
      diagnostic.source = nil
      diagnostic.marks = [word.range]
      if diagnostic.hint == nil || environment.shape(of: session.naming.name(word.text)) == nil {
        let known = ["loss", "boundary", "data"] + Operation.functionsOfOne.map(\.name) + environment.names
        diagnostic.hint =
          session.naming.nearest(to: word.text, in: known).map { "did you mean \(name: $0)?" }
          ?? diagnostic.hint
      }
      throw diagnostic
    }
    guard value.count > 1 else {
      throw Diagnostic("\(formula) is one number: there is nothing to draw", at: [word.range])
    }
    let (rows, columns) = (value.shape.rows, value.shape.columns)
    if rows == 1 || columns == 1, value.rank <= 2 {
      let points = value.elements.enumerated().map { Plot.Point(Double($0.offset), $0.element) }
      report.draw(Plot("\(formula) (\(value.shape))", .lines([.init("\(formula)", points)]), xLabel: "entry"))
      return
    }
    let size = rows * columns
    guard size > 0 else { throw Diagnostic("\(formula) is empty", at: [word.range]) }
    let count = value.count / size
    // One scale for all of them, so that they can be compared.
    let range = value.elements.finiteRange ?? 0...1
    let leading = Tensor(repeating: 0, shape: Shape(Array(value.shape.dimensions.dropLast(2))))
    for slice in 0..<min(count, mostImages) {
      let title: Prose =
        count > 1 ? "\(formula.entry(leading.index(at: slice)))" : "\(formula) (\(value.shape))"
      report.draw(
        Plot(
          title,
          .image(
            .init(
              width: columns, height: rows, pixels: Array(value.elements[slice * size..<(slice + 1) * size]),
              range: range))))
    }
    if count > mostImages { report.note("\(count - mostImages) more not drawn") }
    report.note("dark is \(Figures.short(range.lowerBound)), light is \(Figures.short(range.upperBound))")
    report.scalar("min", range.lowerBound)
    report.scalar("max", range.upperBound)
  }
}
