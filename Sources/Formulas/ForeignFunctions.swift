/// Functions and methods of NumPy, PyTorch, TensorFlow and SciPy that are written otherwise here. Keys beside plain names:
/// `F.name` and `torch.name` where PyTorch means something else by the name than NumPy does, `.name` for a method.
enum ForeignFunction: Sendable {
  /// Another name for the same function, with options that PyTorch has unasked.
  case renamed(String, with: [String: CallOptions.Value] = [:])
  /// A formula of so many values; its options are those of the function `like`.
  case formula(ClosedRange<Int>, like: String? = nil, @Sendable ([Expression], CallOptions) -> Expression?)
  /// What to type here, where no one formula is meant.
  case advice(String)

  static let table: [String: ForeignFunction] = [
    "concatenate": .renamed("concat"), "identity": .renamed("eye"), "cat": .renamed("concat"),
    "permute": .renamed("transpose"), "range": .renamed("arange"), "expit": .renamed("sigmoid"),
    "σ": .renamed("sigmoid"), "sigma": .renamed("sigmoid"), "logistic": .renamed("sigmoid"),
    "view": .renamed("reshape"), "one_hot": .renamed("onehot"),
    "reduce_sum": .renamed("sum"), "reduce_mean": .renamed("mean"), "reduce_max": .renamed("max"),
    "amax": .renamed("max"), "amin": .renamed("min"),
    "dot": .two { $0.times($1) }, "matmul": .two { $0.times($1) }, "mm": .two { $0.times($1) },
    "bmm": .two { $0.times($1) }, "multiply": .two { $0 * $1 }, "mul": .two { $0 * $1 },
    "add": .two { $0 + $1 },
    "subtract": .two { $0 - $1 }, "sub": .two { $0 - $1 }, "divide": .two { $0 / $1 },
    "div": .two { $0 / $1 },
    "pow": .two { .binary(.power, $0, $1) }, "power": .two { .binary(.power, $0, $1) },
    "transpose": .one { .transpose($0) }, "square": .one { $0.raised(to: 2) },
    "log1p": .one { .call("log", .number(1) + $0) }, "expm1": .one { .call("exp", $0) - .number(1) },
    "count_nonzero": .one { .call("sum", .binary(.notEqual, $0, .number(0))) },
    "ln": .one { .call("log", $0) }, "log2": .one { .call("log", $0) / .number(0.6931471805599453) },
    "log10": .one { .call("log", $0) / .number(2.302585092994046) },
    "cosh": .one { (.call("exp", $0) + .call("exp", .negative($0))) / .number(2) },
    "sinh": .one { (.call("exp", $0) - .call("exp", .negative($0))) / .number(2) },
    "heaviside": .two { .binary(.greater, $0, .number(0)) + $1 * .binary(.equal, $0, .number(0)) },
    "neg": .one { .negative($0) }, "negative": .one { .negative($0) }, "swish": .one { .call("silu", $0) },
    "trace": .one { .call("sum", .call("diag", $0)) },
    "norm": .formula(1...2, like: "sum") { values, options in
      let order = values.count == 2 ? values[1].wholeNumber : 2
      switch order {
      case 1: return .call("sum", [.call("abs", values[0])], options)
      case 2: return .call("sqrt", .call("sum", [values[0].raised(to: 2)], options))
      default: return nil
      }
    },
    // Along axis 1 unasked, as PyTorch has it.
    "F.normalize": .formula(1...1, like: "softmax") { values, options in
      values[0] / .call("sqrt", .call("sum", values[0].raised(to: 2), axis: options.axis ?? 1))
    },
    "rsqrt": .one { .number(1) / .call("sqrt", $0) },
    // log(sigmoid(-800)) is -inf, this is -800.
    "logsigmoid": .one { .negative(.call("softplus", .negative($0))) },
    "masked_fill": .formula(3...3) { values, _ in
      .call("where", [values[1], values[2], values[0]], .none)
    },
    // With the bend at 1, as PyTorch has it unasked.
    "F.huber_loss": .two { huber($0 - $1) }, "F.smooth_l1_loss": .two { huber($0 - $1) },
    "F.kl_div": .advice("sum(P * log(P / Q)) is the divergence of Q from P, / m its mean over the samples"),
    "ravel": .one(flat), ".flatten": .formula(1...2, flattened), "torch.flatten": .formula(1...2, flattened),
    "log_softmax": .formula(1...2, like: "softmax") { values, options in
      guard let axis = values.count == 2 ? values[1].wholeNumber : options.axis ?? -1 else { return nil }
      return values[0] - .call("logsumexp", values[0], axis: axis)
    },
    "leaky_relu": .formula(2...2) { values, _ in
      .call("where", [values[0] > 0, values[0], values[1] * values[0]], .none)
    },
    "elu": .formula(2...2) { values, _ in
      .call("where", [values[0] > 0, values[0], values[1] * (.call("exp", values[0]) - .number(1))], .none)
    },
    // Behind a module their second value is an axis.
    "F.max": .renamed("max"), ".max": .renamed("max"), "F.min": .renamed("min"), ".min": .renamed("min"),
    "clamp": .formula(3...3) { values, _ in .call("clip", values, .none) },
    "clamp_min": .two { .call("maximum", $0, $1) }, "clamp_max": .two { .call("minimum", $0, $1) },
    "arange": .formula(2...3) { values, _ in counted(values) },
    "F.linear": .formula(2...3) { values, _ in
      let product = values[0].times(values[1].T)
      return values.count == 3 ? product + values[2] : product
    },
    // PyTorch's losses take the predictions first, and cross_entropy takes logits.
    "F.mse_loss": .formula(2...2, like: "mse") { .call("mse", [$0[1], $0[0]], $1) },
    "F.l1_loss": .two { .call("mean", .call("abs", $0 - $1)) },
    "F.binary_cross_entropy": .formula(2...2, like: "binary_cross_entropy") {
      .call("binary_cross_entropy", [$0[1], $0[0]], $1)
    },
    "F.cross_entropy": .formula(2...2, like: "cross_entropy") { values, options in
      guard case .list(let labels) = values[1], labels.allSatisfy({ $0.wholeNumber != nil }) else {
        return .call("cross_entropy", [values[1], .call("softmax", values[0])], options)
      }
      // Class numbers choose an entry of each row.
      let own = Expression.index(
        values[0],
        [.positions(.call("arange", [.number(Double(labels.count))], .none)), .positions(values[1])])
      let logs = Expression.call("reshape", [.call("logsumexp", [values[0]], .none), .negative(1)], .none)
      return .call(options.reduction == .sum ? "sum" : "mean", logs - own)
    },
    "tf.leaky_relu": .formula(1...2) { values, _ in
      .call("where", [values[0] > 0, values[0], (values.count == 2 ? values[1] : 0.2) * values[0]], .none)
    },
    "binary_cross_entropy_with_logits": .two { .call("binary_cross_entropy", $1, .call("sigmoid", $0)) },
    // PyTorch divides by n - 1.
    "torch.var": .renamed("var", with: ["ddof": .integer(1)]),
    "torch.std": .renamed("std", with: ["ddof": .integer(1)]),
    "F.layer_norm": .advice(
      "layer_norm(Z, gamma, beta) takes the factors and what is added, both 1×n: ones(1, 5) and zeros(1, 5) change nothing"
    ),
    "BCELoss": .advice("the function is binary_cross_entropy(Y, P), or F.binary_cross_entropy(P, Y)"),
    "BCEWithLogitsLoss": .advice(
      "the function is binary_cross_entropy(Y, sigmoid(Z)), or F.binary_cross_entropy_with_logits(Z, Y)"),
    "softmax_cross_entropy_with_logits": .advice("cross_entropy(Y, softmax(Z)) takes the logits Z"),
    "addmm": .advice("b + A @ B"), "log_loss": .advice("binary_cross_entropy(Y, P), or cross_entropy(Y, S)"),
    "scaled_dot_product_attention": .advice(
      "softmax(Q @ K.T / sqrt(d)) @ V; 'model attention' steps through it"),
    "nll_loss": .advice(
      "cross_entropy(Y, S) takes a 1 at the class of each sample, onehot(labels, K), and probabilities, exp of these"
    ),
    "zeros_like": .advice("zeros(4, 2) takes the sizes; 'show' says them"),
    "ones_like": .advice("ones(4, 2) takes the sizes; 'show' says them"),
    "isnan": .advice("a nan is named where it first appears: 'show' and 'forward' say it"),
    "isfinite": .advice("a nan is named where it first appears: 'show' and 'forward' say it"),
    "inv": .advice("nothing is inverted here: a gradient needs products alone"),
    "pinv": .advice("nothing is inverted here: a gradient needs products alone"),
    "solve": .advice("no system of equations is solved here"),
    "det": .advice("no determinant is here: a gradient needs products alone"),
    "requires_grad_": .advice(
      "'param W1' says which leaves are trained, detach(W1) lets no gradient through"),
    "rnorm": .advice("randn(2, 3) draws normal numbers of a shape"),
    "runif": .advice("rand(2, 3) draws numbers of a shape"),
    "apply": .advice("a function works entry by entry, and along an axis with axis=: sum(X, axis=1)"),
    "full": .advice("a number times ones: 3 * ones(2, 2)"),
    "hstack": .advice("concat(A, B, axis=1) sets matrices side by side, axis=0 lists and rows"),
    "vstack": .advice("concat(A, B, axis=0) sets matrices one below the other, stack(a, b) lists"),
    "unsqueeze": .renamed("expand_dims"),
    "numel": .renamed("size"), "len": .renamed("size", with: ["axis": .integer(0)]),
    "round": .advice("'precision 2' sets the decimals that are shown; values keep theirs"),
    "prod": .advice("a product of two axes' entries is written out: A[:, 0] * A[:, 1]"),
    "median": .advice("mean(A) and max(A) are there; a median has no formula"),
    "sort": .advice("argmax(A, axis=1) and max(A, axis=1) find the largest; nothing is sorted"),
    "clip_by_value": .advice("clip(A, 0, 1) holds it between two numbers"),
    "read_csv": .advice("load(\"FILE.csv\") reads it, 'data csv FILE' takes its rows as samples"),
    "loadtxt": .advice("load(\"FILE.csv\") reads it, with commas between the numbers"),
    "genfromtxt": .advice("load(\"FILE.csv\") reads it, with commas between the numbers"),
    "c": .advice("numbers stand in brackets: [1, 2, 3]"),
    "all": .advice("min(A == B) is 1 where all of a mask hold"),
    "any": .advice("max(A == B) is 1 where any of a mask holds"),
    "isclose": .advice("abs(A - B) < 1e-8 is 1 where they are close, max(abs(A - B)) the largest difference"),
    "tile": .advice("concat(A, A, axis=0) sets a value below itself, and what is added is broadcast"),
    "repeat": .advice("A[[0, 0, 1, 1]] takes rows several times, and what is added is broadcast"),
    "unique": .advice("'data npz FILE' takes labels as classes; numbers of classes are [0, 2, 1]"),
    "cuda": .advice("everything is computed here: leave .cuda() away"),
    "to": .advice("everything is computed here, 'dtype float32' in other formats: leave .to(…) away"),
    "type": .advice("numbers are of 64 bits, 'dtype float32' computes the pass in others"),
    "Linear": .advice("a layer is two names of a model, Z = X @ W + b; 'net 2 5:relu 3' writes a network"),
    "ReLU": .advice("the function is relu(Z), the layer 5:relu in 'net 2 5:relu 3:softmax'"),
    "CrossEntropyLoss": .advice(
      "the function is cross_entropy(Y, S) of probabilities, F.cross_entropy(Z, Y) of logits"),
    "MSELoss": .advice("the function is mse(Y, P)"),
    "xavier_uniform_": .advice("'init W1 init=xavier' draws first values"),
    "kaiming_uniform_": .advice("'init W1 init=he' draws first values"),
    "kaiming_normal_": .advice("'init W1 init=he' draws first values"),
    "magic": .advice("rows stand in brackets: [[8, 1, 6], [3, 5, 7], [4, 9, 2]]"),
    "fprintf": .advice("a value is shown where it is typed, 'precision 6' sets the decimals"),
    "printf": .advice("a value is shown where it is typed, 'precision 6' sets the decimals"),
    "input": .advice("'set X = …' gives a value"),
    "split": .advice("slices take a part: A[:, 0:2]"), "chunk": .advice("slices take a part: A[:, 0:2]"),
    "manual_seed": .advice("seed= stands behind 'net' and 'train'"),
  ]

  /// Methods that change no number.
  static let plainMethods: Set<String> = [
    "clone", "copy", "numpy", "cpu", "double", "float", "contiguous", "item", "tolist",
  ]

  /// What prints of NumPy and PyTorch put around a matrix.
  static let wrappers: Set<String> = [
    "array", "Array", "tensor", "Tensor", "asarray", "as_tensor", "matrix", "float64", "float32", "float16",
    "int64", "int32", "DataFrame", "Matrix", "ImmutableMatrix", "ImmutableDenseMatrix", "Variable",
  ]

  /// What Julia prints before a list: `Float32[0.1, 0.2]`.
  static let elementTypes: Set<String> = ["Float64", "Float32", "Float16", "Int64", "Int32"]

  /// What a bound by name does, in clamp(X, min=0) of PyTorch and clip(X, a_min=0) of NumPy.
  static let bounds = ["min": "maximum", "a_min": "maximum", "max": "minimum", "a_max": "minimum"]

  /// Operands that go by a name in NumPy, PyTorch, TensorFlow and Keras, and which they are.
  static let operandWords = [
    "leaky_relu": ["negative_slope": 1, "alpha": 1, "slope": 1], "elu": ["alpha": 1],
    "tf.leaky_relu": ["alpha": 1], "linspace": ["num": 2, "steps": 2],
  ]

  /// Where numbers are kept, and whether gradients are, of what is only made: none of it changes a number.
  static let makers: Set<String> = ["zeros", "ones", "eye", "rand", "randn", "arange", "linspace"]
  static let keeping: Set<String> = ["requires_grad", "device", "dtype"]

  /// PyTorch's words for NumPy's options.
  static let options = [
    "dim": "axis", "padding": "pad", "keepdim": "keepdims", "correction": "ddof", "unbiased": "ddof",
    "diagonal": "k",
  ]

  private static func one(_ make: @escaping @Sendable (Expression) -> Expression) -> ForeignFunction {
    .formula(1...1) { values, _ in make(values[0]) }
  }

  private static func two(
    _ make: @escaping @Sendable (Expression, Expression) -> Expression
  ) -> ForeignFunction {
    .formula(2...2) { values, _ in make(values[0], values[1]) }
  }

  private static func huber(_ difference: Expression) -> Expression {
    let distance = Expression.call("abs", difference)
    let half = Expression.number(0.5)
    return .call(
      "mean",
      .call(
        "where", [.binary(.lessOrEqual, distance, 1), half * difference.raised(to: 2), distance - half], .none
      ))
  }

  private static func flat(_ value: Expression) -> Expression {
    .call("reshape", [value, .negative(1)], .none)
  }

  /// Without a first axis everything is one list; from axis 1 on it is the layer that keeps samples apart.
  private static func flattened(_ values: [Expression], _ options: CallOptions) -> Expression? {
    switch values.count == 2 ? values[1].wholeNumber : 0 {
    case 0: flat(values[0])
    case 1: .call("flatten", values[0])
    default: nil
    }
  }

  /// `arange(1, 5, 2)`: whole numbers, so that the length is known.
  private static func counted(_ values: [Expression]) -> Expression? {
    guard let from = values[0].wholeNumber, let to = values[1].wholeNumber,
      let step = values.count == 3 ? values[2].wholeNumber : 1, step != 0,
      [from, to, step].allSatisfy({ $0.magnitude < 1 << 30 })
    else { return nil }
    let n = max(0, (to - from + step - step.signum()) / step)
    let positions: Expression = .call("arange", .number(Double(n)))
    return number(from) + (step == 1 ? positions : number(step) * positions)
  }

  private static func number(_ n: Int) -> Expression {
    n < 0 ? .negative(.number(Double(-n))) : .number(Double(n))
  }
}

extension Expression {
  /// What is typed as nan.
  static let notANumber: Expression = .binary(.subtract, .number(.infinity), .number(.infinity))

  var wholeNumber: Int? {
    switch self {
    case .number(let value): Int(exactly: value)
    case .negative(.number(let value)): Int(exactly: -value)
    case .name, .derivative, .list, .negative, .binary, .transpose, .call, .index: nil
    }
  }

  /// What is worked out of typed numbers.
  var foldedNumber: Double? {
    switch self {
    case .number(let value): return value
    case .negative(let a): return a.foldedNumber.map(-)
    case .binary(let sign, let a, let b):
      guard let a = a.foldedNumber, let b = b.foldedNumber else { return nil }
      switch sign {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply: return a * b
      case .divide: return a / b
      default: return nil
      }
    case .name, .derivative, .list, .transpose, .call, .index: return nil
    }
  }

  /// A number, typed or computed of such.
  var isArithmetic: Bool {
    switch self {
    case .number: true
    case .negative(let a): a.isArithmetic
    case .binary(_, let a, let b): a.isArithmetic && b.isArithmetic
    case .name, .derivative, .list, .transpose, .call, .index: false
    }
  }

  /// 1 where something holds, else 0: no position of anything.
  var isCondition: Bool {
    switch self {
    case .binary(let sign, _, _): sign.isComparison
    case .negative, .number, .name, .derivative, .list, .transpose, .call, .index: false
    }
  }
}
