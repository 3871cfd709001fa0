import Formulas
import LinearAlgebra

/// What a command has to say. It neither prints nor knows a terminal: the renderer makes text or JSON of it.
package struct Report: Sendable {
  package var blocks: [Block] = []
  /// Named figures for JSON: `lr`, `accuracy`, `max_relative_error`.
  package var scalars: [(name: String, value: Double)] = []
  /// Ids of the mistakes that `check` found. Nil for every other command, which then has no such field.
  package var diagnosis: [String]?
  /// What `review` said of a program's lines. Nil for every other command, as above.
  package var review: Review?
  /// How its names are shown: known to whoever runs the command.
  package var naming = Naming.standard

  package init(_ blocks: [Block] = []) { self.blocks = blocks }

  /// What a report is made of.
  package enum Block: Sendable {
    /// A value with title `name (shape) = formula`.
    case tensor(TensorBlock)
    /// A figure that stands on one line: `L = 1.0514 = cross_entropy(Y, S)` is a tensor block of rank 0.
    case text(Prose, style: Style)
    /// Words to be wrapped to the window, with a hanging indent.
    case paragraph(Prose, indent: Int)
    /// Columns aligned under a header; the last column is wrapped or cut at the window.
    case table(Table)
    /// Formulas on the left and reasons on the right, as on a blackboard.
    case blackboard([BoardLine])
    /// Lines that must not be wrapped or changed: a tree, a drawing.
    case preformatted([Prose])
    /// A picture that the renderer fits to the window.
    case plot(Plot)
    /// A pass as a graph.
    case graph(Graph)
    case blank
    /// A mistake that belongs to what is shown: a command of a lesson that is meant to fail. The prompt stands
    /// before the line that was typed.
    case failure(Diagnostic, prompt: String)
    /// From here on names are shown in this way; nil ends that.
    case naming(Naming?)
  }

  package struct Review: Sendable {
    package struct Line: Sendable {
      package let line: Int
      package let function: String
      package let variable: String
      package let name: String?
      /// right, follows, wrong, unknown
      package let verdict: String
      package let mistakes: [String]
      package let follows: Int?

      package init(
        line: Int, function: String, variable: String, name: String?, verdict: String, mistakes: [String],
        follows: Int?
      ) {
        self.line = line
        self.function = function
        self.variable = variable
        self.name = name
        self.verdict = verdict
        self.mistakes = mistakes
        self.follows = follows
      }
    }

    package var firstWrong: Int?
    package var lines: [Line]

    package init(firstWrong: Int?, lines: [Line]) {
      self.firstWrong = firstWrong
      self.lines = lines
    }
  }

  package enum Style: Sendable { case plain, heading, note, warning, success, failure, formula }

  package struct TensorBlock: Sendable {
    package var title: Prose
    package var value: Tensor
    /// The formula printed after `=`, or nil.
    package var formula: Prose?
    /// Said behind the title, in brackets: "per sample", "not trained".
    package var remark: Prose?
    /// Positions (flat) to set off: a Jacobian's diagonal, the entry that differs.
    package var marked: Set<Int> = []
    /// Sums of the rows at the right margin, for Jacobians.
    package var showsRowSums = false
    /// Everything, in column chunks, instead of eliding.
    package var isFull = false
    /// The value belongs to JSON's `tensors` (false for what is only drawn as a help to the eye).
    package var isData = true
    /// False for what JSON carries and the screen does not: the whole of what is shown by its structure.
    package var isDrawn = true
    /// What the outermost index of a rank-3 or rank-4 value counts: "sample".
    package var sliceLabel: String = "sample"
    /// What the second index of a rank-4 value counts.
    package var innerLabel: String = "channel"
    /// Row and column of a matrix that a product is reading just now, marked in the margins.
    package var activeRow: Int?
    package var activeColumn: Int?

    /// What was typed to ask for it, where that is not its title.
    package var asked: String?

    /// As JSON has it: as it was asked for, else the title in the session's own names.
    package var name: String { asked ?? title.text() }

    package init(_ title: Prose, _ value: Tensor, formula: Prose? = nil, remark: Prose? = nil) {
      self.title = title
      self.value = value
      self.formula = formula
      self.remark = remark
    }

    /// Names the outermost index of a parameter of rank 4, or of its gradient, for what it is: O×C×h×w are filters,
    /// 1×C×1×1 is a bias for every channel.
    package mutating func labelSlices(parameters: [String], own name: String) {
      guard value.rank == 4, parameters.contains(where: { $0 == name || $0.gradientName == name }) else {
        return
      }
      sliceLabel = value.count == value.shape.dimensions[1] ? "bias" : "filter"
    }
  }

  package struct Table: Sendable {
    package var header: [Prose]
    package var rows: [[Prose]]
    /// Columns set flush right (numbers).
    package var rightAligned: Set<Int> = []

    package init(header: [Prose], rows: [[Prose]], rightAligned: Set<Int> = []) {
      self.header = header
      self.rows = rows
      self.rightAligned = rightAligned
    }
  }

  /// A line of a blackboard: empty where both parts are.
  package struct BoardLine: Sendable {
    package var formula: Prose
    package var reason: Prose

    package init(_ formula: Prose = "", _ reason: Prose = "") {
      self.formula = formula
      self.reason = reason
    }
  }

  package mutating func add(_ block: Block) { blocks.append(block) }
  package mutating func say(_ text: Prose, _ style: Style = .plain) {
    blocks.append(.text(text, style: style))
  }
  package mutating func note(_ text: Prose) { blocks.append(.text(text, style: .note)) }
  package mutating func explain(_ text: Prose, indent: Int = 0) {
    blocks.append(.paragraph(text, indent: indent))
  }
  package mutating func show(_ title: Prose, _ value: Tensor, formula: Prose? = nil) {
    blocks.append(.tensor(TensorBlock(title, value, formula: formula)))
  }
  package mutating func draw(_ plot: Plot) { blocks.append(.plot(plot)) }
  package mutating func scalar(_ name: String, _ value: Double) { scalars.append((name, value)) }
  package mutating func append(_ other: Report) {
    blocks += other.naming == naming ? other.blocks : [.naming(other.naming)] + other.blocks + [.naming(nil)]
    scalars += other.scalars
    if let ids = other.diagnosis { diagnosis = (diagnosis ?? []) + ids }
  }
}
