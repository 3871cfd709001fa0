import Formulas
import LinearAlgebra
import Operations

// What an operation is called in Python. Without a row, or where a row gives nothing, it is written out by its definition.

extension PythonWriter {
  typealias Row =
    @Sendable (inout PythonWriter, OperationCall, Application) throws(Diagnostic) -> PythonPiece?

  /// Functions of each entry alone.
  mutating func entryFunction(_ name: String) -> String? {
    switch (name, language) {
    case ("abs", .jax):
      return helper(
        "absolute", ["A"], ["return A * jnp.sign(A)"],
        note: "the slope at 0 is 0, as in PyTorch; that of jnp.abs is 1")
    case ("exp", _), ("log", _), ("sqrt", _), ("abs", _), ("sign", _), ("tanh", _), ("sin", _), ("cos", _):
      return "\(language.module).\(name)"
    case ("erf", .numpy):
      require("erf", ["erf = np.vectorize(math.erf, otypes=[float])"])
      return "erf"
    case ("erf", .torch): return "torch.erf"
    case ("erf", .jax): return "jax.scipy.special.erf"
    case ("relu", .torch): return "torch.relu"
    case ("sigmoid", .torch): return "torch.sigmoid"
    case ("softplus", .torch): return "torch.nn.functional.softplus"
    case ("relu", .jax), ("sigmoid", .jax), ("softplus", .jax): return "jax.nn.\(name)"
    default: return nil
    }
  }

  static let counterparts: [String: Row] = [
    "transposed": { (writer, call, application) throws(Diagnostic) in
      let piece = try writer.written(call.operands[0]).asReal
      // A vector is its own transpose; PyTorch's .T is for matrices.
      let rank = application.shape.rank
      if rank > 2, writer.language == .torch {
        return .call("torch.permute", [piece.text, tuple((0..<rank).reversed())])
      }
      return rank < 2 ? piece : PythonPiece(text: piece.within(.suffix) + ".T")
    },
    "swapaxes": { (writer, call, application) throws(Diagnostic) in
      .call(
        writer.language.module + ".swapaxes",
        [writer.argument(try writer.written(call.operands[0]))]
          + application.setting.sizes.dropFirst().map { "\($0 ?? 0)" })
    },
    "transpose": { (writer, call, application) throws(Diagnostic) in
      let axes = application.setting.sizes.dropFirst().map { $0 ?? 0 }
      guard axes.count == application.shape.rank else { return nil }
      // Of a matrix only its transpose is meant, however its axes are counted.
      if axes.count == 2 {
        return PythonPiece(text: try writer.written(call.operands[0]).asReal.within(.suffix) + ".T")
      }
      return .call(
        writer.language.module + (writer.language == .torch ? ".permute" : ".transpose"),
        [writer.argument(try writer.written(call.operands[0])), tuple(axes)])
    },
    "concat": joined("concatenate", torch: "cat"), "stack": joined("stack"),
    "einsum": { (writer, call, _) throws(Diagnostic) in
      var arguments = ["\"\(call.options.text ?? "")\""]
      for operand in call.operands { arguments.append(writer.argument(try writer.written(operand))) }
      return .call(writer.language.module + ".einsum", arguments)
    },
    "cumsum": { (writer, call, _) throws(Diagnostic) in
      guard !call.options.isTrue("reverse") else { return nil }
      return .call(
        writer.language.module + ".cumsum",
        [
          writer.argument(try writer.written(call.operands[0])),
          "\(writer.language.axis)=\(call.options.axis ?? 0)",
        ])
    },
    "tril": triangle, "triu": triangle,
    "selection": { (writer, call, _) throws(Diagnostic) in try writer.selection(call) },
    "gather": { (writer, call, _) throws(Diagnostic) in try writer.selection(call) },
    "scatter": { (writer, call, application) throws(Diagnostic) in try writer.scatter(call, application) },
    "sum": reduction("sum"), "mean": reduction("mean"),
    "max": extreme("max"), "min": extreme("min"),
    "std": { (writer, call, _) throws(Diagnostic) in
      guard writer.language != .numpy else { return nil }
      let variance = try writer.written(.call(Function(Operation.variance.name), call.operands, call.options))
      let module = writer.language.module
      let name = writer.helper(
        "deviation", ["v"],
        [
          "differs = v > 0",
          "return \(module).where(differs, \(module).sqrt(\(module).where(differs, v, 1.0)), 0.0)",
        ], note: "the root's slope at 0 is infinite; where nothing differs the deviation's is 0")
      return .call(name, [writer.argument(variance)])
    },
    "argmax": { (writer, call, application) throws(Diagnostic) in
      // Of several axes together it is written out by its definition.
      guard (call.options.axes?.count ?? 1) == 1 else { return nil }
      return try reduction("argmax", kind: .integer)(&writer, call, application)
    },
    "argmin": { (writer, call, application) throws(Diagnostic) in
      guard (call.options.axes?.count ?? 1) == 1 else { return nil }
      return try reduction("argmin", kind: .integer)(&writer, call, application)
    },
    "softmax": along(torch: "torch.softmax", jax: "jax.nn.softmax"),
    "logsumexp": { (writer, call, application) throws(Diagnostic) in
      if !call.options.keepsAxes {
        var options = call.options
        options["keepdims"] = nil
        let kept = try writer.written(.call(Function(call.operation.name), call.operands, options))
        return .call(
          writer.language.module + ".reshape", [kept.text, tuple(application.shape.dimensions)])
      }
      guard (call.options.axes?.count ?? 1) == 1 else { return nil }
      switch writer.language {
      case .numpy: return nil
      case .torch: return try along(torch: "torch.logsumexp", keepdims: true)(&writer, call, application)
      case .jax: return try along(jax: "jax.nn.logsumexp", keepdims: true)(&writer, call, application)
      }
    },
    "maximum": extremum, "minimum": extremum,
    "where": { (writer, call, _) throws(Diagnostic) in
      guard call.operands.count == 3 else { return nil }
      let condition = try writer.written(call.operands[0])
      let truth = condition.kind == .truth ? condition.text : condition.within(.sum) + " != 0"
      return .call(
        writer.language.module + ".where",
        [
          condition.kind == .number ? writer.language.scalar(condition.text) + " != 0" : truth,
          writer.argument(try writer.written(call.operands[1])),
          writer.argument(try writer.written(call.operands[2])),
        ])
    },
    // Not by its definition, which is its operand: their own differentiation would go through that.
    "detach": { (writer, call, _) throws(Diagnostic) in
      let value = try writer.written(call.operands[0]).asReal
      switch writer.language {
      case .numpy: return value
      case .torch: return PythonPiece(text: value.within(.suffix) + ".detach()")
      case .jax: return .call("jax.lax.stop_gradient", [writer.argument(value)])
      }
    },
    "outer": { (writer, call, application) throws(Diagnostic) in
      application.setting.shapes.allSatisfy { $0.rank == 1 }
        ? try same("outer")(&writer, call, application) : nil
    },
    "diag": { (writer, call, application) throws(Diagnostic) in
      let shape = application.setting.shapes.first ?? .scalar
      guard shape.rank == 1 || (shape.rank == 2 && min(shape.rows, shape.columns) > 1) else { return nil }
      return try same("diag")(&writer, call, application)
    },
    "reshape": { (writer, call, application) throws(Diagnostic) in
      let sizes = zip(call.operands, application.setting.sizes).dropFirst().map { writer.size($0, $1) }
      return .call(
        writer.language.module + ".reshape",
        [writer.argument(try writer.written(call.operands[0])), tuple(Array(sizes))])
    },
    "flatten": reshaped, "expand_dims": reshaped, "squeeze": reshaped,
    "onehot": { (writer, call, application) throws(Diagnostic) in
      let labels = try writer.written(call.operands[0])
      let K = application.shape.columns
      let rows =
        switch writer.language {
        case .numpy: "np.asarray(\(labels.text)).astype(int).ravel()"
        case .jax: "jnp.asarray(\(labels.text)).astype(int).ravel()"
        case .torch: "\(writer.argument(labels)).long().ravel()"
        }
      return PythonPiece(text: "\(writer.language.module).eye(\(K))[\(rows)]")
    },
    "eye": { (writer, _, application) throws(Diagnostic) in
      let extents = application.shape.dimensions
      return .call(
        writer.language.module + ".eye",
        Set(extents).count == 1 ? ["\(extents[0])"] : extents.map(String.init))
    },
    "zeros": { (writer, call, application) throws(Diagnostic) in
      let sizes = zip(call.operands, application.setting.sizes).map { writer.size($0, $1) }
      return .call(writer.language.module + ".zeros", [tuple(sizes)])
    },
    "ones": { (writer, call, application) throws(Diagnostic) in
      let sizes = zip(call.operands, application.setting.sizes).map { writer.size($0, $1) }
      return .call(writer.language.module + ".ones", [tuple(sizes)])
    },
    "arange": { (writer, call, application) throws(Diagnostic) in
      .call(
        writer.language.module + ".arange", [writer.size(call.operands[0], application.setting.sizes[0])],
        .integer)
    },
    "conv2d": { (writer, call, application) throws(Diagnostic) in
      guard writer.language != .numpy else { return nil }
      let (stride, pad) = (call.options.stride ?? 1, call.options.pad ?? 0)
      let operands = [
        writer.argument(try writer.written(call.operands[0])),
        writer.argument(try writer.written(call.operands[1])),
      ]
      return writer.language == .torch
        ? .call("torch.nn.functional.conv2d", operands + ["stride=\(stride)", "padding=\(pad)"])
        : .call(
          "jax.lax.conv_general_dilated",
          operands + [tuple([stride, stride]), "[(\(pad), \(pad)), (\(pad), \(pad))]"])
    },
    "maxpool": { (writer, call, application) throws(Diagnostic) in
      let size = application.setting.sizes.last.flatMap { $0 } ?? 1
      let stride = call.options.stride ?? size
      let operand = writer.argument(try writer.written(call.operands[0]))
      switch writer.language {
      case .numpy: return nil
      case .torch: return .call("torch.nn.functional.max_pool2d", [operand, "\(size)", "stride=\(stride)"])
      case .jax:
        // Its gradient goes to the first of equal entries, as here.
        return .call(
          "jax.lax.reduce_window",
          [
            operand, "-jnp.inf", "jax.lax.max", tuple([1, 1, size, size]), tuple([1, 1, stride, stride]),
            "\"VALID\"",
          ])
      }
    },
    "avgpool": { (writer, call, application) throws(Diagnostic) in
      guard writer.language == .torch else { return nil }
      let size = application.setting.sizes.last.flatMap { $0 } ?? 1
      return .call(
        "torch.nn.functional.avg_pool2d",
        [
          writer.argument(try writer.written(call.operands[0])), "\(size)",
          "stride=\(call.options.stride ?? size)",
        ])
    },
  ]

  // MARK: Kinds of rows

  /// A function of values, called the same everywhere.
  private static func same(_ name: String) -> Row {
    { (writer, call, _) throws(Diagnostic) in
      var arguments: [String] = []
      for operand in call.operands { arguments.append(writer.argument(try writer.written(operand))) }
      return .call(writer.language.module + "." + name, arguments)
    }
  }

  /// The same entries under the shape of the result.
  private static let reshaped: Row = { (writer, call, application) throws(Diagnostic) in
    .call(
      writer.language.module + ".reshape",
      [writer.argument(try writer.written(call.operands[0])), tuple(application.shape.dimensions)])
  }

  /// Several values in brackets of their own.
  private static func joined(_ name: String, torch: String? = nil) -> Row {
    { (writer, call, _) throws(Diagnostic) in
      let language = writer.language
      var parts: [String] = []
      for operand in call.operands { parts.append(writer.argument(try writer.written(operand))) }
      return .call(
        "\(language.module).\(language == .torch ? torch ?? name : name)",
        ["(\(parts.joined(separator: ", ")),)", "\(language.axis)=\(call.options.axis ?? 0)"])
    }
  }

  private static let triangle: Row = { (writer, call, _) throws(Diagnostic) in
    .call(
      writer.language.module + "." + call.operation.name,
      [
        writer.argument(try writer.written(call.operands[0])), "\(call.options.integer("k") ?? 0)",
      ])
  }

  private static func reduction(
    _ name: String, torch: String? = nil, kind: PythonPiece.Kind = .real
  ) -> Row {
    { (writer, call, _) throws(Diagnostic) in
      let language = writer.language
      let own = language == .torch ? torch ?? name : name
      var arguments = [writer.argument(try writer.written(call.operands[0]))]
      if let axes = call.options.axes {
        arguments.append("\(language.axis)=\(axes.count == 1 ? "\(axes[0])" : tuple(axes))")
        if call.options.keepsAxes { arguments.append("\(language.keepdims)=True") }
      }
      return .call("\(language.module).\(own)", arguments, kind)
    }
  }

  /// The largest or smallest along axes. Of equal ones the first has the gradient, as in PyTorch's max along one axis; its
  /// amax, its max of all entries and all of JAX's share. Along several axes it is taken along one after the other.
  private static func extreme(_ name: String) -> Row {
    { (writer, call, application) throws(Diagnostic) in
      let rank = application.setting.shapes.first?.rank ?? 0
      guard writer.language != .numpy, rank > 0 else {
        return try reduction(name, torch: "a" + name)(&writer, call, application)
      }
      let module = writer.language.module
      var text = writer.argument(try writer.written(call.operands[0]))
      var axes = call.options.axes?.map { $0 < 0 ? $0 + rank : $0 } ?? Array(0..<rank)
      if call.options.axes == nil, rank > 1 { (text, axes) = ("\(module).ravel(\(text))", [0]) }
      for axis in axes.sorted(by: >) {
        switch writer.language {
        case .torch:
          let keep = call.options.axes != nil && call.options.keepsAxes ? ", keepdim=True" : ""
          text = "torch.\(name)(\(text), dim=\(axis)\(keep)).values"
        case .jax, .numpy:
          let first = writer.helper(
            "first_\(name)", ["A", "axis", "keepdims"],
            [
              "first = jnp.take_along_axis(A, jnp.arg\(name)(A, axis=axis, keepdims=True), axis=axis)",
              "return first if keepdims else jnp.squeeze(first, axis)",
            ], note: "of equal entries the first has the gradient; jnp.\(name) shares it")
          let keeps = call.options.axes != nil && call.options.keepsAxes
          text = "\(first)(\(text), \(axis), \(keeps ? "True" : "False"))"
        }
      }
      return PythonPiece(text: text)
    }
  }

  /// A function along an axis, the last one unless told.
  private static func along(torch: String? = nil, jax: String? = nil, keepdims: Bool = false) -> Row {
    { (writer, call, _) throws(Diagnostic) in
      let language = writer.language
      guard let name = language == .torch ? torch : language == .jax ? jax : nil,
        (call.options.axes?.count ?? 1) == 1
      else { return nil }
      return .call(
        name,
        [
          writer.argument(try writer.written(call.operands[0])),
          "\(language.axis)=\(call.options.axis ?? -1)",
        ] + (keepdims ? ["\(language.keepdims)=True"] : []))
    }
  }

  /// A threshold keeps the gradient where both are equal; the function of PyTorch and JAX shares it.
  private static let extremum: Row = { (writer, call, application) throws(Diagnostic) in
    let shapes = application.setting.shapes
    let hasThreshold = shapes.count == 2 && shapes[0].isScalar != shapes[1].isScalar
    if writer.language != .numpy, hasThreshold { return nil }
    return try same(call.operation.name)(&writer, call, application)
  }

  // MARK: Parts of values

  /// What stands between the brackets of an index; nil where the language has no word for it.
  private mutating func brackets(_ subscripts: [Subscript]) throws(Diagnostic) -> String? {
    var parts: [String] = []
    for item in subscripts {
      switch item {
      case .at(let i): parts.append("\(i)")
      case .slice(let from, let to, let step):
        guard language != .torch || step > 0 else { return nil }
        let bounds = (from.map(String.init) ?? "") + ":" + (to.map(String.init) ?? "")
        parts.append(step == 1 ? bounds : bounds + ":\(step)")
      case .positions(let list):
        let positions = try written(list)
        parts.append(
          language == .torch
            ? "torch.as_tensor(\(positions.text)).long()"
            : "\(language.module).asarray(\(positions.text)).astype(int)")
      }
    }
    return parts.joined(separator: ", ")
  }

  private mutating func selection(_ call: OperationCall) throws(Diagnostic) -> PythonPiece? {
    guard let brackets = try brackets(call.subscripts), !call.subscripts.isEmpty else { return nil }
    let base = try written(call.operands[0])
    return PythonPiece(
      text: "\(base.kind == .real ? base.within(.suffix) : "(\(base.asReal.text))")[\(brackets)]")
  }

  private mutating func scatter(_ call: OperationCall, _ application: Application) throws(Diagnostic)
    -> PythonPiece?
  {
    // With lists of positions it is a sum, by its definition.
    guard !call.subscripts.contains(where: { $0.list != nil }),
      let brackets = try brackets(call.subscripts), !call.subscripts.isEmpty
    else { return nil }
    let G = argument(try written(call.operands[0]))
    let zeros = "\(language.module).zeros(\(Self.tuple(application.shape.dimensions)))"
    if language == .jax { return PythonPiece(text: "\(zeros).at[\(brackets)].set(\(G))") }
    let name = helper(
      "scatter", ["G"], ["A = \(zeros)", "A[\(brackets)] = G", "return A"],
      note: "zeros with G at the selected entries")
    return .call(name, [G])
  }
}
