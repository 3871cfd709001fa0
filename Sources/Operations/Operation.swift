import Formulas
import LinearAlgebra
import Platform

/// One operation: what it is called, what it is entry by entry, and what stands beside that. Everything else that the
/// program says or computes about it follows from here; nothing else knows it by name. One file each, one line in
/// `Operation.all`.
package final class Operation: Sendable {
  /// One way to define it, for operands of certain shapes.
  package struct Case: Sendable {
    package enum Meaning: Sendable {
      /// `S[…,k] = exp(Z[…,k]) / Σ_n exp(Z[…,n])`.
      case formula(String)
      /// The same where the formula depends on shapes, options or places: `einsum`, gathering. With the result's name.
      case written(String, @Sendable (Setting) throws(Diagnostic) -> String)
      /// Written with other operations: `reshape(a, count_a, 1) @ reshape(b, 1, count_b)`.
      case expression(String)
      /// Every entry of the result is an entry of an operand, or 0.
      case move(@Sendable (Setting) throws(Diagnostic) -> Move)
      /// Every entry is this number.
      case filled(Double, @Sendable (Setting) throws(Diagnostic) -> Shape)
      /// Made from sizes and options alone, without a formula for an entry: random numbers.
      case made(@Sendable (Setting) throws(Diagnostic) -> Shape)
    }

    package let meaning: Meaning
    /// The gradient of every operand that has one, an expression of the operands, the result and its gradient:
    /// `dA = dC @ B.T`. `axis=axis` hands on an option, `sizes_A` stands for the extents of A, `count_…` for their product.
    /// Empty where none flows (a comparison, a count), nil where it cannot be differentiated.
    package let backward: [String]?
    /// The same where it depends on shapes and options; `backward` is then an example for help.
    package let rules: (@Sendable (Setting) throws(Diagnostic) -> [String])?
    /// Nil: for whatever the cases above leave.
    package let applies: (@Sendable (Setting) -> Bool)?

    /// The text of a formula for an entry; nil where there is none.
    func formula(at setting: Setting) throws(Diagnostic) -> String? {
      switch meaning {
      case .formula(let text): return text
      case .written(_, let make): return try make(setting)
      case .expression, .move, .filled, .made: return nil
      }
    }

    package init(
      is meaning: Meaning, backward: [String]? = nil,
      rules: (@Sendable (Setting) throws(Diagnostic) -> [String])? = nil,
      if applies: (@Sendable (Setting) -> Bool)? = nil
    ) {
      self.meaning = meaning
      self.backward = backward
      self.rules = rules
      self.applies = applies
    }
  }

  /// Where an operation stands: the shapes of its operands, the sizes among them, its options.
  package struct Setting: Sendable, Hashable {
    package let shapes: [Shape]
    /// Values of the operands that are sizes.
    package let sizes: [Int?]
    package let options: CallOptions
    /// For a selection: what stands between the brackets.
    package let subscripts: [Subscript]

    package init(
      shapes: [Shape], sizes: [Int?], options: CallOptions = .none, subscripts: [Subscript] = []
    ) {
      self.shapes = shapes
      self.sizes = sizes
      self.options = options
      self.subscripts = subscripts
    }
  }

  package typealias Value = @Sendable (_ operands: [Tensor], _ setting: Setting) throws(Diagnostic) -> Tensor?

  package let signature: Signature
  /// The symbol of an operator: `@`, `+`.
  package let symbol: String?
  /// What the rule is called: "matrix product".
  package let title: String
  /// One line for help where the definition alone would not say it.
  package let note: String?
  package let cases: [Case]
  /// The same numbers by a formula that neither overflows nor underflows: what is evaluated, explained and counted.
  package let computed: String?
  /// For a function of each entry alone: f′(u), an expression of the argument and the result.
  package let slope: String?
  /// Arguments at which such a function has no derivative.
  package let kinks: [Double]
  /// Two operands whose difference is 0 where there is no derivative.
  package let hasKinkWhereEqual: Bool
  /// The rule of an operand of which there are any number, by its position.
  package let repeatedBackward: (@Sendable (Int) -> String)?
  /// ∂(result)/∂(operand) entry by entry, the operand read at `q` along the axis of `k`: written in terms of the result.
  package let partial: String?
  /// Number by number, for a function of each entry alone, and its derivative, written down apart from `slope`.
  package let scalar: ScalarFunction?
  /// The values as the stepper computes them, where neither a prepared kernel nor the definition gives them.
  package let value: Value?
  /// How training computes it; as the stepper does where nil.
  package let kernel: Kernel?
  package let loss: LossTraits?
  /// Unfused, the backward pass steps through its Jacobian.
  package let jacobian: JacobianTraits?
  /// May stand behind a layer's width in `net`.
  package let isActivation: Bool
  /// Why an entry of it is nothing but 0, said of the entry of the second operand at the same place.
  package let reasonOfZero: String?
  /// Its operands and result may have other shapes than fit: a better message than the general one.
  package let mismatch: (@Sendable (Mismatch) -> Diagnostic?)?
  /// Extents of indices that no operand shows: the rows of a convolution's output.
  package let ranges: (@Sendable (Setting) throws(Diagnostic) -> [String: Int])?
  /// What is wrong with the text that it begins with, for so many operands, and where in the text: said when it is typed.
  package let faultInText: (@Sendable (_ text: String, _ operands: Int) -> (Diagnostic, Range<Int>)?)?
  /// The size that is meant when an optional one is not given, from the value of the first operand.
  package let sizeFromValue: (@Sendable (Tensor) -> Int)?
  /// Evaluated in one pass with the derivative of another function as last operand, which is never stored.
  package let streaming: Streaming?
  /// Written as several steps, each `name = formula`, by how many operands there are; a model has an equation for each.
  package let steps: (@Sendable (Int) -> [String])?
  /// Ways to derive what stands above; by the rules alone where there is none.
  package let derivations: [Route]
  let parsed = ParsedTexts()
  let known = KnownApplications()

  package init(
    _ signature: String, symbol: String? = nil, title: String? = nil, note: String? = nil, cases: [Case],
    computed: String? = nil, slope: String? = nil, kinks: [Double] = [], hasKinkWhereEqual: Bool = false,
    partial: String? = nil, scalar: ScalarFunction? = nil,
    value: Value? = nil, kernel: Kernel? = nil,
    loss: LossTraits? = nil, jacobian: JacobianTraits? = nil, isActivation: Bool = false,
    reasonOfZero: String? = nil,
    faultInText: (@Sendable (_ text: String, _ operands: Int) -> (Diagnostic, Range<Int>)?)? = nil,
    ranges: (@Sendable (Setting) throws(Diagnostic) -> [String: Int])? = nil,
    sizeFromValue: (@Sendable (Tensor) -> Int)? = nil, streaming: Streaming? = nil,
    repeatedBackward: (@Sendable (Int) -> String)? = nil, derivations: [Route] = [],
    mismatch: (@Sendable (Mismatch) -> Diagnostic?)? = nil, steps: (@Sendable (Int) -> [String])? = nil
  ) {
    self.steps = steps
    self.faultInText = faultInText
    self.signature = Signature(signature)
    self.symbol = symbol
    self.title = title ?? self.signature.name
    self.note = note
    self.cases = cases
    self.computed = computed
    self.slope = slope
    self.kinks = kinks
    self.hasKinkWhereEqual = hasKinkWhereEqual
    self.partial = partial
    self.scalar = scalar
    self.value = value
    self.kernel = kernel
    self.loss = loss
    self.jacobian = jacobian
    self.isActivation = isActivation
    self.reasonOfZero = reasonOfZero
    self.ranges = ranges
    self.sizeFromValue = sizeFromValue
    self.repeatedBackward = repeatedBackward
    self.derivations = derivations
    self.streaming = streaming
    self.mismatch = mismatch
  }

  /// With one definition for all shapes.
  package convenience init(
    _ signature: String, symbol: String? = nil, title: String? = nil, note: String? = nil, is formula: String,
    computed: String? = nil, backward: [String]? = nil, hasKinkWhereEqual: Bool = false,
    partial: String? = nil,
    value: Value? = nil, kernel: Kernel? = nil,
    loss: LossTraits? = nil, jacobian: JacobianTraits? = nil, reasonOfZero: String? = nil,
    ranges: (@Sendable (Setting) throws(Diagnostic) -> [String: Int])? = nil,
    sizeFromValue: (@Sendable (Tensor) -> Int)? = nil, derivations: [Route] = [],
    mismatch: (@Sendable (Mismatch) -> Diagnostic?)? = nil
  ) {
    self.init(
      signature, symbol: symbol, title: title, note: note,
      cases: [Case(is: .formula(formula), backward: backward)], computed: computed,
      hasKinkWhereEqual: hasKinkWhereEqual, partial: partial, value: value, kernel: kernel, loss: loss,
      jacobian: jacobian, reasonOfZero: reasonOfZero, ranges: ranges, sizeFromValue: sizeFromValue,
      derivations: derivations, mismatch: mismatch)
  }

  /// A function of each entry alone: `A[…] = max(0, Z[…])`.
  package static func elementwise(
    _ signature: String, note: String? = nil, is formula: String, slope: String, kinks: [Double] = [],
    scalar: ScalarFunction? = nil, block: BlockOperation? = nil, isActivation: Bool = false,
    derivation: [[Route.Step]] = []
  ) -> Operation {
    let argument = Signature(signature).operands.first?.name ?? "Z"
    let result = String(formula.prefix { $0 != "[" })
    return Operation(
      signature, note: note,
      cases: [
        // A step passes nothing back, as a comparison.
        Case(
          is: .formula(formula), backward: slope == "0" ? [] : ["d\(argument) = d\(result) * (\(slope))"])
      ], slope: slope, kinks: kinks, scalar: scalar, kernel: block.map { .entries($0) },
      isActivation: isActivation,
      derivations: derivation.isEmpty
        ? [] : [.slope(of: Signature(signature).name, result, argument, derivation)])
  }

  package var name: String { signature.name }

  /// Its value is the largest or smallest of several entries, by its definition.
  package var choosesEntries: Bool {
    cases.contains { own in
      guard case .formula(let text) = own.meaning else { return false }
      return text.contains(" max_") || text.contains(" min_")
    }
  }
}

/// A function of one number and its derivative, for dual numbers.
package struct ScalarFunction: Sendable {
  package let value: @Sendable (Double) -> Double
  package let derivative: @Sendable (Double) -> Double
  /// What to say where a finite argument gives no finite number: "log(0)".
  package let trouble: (@Sendable (Double) -> String?)?

  package init(
    _ value: @escaping @Sendable (Double) -> Double, derivative: @escaping @Sendable (Double) -> Double,
    trouble: (@Sendable (Double) -> String?)? = nil
  ) {
    self.value = value
    self.derivative = derivative
    self.trouble = trouble
  }
}

/// How training computes an operation, at fixed addresses.
package enum Kernel: Sendable {
  /// Entry by entry, in one loop with its neighbours.
  case entries(BlockOperation)
  case power
  case product
  case transpose
  /// The same numbers in the same order.
  case reshape
  /// Everything that can be decided is decided when it is prepared; nil where the shapes do not suit it.
  case prepared(@Sendable (_ setting: Operation.Setting, _ shape: Shape) -> Run?)
  /// The same where values may be unfit: a position that lies outside.
  case checked(@Sendable (_ setting: Operation.Setting, _ shape: Shape) -> CheckedRun?)

  package typealias Run = (_ operands: [UnsafeMutablePointer<Double>], _ result: UnsafeMutablePointer<Double>)
    -> Void
  /// Returns what is wrong with the operands' values.
  package typealias CheckedRun = (
    _ operands: [UnsafeMutablePointer<Double>], _ result: UnsafeMutablePointer<Double>
  ) -> Diagnostic?
}

/// The value of an operation on the derivative of a function, without storing that derivative.
package struct Streaming: Sendable {
  package let function: Function
  package let value: @Sendable (_ first: Tensor, _ functionValue: Tensor, _ options: CallOptions) -> Tensor?
}

/// Operands whose shapes do not meet.
package struct Mismatch: Sendable {
  package let operation: Operation
  package let arguments: [Expression]
  package let shapes: [Shape]
  package let options: CallOptions
}
