import Testing

@testable import LinearAlgebra

@Suite struct PoolingTests {
  @Test func agreesWithNestedLoops() throws {
    var generator = RandomGenerator(seed: 31)
    for _ in 0..<100 {
      let window = generator.integer(below: 3) + 1
      let stride = generator.integer(below: 3) + 1
      let shape: Shape = [
        generator.integer(below: 4), 2, window + generator.integer(below: 6),
        window + generator.integer(below: 6),
      ]
      // Few distinct values, so that ties happen.
      let x = generator.normal(shape: shape).map { ($0 * 2).rounded() }
      let maximum = try #require(Tensor.maxPool2d(x, window: window, stride: stride))
      let average = try #require(Tensor.averagePool2d(x, window: window, stride: stride))
      let dy = generator.normal(shape: maximum.shape)
      var expectedMaximum = Tensor(repeating: 0, shape: maximum.shape)
      var expectedAverage = expectedMaximum
      var maximumGradient = Tensor(repeating: 0, shape: shape)
      var averageGradient = maximumGradient
      for position in 0..<maximum.count {
        let index = maximum.index(at: position)
        var inputs: [[Int]] = []
        for u in 0..<window {
          for v in 0..<window {
            inputs.append([index[0], index[1], index[2] * stride + u, index[3] * stride + v])
          }
        }
        let values = inputs.map { x.elements[x.position(of: $0) ?? -1] }
        let largest = values.max() ?? .nan
        expectedMaximum.add(largest, at: index)
        expectedAverage.add(values.reduce(0, +) / Double(values.count), at: index)
        maximumGradient.add(dy.elements[position], at: inputs[values.firstIndex(of: largest) ?? -1])
        for input in inputs { averageGradient.add(dy.elements[position] / Double(values.count), at: input) }
      }
      #expect(maximum == expectedMaximum)
      #expect(average == expectedAverage)
      #expect(Tensor.maxPool2dGradient(dy, x, window: window, stride: stride) == maximumGradient)
      #expect(
        Tensor.averagePool2dGradient(dy, inputShape: shape, window: window, stride: stride) == averageGradient
      )
    }
  }

  @Test func theFirstOfEqualMaximaTakesTheGradient() throws {
    let x = Tensor(repeating: 3, shape: [2, 2])
    let dx = Tensor.maxPool2dGradient(Tensor(repeating: 5, shape: [1, 1]), x, window: 2)
    #expect(dx == Tensor(rows: [[5, 0], [0, 0]]))
  }

  @Test func aNaNIsNotHidden() throws {
    let x = try #require(Tensor(rows: [[1, .nan], [7, 2]]))
    #expect(Tensor.maxPool2d(x, window: 2)?.scalarValue?.isNaN == true)
  }

  @Test func impossibleWindowsAreNil() {
    #expect(Shape([2, 3, 5, 4]).pooled(window: 2) == [2, 3, 2, 2])
    #expect(Shape([2, 3, 5, 4]).pooled(window: 2, stride: 1) == [2, 3, 4, 3])
    #expect(Shape([2, 3, 5, 4]).pooled(window: 5) == nil)
    #expect(Shape([2, 3, 5, 4]).pooled(window: 0) == nil)
    #expect(Shape([2, 3, 5, 4]).pooled(window: 2, stride: 0) == nil)
    #expect(Shape([4]).pooled(window: 2) == nil)
    #expect(Shape([0, 5, 5]).pooled(window: 2) == [0, 2, 2])
    #expect(Tensor.maxPool2d(Tensor(repeating: 0, shape: [0, 5, 5]), window: 2)?.count == 0)
  }
}
