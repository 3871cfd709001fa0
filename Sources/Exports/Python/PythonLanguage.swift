/// Three ways to say it in Python.
package enum PythonLanguage: String, Sendable, CaseIterable {
  case numpy, torch, jax

  /// What its functions stand behind.
  package var module: String {
    switch self {
    case .numpy: "np"
    case .torch: "torch"
    case .jax: "jnp"
    }
  }

  var title: String {
    switch self {
    case .numpy: "NumPy"
    case .torch: "PyTorch"
    case .jax: "JAX"
    }
  }

  var axis: String { self == .torch ? "dim" : "axis" }
  var keepdims: String { self == .torch ? "keepdim" : "keepdims" }

  package var imports: [String] {
    switch self {
    case .numpy: ["import numpy as np"]
    case .torch: ["import torch"]
    case .jax: ["import jax", "import jax.numpy as jnp", "import numpy as np"]
    }
  }

  /// What stands behind the imports: doubles, and no word about log(0), which is shown as what it gives.
  package var setting: String {
    switch self {
    case .numpy: "np.seterr(all=\"ignore\")"
    case .torch: "torch.set_default_dtype(torch.float64)"
    case .jax: "jax.config.update(\"jax_enable_x64\", True)"
    }
  }

  /// A list of numbers as a value.
  package func array(_ list: String) -> String {
    switch self {
    case .numpy: "np.array(\(list))"
    case .torch: "torch.tensor(\(list))"
    case .jax: "jnp.array(\(list))"
    }
  }

  /// A number that follows the rules of floating point: 1 / 0 is infinite.
  func scalar(_ number: String) -> String {
    switch self {
    case .numpy: "np.float64(\(number))"
    case .torch: "torch.tensor(float(\(number)))"
    case .jax: "jnp.float64(\(number))"
    }
  }

  /// What a value of the script may not be called: words of the language, and what the script itself uses.
  package var reserved: Set<String> {
    var result = Set(
      """
      False None True and as assert async await break class continue def del elif else except finally for from global if \
      import in is lambda nonlocal not or pass raise return try while with yield print open enumerate float len range zip \
      tuple reversed list max min abs sum check entry erf ogrid forward gradients math
      """.split(separator: " ").map(String.init))
    switch self {
    case .numpy: result.insert("np")
    case .torch: result.insert("torch")
    case .jax: result.formUnion(["jax", "jnp", "np"])
    }
    return result
  }
}
