import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

extension BatchForm {
  /// The form in which the present model takes rows of a set: its equations are tried with every form that the set
  /// can have. Nil when none fits.
  package static func fitting(_ session: Session, _ set: DataSet) -> BatchForm? {
    guard let names = session.roles.fed else { return nil }
    for input in samples(of: names.input, width: set.features, in: session, image: set.imageShape) {
      for width in session.targetWidths(of: set) {
        for target in samples(of: names.target, width: width, in: session, image: nil) {
          let form = BatchForm(input: input, target: target)
          if session.takes(form) { return form }
        }
      }
    }
    return nil
  }

  /// Shapes that one sample may have in a leaf, the likeliest first: as many axes as it has now.
  private static func samples(
    of name: String, width: Int, in session: Session, image: Shape?
  ) -> [Leaf] {
    let axis = session.roles.sampleAxes[name] ?? 0
    let now = session.leaves[name]?.shape
    let isNumber = session.roles.takesClassNumbers && session.roles.targets.contains(name)
    let rank = now?.rank ?? (isNumber ? 1 : session.roles.ranks[name])
    var result: [[Int]] = width == 1 && rank == 1 ? [[]] : []
    result.append([width])
    for image in [now?.image, session.model.specifiedImage, image] {
      if let image, image.checkedCount == width { result.append(image.dimensions) }
    }
    return result.map { Leaf(name, sample: $0, axis: $0.count > 1 ? 0 : axis) }
  }

  /// What a set's rows look like without a model that takes them.
  package static func usual(_ session: Session, _ set: DataSet) -> BatchForm {
    let names = session.roles.feeding
    func leaf(_ name: String, _ width: Int) -> Leaf {
      Leaf(name, sample: [width], axis: session.roles.sampleAxes[name] ?? 0)
    }
    return BatchForm(
      input: leaf(names.input, set.features), target: leaf(names.target, session.targetWidths(of: set)[0])
    )
  }
}

extension Shape {
  fileprivate var image: Shape? { rank == 4 ? Shape(Array(dimensions.dropFirst())) : nil }
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
  /// How many columns the targets of a set may have here: one where the model reads the numbers of classes.
  func targetWidths(of set: DataSet) -> [Int] {
    roles.takesClassNumbers && set.labels.isClasses ? [1] : set.labels.widths
  }

  /// Whether the equations take batches of this form, as far as their leaves have values.
  fileprivate func takes(_ form: BatchForm) -> Bool {
    var shapes = leaves.mapValues(\.shape)
    // So many samples that they are mistaken for no other extent: two rows of two classes would go with two numbers.
    let m = [97, 101, 103, 107].first { m in !form.leaves.contains { $0.sample.contains(m) } } ?? 109
    for leaf in form.leaves { shapes[leaf.name] = leaf.shape(samples: m) }
    // Values of samples that the set does not have go with its batches in no form.
    var environment = ShapeEnvironment(shapes: shapes) { Diagnostic("\($0) has no value yet") }
    environment.shapes[.sampleCount] = .scalar
    environment.sampleCount = m
    for equation in model.equations
    where equation.expression.names.allSatisfy({ environment.shapes[$0] != nil }) {
      guard let shape = try? ShapeInference(environment).shape(of: equation.expression) else { return false }
      environment.shapes[equation.name] = shape
    }
    return environment.shapes[model.lossName].map { $0.count == 1 } ?? true
  }

  /// Without an input and a target that nobody chose for this model: how they lie says nothing about its samples.
  package var openToRows: Session {
    guard let fed = roles.fed else { return self }
    var result = self
    result.forgetLeaves([fed.input, fed.target].filter(inherited.contains))
    return result
  }

  /// Makes rows of the data set the input and the target. Keeps the model; a model that does not take them is not
  /// ready afterwards.
  package mutating func choose(_ rows: [Int], form: BatchForm? = nil) {
    guard let set = data?.set else { return }
    let form = form ?? BatchForm.fitting(self, set) ?? .usual(self, set)
    data?.rows = rows
    let used = Set(model.leaves)
    setLeaves(form.values(rows[...], of: set).filter { used.contains($0.key) })
  }

  /// Makes rows of the data set the values of these leaves; other leaves stay. Widths are the set's: the caller's
  /// invariant.
  package mutating func choose(_ rows: [Int], inputs: BatchForm.Leaf?, targets: BatchForm.Leaf?) {
    guard let set = data?.set else { return }
    data?.rows = rows
    var values: [String: Tensor] = [:]
    if let inputs { values[inputs.name] = inputs.arranged(set.inputs(rows[...])) }
    if let targets { values[targets.name] = targets.arranged(set.targets(rows[...], width: targets.width)) }
    setLeaves(values)
  }

  /// Whether the input is what was last chosen from the data set, whatever model takes it.
  package var holdsChosenRows: Bool {
    guard let data, !data.rows.isEmpty else { return false }
    let input = (BatchForm(self, data.set) ?? .usual(self, data.set)).input
    return leaves[input.name] == input.arranged(data.set.batch(data.rows[...], width: nil).inputs)
  }

  /// Whether the targets are theirs too: those that somebody has set are no rows to be turned, and those that nobody has
  /// given are none.
  private var holdsChosenTargets: Bool {
    guard let data else { return false }
    let target = (BatchForm(self, data.set) ?? .usual(self, data.set)).target
    let rows = data.set.targets(data.rows[...], width: target.width)
    return leaves[target.name] == target.arranged(rows)
  }

  /// Gives the rows that were last chosen to the leaves that take them in this model, in their form; does nothing where
  /// none takes them.
  package mutating func takeChosenRows() {
    guard let data, !data.rows.isEmpty else { return }
    // How they lay for another model says nothing about where this one has its samples.
    var open = self
    if let fed = roles.fed { open.forgetLeaves([fed.input, fed.target]) }
    guard let form = BatchForm.fitting(open, data.set) else { return }
    choose(data.rows, form: form)
  }

  /// The rows in another form, where the value that a name was just given asks for one: two outputs, or one.
  package mutating func refitBatch(after name: String) {
    guard case .failure = program, holdsChosenRows, holdsChosenTargets, let fed = roles.fed,
      ![fed.input, fed.target].contains(name)
    else { return }
    takeChosenRows()
  }

  /// The rows of the data set that are the input now, when it has as many samples.
  package var chosenRows: [Int]? {
    guard let data, !data.rows.isEmpty, let form = BatchForm(self, data.set),
      let X = leaves[form.input.name], X.shape == form.input.shape(samples: data.rows.count)
    else { return nil }
    // A batch that someone has changed by 'set' is the set's no more. Large ones are not compared.
    if data.rows.count <= 1024, X.count <= 1 << 17,
      form.values(data.rows[...], of: data.set)[form.input.name] != X
    {
      return nil
    }
    return data.rows
  }
}

extension DataError {
  /// The same mistake as the commands tell it; the file's place becomes part of the message.
  package var diagnostic: Diagnostic { Diagnostic("\(fullMessage)", hint: hint.map { "\($0)" }) }
}
