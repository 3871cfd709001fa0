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

  /// G goes to the first of the largest entries of its window. Which entry that is does not change with X but in jumps.
  package static let maxpoolGradient: Operation = Operation(
    "maxpool_gradient(G, X, #size, stride=size)", title: "gradient of the maximum of windows",
    note: "dL/dX of maxpool(X, size), where G is dL/dY",
    is:
      "D[n,c,y,x] = Σ_p,q G[n,c,p,q]·(argmax_r<size,s<size X[n,c,stride·p+r,stride·q+s] == (y - stride·p)·size + x - stride·q)·(x ≥ stride·q)·(x < stride·q + size)",
    backward: ["dG = maxpool_entries(dD, X, size, stride=stride)"],
    kernel: .prepared { setting, _ in
      setting.pooling(1).map { extents in { extents.maximumGradient(dy: $0[0], x: $0[1], dx: $1) } }
    }, reasonOfZero: "is the largest of no window: it made no output, and nothing comes back",
    ranges: { (s) throws(Diagnostic) in try s.inputRanges(.maxpool) })

  /// What maxpool chooses in X, read from A: `maxpool_entries(X, X, size)` is `maxpool(X, size)`. Linear in A.
  package static let maxpoolEntries: Operation = Operation(
    "maxpool_entries(A, X, #size, stride=size)", title: "entries at the maximum of windows",
    note: "of every window the entry of A that stands where X has its first maximum",
    is:
      "Y[n,c,y,x] = Σ_r<size,s<size A[n,c,stride·y+r,stride·x+s]·(argmax_p<size,q<size X[n,c,stride·y+p,stride·x+q] == r·size + s)",
    backward: ["dA = maxpool_gradient(dY, X, size, stride=stride)"],
    kernel: .prepared { setting, _ in
      setting.pooling(1).map { extents in { extents.chosen(from: $0[0], x: $0[1], y: $1) } }
    },
    ranges: { (s) throws(Diagnostic) in
      let (a, x) = (try s.images(0, .maxpoolEntries), try s.images(1, .maxpoolEntries))
      guard a == x else { throw Diagnostic("A (\(s.shapes[0])) is not the shape of X (\(s.shapes[1]))") }
      return try s.pooledRanges(1, .maxpoolEntries)
    })

  /// G is shared by the entries of its window.
  package static let avgpoolGradient: Operation = Operation(
    "avgpool_gradient(G, X, #size, stride=size)", title: "gradient of the mean of windows",
    note: "dL/dX of avgpool(X, size), where G is dL/dY",
    is:
      "D[n,c,y,x] = Σ_p,q G[n,c,p,q]·(y ≥ stride·p)·(y < stride·p + size)·(x ≥ stride·q)·(x < stride·q + size) / (size·size)",
    backward: ["dG = avgpool(dD, size, stride=stride)"],
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
      throw Diagnostic("G (\(shapes[0])) is not the shape of \(pooled.name) of \(shapes[1])")
    }
    return ["n": x[0], "c": x[1], "y": x[2], "x": x[3]]
  }
}
