import Formulas
import LinearAlgebra

/// A graph of operators, and the file of it. The field numbers are those of onnx.proto3 in github.com/onnx/onnx.
struct ONNXGraph {
  /// Of the numbers.
  enum Precision: String, CaseIterable {
    case double, float

    var code: Int { self == .double ? 11 : 1 }
  }

  enum Attribute {
    case number(Int)
    case numbers([Int])
  }

  struct Value {
    let name: String
    let shape: Shape
  }

  private struct Node {
    let operation: String
    let inputs: [String]
    var output: String
    let attributes: [(String, Attribute)]
  }

  let precision: Precision
  private var nodes: [Node] = []
  private var constants: [(name: String, bytes: [UInt8])] = []
  private var known: [[UInt8]: String] = [:]
  private var inputs: [(name: String, shape: Shape)] = []
  private var outputs: [(name: String, shape: Shape)] = []
  /// What an equation's own values are called after.
  private var prefix = ""
  private var count = 0
  private var first = 0
  /// Numbers in constants; positions of entries can be many.
  private(set) var constantCount = 0

  private static let wholeNumber = 7
  private static let truth = 9
  /// Of the operators' set.
  private static let version = 17
  private static let formatVersion = 8
  /// ReduceSum takes its axes as an input from 13 on, the other reductions as an attribute up to 17.

  init(_ precision: Precision) { self.precision = precision }

  // MARK: Building

  /// The value of a leaf: an input that has it where nothing else is given.
  mutating func leaf(_ name: String, _ value: Tensor) {
    inputs.append((name, value.shape))
    constants.append((name, tensor(name, value.shape, elements(value.elements), precision.code)))
  }

  mutating func begin(_ name: String) { (prefix, count, first) = (name, 0, nodes.count) }

  private mutating func fresh() -> String {
    count += 1
    return "\(prefix)/\(count)"
  }

  mutating func add(
    _ operation: String, _ operands: [Value], _ shape: Shape, _ attributes: [(String, Attribute)] = []
  ) -> Value {
    let output = fresh()
    nodes.append(
      Node(operation: operation, inputs: operands.map(\.name), output: output, attributes: attributes))
    return Value(name: output, shape: shape)
  }

  mutating func cast(_ value: Value, toTruth: Bool = false) -> Value {
    add("Cast", [value], value.shape, [("to", .number(toTruth ? Self.truth : precision.code))])
  }

  mutating func constant(_ value: Tensor) -> Value {
    constant(value.shape, elements(value.elements), precision.code, value.count)
  }

  mutating func whole(_ numbers: [Int], _ shape: Shape? = nil) -> Value {
    let bytes = numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    return constant(shape ?? [numbers.count], bytes, Self.wholeNumber, numbers.count)
  }

  func isConstant(_ value: Value, _ number: Double) -> Bool {
    known[tensor("", .scalar, elements([number]), precision.code)] == value.name
  }

  private mutating func constant(_ shape: Shape, _ bytes: [UInt8], _ type: Int, _ size: Int) -> Value {
    let key = tensor("", shape, bytes, type)
    if let name = known[key] { return Value(name: name, shape: shape) }
    let name = "constant/\(known.count)"
    known[key] = name
    constantCount += size
    constants.append((name, tensor(name, shape, bytes, type)))
    return Value(name: name, shape: shape)
  }

  /// The value of an equation goes by its name from here on, and is an output.
  mutating func output(_ name: String, _ value: Value) {
    // What an earlier step made keeps its name.
    if nodes.count > first, nodes.last?.output == value.name {
      nodes[nodes.count - 1].output = name
    } else {
      nodes.append(Node(operation: "Identity", inputs: [value.name], output: name, attributes: []))
    }
    outputs.append((name, value.shape))
  }

  // MARK: The file

  var bytes: [UInt8] {
    ProtocolBuffer.make { model in
      model.add(1, Self.formatVersion)
      model.add(2, "stepgrad")
      model.add(
        7,
        .make { graph in
          for node in nodes { graph.add(1, message(node)) }
          graph.add(2, "pass")
          for constant in constants { graph.add(5, constant.bytes) }
          for input in inputs { graph.add(11, described(input.name, input.shape)) }
          for output in outputs { graph.add(12, described(output.name, output.shape)) }
        })
      model.add(8, .make { $0.add(2, Self.version) })
    }.bytes
  }

  private func message(_ node: Node) -> ProtocolBuffer {
    .make { message in
      for input in node.inputs { message.add(1, input) }
      message.add(2, node.output)
      message.add(3, node.output)
      message.add(4, node.operation)
      for (name, attribute) in node.attributes {
        message.add(
          5,
          .make { item in
            item.add(1, name)
            switch attribute {
            case .number(let number):
              item.add(3, number)
              item.add(20, 2)
            case .numbers(let numbers):
              for number in numbers { item.add(8, number) }
              item.add(20, 7)
            }
          })
      }
    }
  }

  private func described(_ name: String, _ shape: Shape) -> ProtocolBuffer {
    .make { value in
      value.add(1, name)
      value.add(
        2,
        .make { type in
          type.add(
            1,
            .make { tensor in
              tensor.add(1, precision.code)
              tensor.add(
                2,
                .make { extents in
                  for extent in shape.dimensions { extents.add(1, .make { $0.add(1, extent) }) }
                })
            })
        })
    }
  }

  /// Little-endian, as the format has them.
  private func elements(_ numbers: [Double]) -> [UInt8] {
    switch precision {
    case .double: LittleEndian.doubles(numbers)
    case .float: LittleEndian.floats(numbers)
    }
  }

  private func tensor(_ name: String, _ shape: Shape, _ bytes: [UInt8], _ type: Int) -> [UInt8] {
    ProtocolBuffer.make { tensor in
      for extent in shape.dimensions { tensor.add(1, extent) }
      tensor.add(2, type)
      tensor.add(8, name)
      tensor.add(9, bytes)
    }.bytes
  }
}
