import Reports
import Sessions

import Testing
import Commands
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Rendering

/// A workspace after some commands; what failed is thrown.
func workspace(_ commands: String...) throws -> Workspace {
  var workspace = Workspace()
  for command in commands {
    for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
  }
  return workspace
}

func report(_ command: String, in workspace: inout Workspace) throws -> Report {
  var last = Report()
  for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
  return last
}

func text(_ report: Report) -> String { TextRenderer(width: 80).render(report) }

/// Sessions of both layouts, several depths, widths and activations, with random data.
let networks = [
  "net 2 4:relu 3:softmax seed=3",
  "net 3 5:tanh 4:sigmoid 3:softmax seed=4",
  "net 2 4:tanh 2:softmax seed=5 layout=columns",
  "net 4 3:relu 3:relu 3:tanh 4:softmax seed=6 layout=columns reduction=sum",
  "net 2 3:softplus 3:softmax seed=7 bias=off reduction=sum",
  "net 3 3:leaky_relu 1:sigmoid seed=8",
  "net 2 3:tanh 2:linear seed=9 layout=columns",
]

func randomized(_ network: String, seed: Int) throws -> Workspace {
  var result = try workspace(network)
  let X = try #require(result.session.leaves["X"])
  let sizes = X.shape.dimensions.map(String.init).joined(separator: ", ")
  _ = try report("set X = randn(\(sizes), seed=\(seed))", in: &result)
  for name in result.session.model.parameters {
    guard let value = result.session.leaves[name] else { continue }
    let sizes = value.shape.dimensions.map(String.init).joined(separator: ", ")
    _ = try report("set \(name) = randn(\(sizes), seed=\(seed + name.count))", in: &result)
  }
  return result
}
