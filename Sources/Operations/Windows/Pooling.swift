import Formulas
import LinearAlgebra

extension Operation {
  package static let maxpool: Operation = Operation(
    "maxpool(X, #size, stride=size)", title: "maximum of windows", note: "largest entry of every window",
    is: "Y[n,c,y,x] = max_r<size,s<size X[n,c,stride·y+r,stride·x+s]",
    backward: ["dX = maxpool_gradient(dY, X, size, stride=stride)"],
    kernel: .prepared { setting, _ in
      setting.pooling(0).map { extents in { extents.maximum(x: $0[0], y: $1) } }
    }, ranges: { (s) throws(Diagnostic) in try s.pooledRanges(0, .maxpool) })

  package static let avgpool: Operation = Operation(
    "avgpool(X, #size, stride=size)", title: "mean of windows", note: "mean of every window",
    is: "Y[n,c,y,x] = (Σ_r<size,s<size X[n,c,stride·y+r,stride·x+s]) / |r,s|",
    backward: ["dX = avgpool_gradient(dY, X, size, stride=stride)"],
    kernel: .prepared { setting, _ in
      setting.pooling(0).map { extents in { extents.average(x: $0[0], y: $1) } }
    }, ranges: { (s) throws(Diagnostic) in try s.pooledRanges(0, .avgpool) })

  /// dY goes to the first of the largest entries of its window.
  package static let maxpoolGradient: Operation = Operation(
    "maxpool_gradient(dY, X, #size, stride=size)", note: "dL/dX of maxpool",
    is:
      "dX[n,c,y,x] = Σ_p,q dY[n,c,p,q]·(argmax_r<size,s<size X[n,c,stride·p+r,stride·q+s] == (y - stride·p)·size + x - stride·q)·(x ≥ stride·q)·(x < stride·q + size)",
    kernel: .prepared { setting, _ in
      setting.pooling(1).map { extents in { extents.maximumGradient(dy: $0[0], x: $0[1], dx: $1) } }
    }, reasonOfZero: "is the largest of no window: it made no output, and nothing comes back",
    ranges: { (s) throws(Diagnostic) in try s.inputRanges(.maxpool) })

  /// dY is shared by the entries of its window.
  package static let avgpoolGradient: Operation = Operation(
    "avgpool_gradient(dY, X, #size, stride=size)", note: "dL/dX of avgpool",
    is:
      "dX[n,c,y,x] = Σ_p,q dY[n,c,p,q]·(y ≥ stride·p)·(y < stride·p + size)·(x ≥ stride·q)·(x < stride·q + size) / (size·size)",
    kernel: .prepared { setting, _ in
      setting.pooling(1).map { extents in { extents.averageGradient(dy: $0[0], dx: $1) } }
    }, ranges: { (s) throws(Diagnostic) in try s.inputRanges(.avgpool) })
}

extension Operation.Setting {
  /// The size of a window, the last operand.
  fileprivate var window: Int { sizes.last.flatMap { $0 } ?? 0 }

  fileprivate func pooling(_ x: Int) -> PoolingShape? {
    shapes.indices.contains(x) ? PoolingShape(input: shapes[x], window: window, stride: options.stride) : nil
  }

  fileprivate func pooledRanges(_ i: Int, _ operation: Operation) throws(Diagnostic) -> [String: Int] {
    let x = try images(i, operation)
    let stride = options.stride ?? window
    guard let rows = WindowCount.of(extent: x[2], window: window, stride: stride, pad: 0),
      let columns = WindowCount.of(extent: x[3], window: window, stride: stride, pad: 0)
    else { throw Diagnostic("a \(window)×\(window) window does not fit a \(x[2])×\(x[3]) image") }
    return ["n": x[0], "c": x[1], "y": rows, "x": columns]
  }

  fileprivate func inputRanges(_ pooled: Operation) throws(Diagnostic) -> [String: Int] {
    let x = try images(1, pooled)
    let ranges = try pooledRanges(1, pooled)
    guard shapes[0].dimensions == [x[0], x[1], ranges["y"] ?? 0, ranges["x"] ?? 0] else {
      throw Diagnostic("dY is not the shape of the pooled images")
    }
    return ["n": x[0], "c": x[1], "y": x[2], "x": x[3]]
  }
}
