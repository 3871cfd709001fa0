import Formulas

/// A picture as data: what is to be drawn, not how. The renderer fits it to the window.
package struct Plot: Sendable {
  package var title: Prose
  package var xLabel: Prose
  package var yLabel: Prose
  package var content: Content
  /// Size in terminal cells, axes included; nil leaves it to the window.
  package var width: Int?
  package var height: Int?
  /// Drawn with ASCII even where braille and blocks could be.
  package var isASCII = false

  package init(_ title: Prose, _ content: Content, xLabel: Prose = "", yLabel: Prose = "") {
    self.title = title
    self.content = content
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  package enum Content: Sendable {
    /// Each series joined in the order of its points: a loss against epochs, relu against z.
    case lines([Series])
    /// Each series a cloud with a mark of its own.
    case scatter([Series])
    /// A decision boundary: the class of every cell of a grid, and the samples over it.
    case regions(Regions)
    /// Grey values: a digit, a filter, a feature map.
    case image(Image)
  }

  package struct Series: Sendable {
    package var name: Prose
    package var points: [Point]

    package init(_ name: Prose, _ points: [Point]) {
      self.name = name
      self.points = points
    }

    /// Pairs x with y; what is longer is cut.
    package init(_ name: Prose, x: [Double], y: [Double]) {
      self.init(name, zip(x, y).map { Point($0, $1) })
    }
  }

  package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// `classes` holds rows × columns indices, the row of the largest y first. A renderer reads what is
  /// missing as class 0, and it samples the grid when the window has another number of cells.
  package struct Regions: Sendable {
    package var xRange: ClosedRange<Double>
    package var yRange: ClosedRange<Double>
    package var rows: Int
    package var columns: Int
    package var classes: [Int]
    /// The samples of class k are `samples[k]`.
    package var samples: [Series]

    package init(
      xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, rows: Int, columns: Int, classes: [Int],
      samples: [Series] = []
    ) {
      self.xRange = xRange
      self.yRange = yRange
      self.rows = rows
      self.columns = columns
      self.classes = classes
      self.samples = samples
    }
  }

  /// `pixels` holds height × width grey values, top row first. The least is drawn dark, the greatest light,
  /// unless `range` fixes both ends.
  package struct Image: Sendable {
    package var width: Int
    package var height: Int
    package var pixels: [Double]
    package var range: ClosedRange<Double>?

    package init(width: Int, height: Int, pixels: [Double], range: ClosedRange<Double>? = nil) {
      self.width = width
      self.height = height
      self.pixels = pixels
      self.range = range
    }
  }
}
