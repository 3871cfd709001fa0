import Testing

@testable import LinearAlgebra

/// Reads a 4-dimensional tensor, zero outside it.
private func at(_ t: Tensor, _ index: Int...) -> Double {
  t.position(of: index).map { t.elements[$0] } ?? 0
}

private struct RandomCase {
  let x: Tensor, w: Tensor, stride: Int, pad: Int

  init(_ g: inout RandomGenerator) {
    let channels = g.integer(below: 3) + 1
    let kernel = [g.integer(below: 3) + 1, g.integer(below: 3) + 1]
    pad = g.integer(below: 3)
    stride = g.integer(below: 3) + 1
    x = g.normal(shape: [
      g.integer(below: 6), channels, kernel[0] + g.integer(below: 6), kernel[1] + g.integer(below: 9),
    ])
    w = g.normal(shape: [g.integer(below: 3) + 1, channels, kernel[0], kernel[1]])
  }
}

@Suite struct ConvolutionTests {
  /// tensorflow/python/kernel_tests conv_ops_test: testConv2D2x2Depth1ValidBackpropFilter and …BackpropInput.
  @Test func publishedTensorFlowCase() throws {
    let x = try #require(Tensor(shape: [1, 1, 2, 3], elements: [1, 2, 3, 4, 5, 6]))
    let w = try #require(Tensor(shape: [1, 1, 2, 2], elements: [1, 2, 3, 4]))
    let dy = try #require(Tensor(shape: [1, 1, 1, 2], elements: [1, 2]))
    #expect(Tensor.conv2d(x, w)?.elements == [37, 47])
    #expect(Tensor.conv2dWeightGradient(dy, x, kernelShape: w.shape)?.elements == [5, 8, 14, 17])
    #expect(Tensor.conv2dInputGradient(dy, w, inputShape: x.shape)?.elements == [1, 4, 4, 3, 10, 8])
  }

  /// Dive into Deep Learning, "Multiple Input and Multiple Output Channels".
  @Test func publishedChannelsCase() throws {
    let x = try #require(
      Tensor(shape: [1, 2, 3, 3], elements: (0...8).map(Double.init) + (1...9).map(Double.init)))
    let w = try #require(
      Tensor(
        shape: [3, 2, 2, 2],
        elements: [0, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 2, 3, 4, 5, 2, 3, 4, 5, 3, 4, 5, 6]))
    let y = try #require(Tensor.conv2d(x, w))
    #expect(y.shape == [1, 3, 2, 2])
    #expect(y.elements == [56, 72, 104, 120, 76, 100, 148, 172, 96, 128, 192, 224])
  }

  @Test func agreesWithNestedLoops() throws {
    var generator = RandomGenerator(seed: 21)
    for _ in 0..<100 {
      let c = RandomCase(&generator)
      let (x, w, s, p) = (c.x.shape.dimensions, c.w.shape.dimensions, c.stride, c.pad)
      let y = try #require(Tensor.conv2d(c.x, c.w, stride: s, pad: p))
      let dy = generator.normal(shape: y.shape)
      var expectedY = Tensor(repeating: 0, shape: y.shape)
      var expectedDX = Tensor(repeating: 0, shape: c.x.shape)
      var expectedDW = Tensor(repeating: 0, shape: c.w.shape)
      for n in 0..<x[0] {
        for o in 0..<w[0] {
          for i in 0..<y.shape.dimensions[2] {
            for j in 0..<y.shape.dimensions[3] {
              let g = at(dy, n, o, i, j)
              var sum = 0.0
              for k in 0..<x[1] {
                for u in 0..<w[2] {
                  for v in 0..<w[3] {
                    let (row, column) = (i * s + u - p, j * s + v - p)
                    let value = at(c.x, n, k, row, column)
                    let weight = at(c.w, o, k, u, v)
                    sum += value * weight
                    expectedDW.add(g * value, at: [o, k, u, v])
                    expectedDX.add(g * weight, at: [n, k, row, column])
                  }
                }
              }
              expectedY.add(sum, at: [n, o, i, j])
            }
          }
        }
      }
      let dx = try #require(Tensor.conv2dInputGradient(dy, c.w, inputShape: c.x.shape, stride: s, pad: p))
      let dw = try #require(Tensor.conv2dWeightGradient(dy, c.x, kernelShape: c.w.shape, stride: s, pad: p))
      #expect(y == expectedY)
      #expect(dx.isClose(to: expectedDX))
      #expect(dw.isClose(to: expectedDW))
    }
  }

  /// A batch large enough for every part of it to have its own thread.
  @Test func aLargeBatchIsTheSumOfItsSamples() throws {
    var generator = RandomGenerator(seed: 22)
    let x = generator.normal(shape: [10, 3, 20, 20])
    let w = generator.normal(shape: [8, 3, 5, 5])
    let y = try #require(Tensor.conv2d(x, w, pad: 2))
    let dw = try #require(Tensor.conv2dWeightGradient(y, x, kernelShape: w.shape, pad: 2))
    var sum = Tensor(repeating: 0, shape: w.shape)
    for sample in 0..<10 {
      let one = try #require(
        Tensor(shape: [1, 3, 20, 20], elements: Array(x.elements[sample * 1200..<(sample + 1) * 1200])))
      let its = try #require(Tensor.conv2d(one, w, pad: 2))
      #expect(its.elements == Array(y.elements[sample * 3200..<(sample + 1) * 3200]))
      let part = try #require(Tensor.conv2dWeightGradient(its, one, kernelShape: w.shape, pad: 2))
      for position in 0..<part.count {
        sum.replaceElement(at: position, with: sum.elements[position] + part.elements[position])
      }
    }
    #expect(dw.isClose(to: sum))
  }

  @Test func impossibleShapesAreNil() {
    let x: Shape = [1, 2, 5, 5]
    #expect(x.conv2d(kernel: [4, 2, 3, 3], stride: 2, pad: 1) == [1, 4, 3, 3])
    #expect(x.conv2d(kernel: [4, 3, 3, 3]) == nil)
    #expect(x.conv2d(kernel: [4, 2, 6, 3]) == nil)
    #expect(x.conv2d(kernel: [4, 2, 0, 3]) == nil)
    #expect(x.conv2d(kernel: [4, 2, 3, 3], stride: 0) == nil)
    #expect(x.conv2d(kernel: [4, 2, 3, 3], pad: -1) == nil)
    #expect(x.conv2d(kernel: [4, 2, 3, 3], stride: .max, pad: .max) == nil)
    #expect(x.conv2d(kernel: [4, 2, 3, 3], pad: 1 << 20) == nil)
    #expect(Shape([0, 1, .max, .max]).conv2d(kernel: [1, 1, 1, 1], pad: 1) == nil)
    #expect(Shape([5, 5]).conv2d(kernel: [3, 3]) == nil)
    let t = Tensor(repeating: 1, shape: x)
    #expect(Tensor.conv2dInputGradient(t, Tensor(repeating: 1, shape: [1, 2, 3, 3]), inputShape: x) == nil)
  }

  @Test func extentsOfZeroAreSafe() throws {
    let none = Tensor(repeating: 0, shape: [0, 2, 4, 4])
    let w = Tensor(repeating: 1, shape: [3, 2, 3, 3])
    #expect(Tensor.conv2d(none, w)?.shape == [0, 3, 2, 2])
    let dy = Tensor(repeating: 0, shape: [0, 3, 2, 2])
    #expect(
      Tensor.conv2dWeightGradient(dy, none, kernelShape: w.shape) == Tensor(repeating: 0, shape: w.shape))
    #expect(Tensor.conv2dInputGradient(dy, w, inputShape: none.shape)?.count == 0)
    let noChannels = Tensor.conv2d(
      Tensor(repeating: 0, shape: [2, 0, 4, 4]), Tensor(repeating: 0, shape: [3, 0, 2, 2]))
    #expect(noChannels == Tensor(repeating: 0, shape: [2, 3, 3, 3]))
  }
}

extension Tensor {
  /// Adds to one entry; outside the tensor nothing happens.
  mutating func add(_ value: Double, at index: [Int]) {
    guard let position = position(of: index) else { return }
    replaceElement(at: position, with: elements[position] + value)
  }

  /// Equal up to the rounding of sums taken in another order.
  func isClose(to other: Tensor) -> Bool {
    shape == other.shape
      && zip(elements, other.elements).allSatisfy { abs($0 - $1) <= 1e-11 * max(1, abs($1)) }
  }
}
