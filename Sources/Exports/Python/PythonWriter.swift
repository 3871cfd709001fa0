import Formulas
import LinearAlgebra
import Operations

/// Formula → Python: by the counterpart that the language has for an operation, else by the operation's definition.
package struct PythonWriter {
  let language: PythonLanguage
  var names: PythonNames
  let environment: any Environment
  /// Names that stand for numbers of Python's own, `m` among them.
  var numbers: Set<String> = []
  /// Functions that the formulas need, each behind those that it calls.
  package private(set) var helpers: [(name: String, lines: [String])] = []
  private var known: [String: String] = [:]

  package init(_ language: PythonLanguage, _ names: PythonNames, _ environment: any Environment) {
    self.language = language
    self.names = names
    self.environment = environment
  }

  /// A formula whose shapes meet.
  package mutating func written(_ expression: Expression) throws(Diagnostic) -> PythonPiece {
    switch expression {
    case .number(let value): return .number(value)
    case .name(let name):
      return PythonPiece(text: names[name], kind: numbers.contains(name) ? .number : .real)
    case .negative(let a): return .negative(try written(a))
    case .binary(let operation, let a, let b):
      return .binary(operation, try written(a), try written(b), language)
    case .list: return try list(expression)
    case .derivative(_, let a, _):
      guard let slope = expression.writtenOut else { return try call(expression) }
      let piece = try written(slope)
      let shape = try self.shape(a)
      guard try self.shape(slope) != shape else { return piece }
      // A constant slope still has an entry for every entry of the argument.
      return .call(language.module + ".broadcast_to", [argument(piece), Self.tuple(shape.dimensions)])
    case .transpose, .call, .index: return try call(expression)
    }
  }

  func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  private mutating func call(_ expression: Expression) throws(Diagnostic) -> PythonPiece {
    guard let call = OperationCall(expression) else {
      throw Diagnostic("\(expression) has no counterpart in \(language.title)")
    }
    if call.operation.slope != nil, let operand = call.operands.first {
      return try function(Function(call.operation.name), try written(operand))
    }
    let application = try ShapeInference(environment).application(of: call).application
    if let row = Self.counterparts[call.operation.name], let piece = try row(&self, call, application) {
      return piece
    }
    switch application.body {
    case .expression(let template): return try written(template.filled(call, application.setting.shapes))
    case .filled(let value):
      return .call(
        language.module + ".full", [Self.tuple(application.shape.dimensions), "\(value)"])
    case .made:
      let value = try Evaluator(environment).value(of: expression)
      return PythonPiece(text: language.array(Self.literal(value)))
    case .formula, .move:
      let name = try helper(call.operation, application)
      var arguments: [String] = []
      for (i, operand) in call.operands.enumerated() where call.operation.signature.operand(i)?.isSize != true
      {
        arguments.append(argument(try written(operand)))
      }
      return .call(name, arguments)
    }
  }

  /// A list of numbers, or of values of one shape.
  private mutating func list(_ expression: Expression) throws(Diagnostic) -> PythonPiece {
    func isNumeric(_ e: Expression) -> Bool {
      switch e {
      case .number: true
      case .negative(let a): isNumeric(a)
      case .list(let items): items.allSatisfy(isNumeric)
      default: false
      }
    }
    if isNumeric(expression) {
      let value = try Evaluator(environment).value(of: expression)
      return PythonPiece(text: language.array(Self.literal(value)))
    }
    var items: [String] = []
    for item in expression.children { items.append(argument(try written(item))) }
    return .call(language.module + ".stack", ["[" + items.joined(separator: ", ") + "]"])
  }

  /// A value as a function takes it: PyTorch's take no numbers of Python's own.
  func argument(_ piece: PythonPiece) -> String {
    let real = piece.asReal
    return language == .torch && real.kind == .number ? language.scalar(real.text) : real.text
  }

  /// A size: as it was written where that is a whole number of Python's own, else what it is.
  func size(_ operand: Expression, _ value: Int?) -> String {
    if case .name(let name) = operand, numbers.contains(name) { return names[name] }
    return value.map(String.init) ?? "0"
  }

  /// The name of a function with this body, which is added where there is none yet.
  mutating func helper(_ wanted: String, _ parameters: [String], _ lines: [String], note: String? = nil)
    -> String
  {
    let key = ([parameters.joined(separator: ", ")] + lines).joined(separator: "\n") + wanted
    if let name = known[key] { return name }
    let name = names.unused(wanted)
    known[key] = name
    let comment = note.map { ["    # \($0)"] } ?? []
    helpers.append(
      (name, ["def \(name)(\(parameters.joined(separator: ", "))):"] + comment + lines.map { "    " + $0 }))
    return name
  }

  /// Code that the formulas need under a name that is kept for it.
  mutating func require(_ name: String, _ lines: [String]) {
    if known[name] == nil { helpers.append((name, lines)) }
    known[name] = name
  }

  static func tuple(_ numbers: [Int]) -> String { tuple(numbers.map(String.init)) }

  static func tuple(_ items: [String]) -> String {
    "(" + items.joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
  }

  /// A value as nested lists of floating-point numbers.
  package static func literal(_ value: Tensor, separator: String = ", ") -> String {
    func nested(_ elements: ArraySlice<Double>, _ dimensions: ArraySlice<Int>, _ separator: String) -> String
    {
      guard let extent = dimensions.first else { return elements.first.map(double) ?? "0.0" }
      let rest = dimensions.dropFirst()
      let size = rest.reduce(1, &*)
      let parts = (0..<extent).map { i in
        let start = elements.startIndex + i * size
        return nested(elements[start..<start + size], rest, ", ")
      }
      return "[" + parts.joined(separator: separator) + "]"
    }
    return nested(value.elements[...], value.shape.dimensions[...], separator)
  }

  /// The shortest text that Python reads back as the same double.
  static func double(_ x: Double) -> String {
    x.isNaN ? "math.nan" : x.isInfinite ? (x < 0 ? "-math.inf" : "math.inf") : "\(x)"
  }
}
