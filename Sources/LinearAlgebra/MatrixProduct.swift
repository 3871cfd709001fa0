extension Tensor {
  package func product(_ other: Tensor) -> Tensor? {
    guard let target = shape.product(with: other.shape), target.checkedCount != nil else { return nil }
    let k = shape.columns
    let m = rank == 1 ? 1 : shape.rows
    let n = other.rank == 1 ? 1 : other.shape.columns
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var s = 0.0
        for l in 0..<k { s += elements[i * k + l] * other.elements[l * n + j] }
        c[i * n + j] = s
      }
    }
    return Tensor(unchecked: target, c)
  }

  package func transposed() -> Tensor {
    guard rank == 2 else { return self }
    let (r, c) = (shape.rows, shape.columns)
    var out = [Double](repeating: 0, count: r * c)
    for i in 0..<r { for j in 0..<c { out[j * r + i] = elements[i * c + j] } }
    return Tensor(unchecked: shape.transposed, out)
  }
}
