import DataSets
import LinearAlgebra
import Platform
import Testing

@Suite struct ToyDataSetTests {
  static let toys = ["xor", "spiral", "moons", "circles", "blobs", "parabola"]

  @Test(arguments: toys) func theSameSeedGivesTheSameSet(_ name: String) throws {
    let options = ["n": "40", "seed": "3"]
    let a = try load(name, [], options)
    #expect(a.inputs == (try load(name, [], options)).inputs)
    #expect(a.targets == (try load(name, [], options)).targets)
    let b = try load(name, [], ["n": "40", "seed": "4"])
    #expect(a.inputs != b.inputs || a.targets != b.targets)
    #expect(a.count == 40 && a.trainingCount == 40 && a.inputs.isFinite)
  }

  @Test(arguments: toys) func oneSampleIsEnough(_ name: String) throws {
    #expect(try load(name, [], ["n": "1"]).inputs.isFinite)
  }

  @Test func xorIsItsTruthTable() throws {
    let set = try load("xor")
    #expect(set.inputs.elements == [0, 0, 0, 1, 1, 0, 1, 1])
    #expect(set.targets.elements == [1, 0, 0, 1, 0, 1, 1, 0])
    #expect(set.targets([0, 1, 2, 3], width: 1).elements == [0, 1, 1, 0])
  }

  /// Without noise the points lie on the curves that scikit-learn's make_moons and make_circles document.
  @Test func shapesWithoutNoise() throws {
    let circles = try load("circles", [], ["noise": "0"])
    for row in 0..<circles.count {
      let point = try #require(circles.input(row))
      let radius = (point[0] * point[0] + point[1] * point[1]).squareRoot()
      #expect(abs(radius - (circles.label(of: row) == 0 ? 1 : 0.5)) < 1e-12)
    }
    let moons = try load("moons", [], ["noise": "0", "n": "4"])
    for (found, expected) in zip(moons.inputs.elements, [1, 0, 0, 0.5, -1, 0, 2, 0.5]) {
      #expect(abs(found - expected) < 1e-12)
    }
    // The outermost point of each arm has radius 1: angles 4, 8 and 12.
    let spiral = try load("spiral", [], ["noise": "0", "n": "6"])
    let ends: [Double] = [4, 8, 12].flatMap { (angle: Double) in [sin(angle), cos(angle)] }
    for (found, expected) in zip(spiral.inputs.elements[6...], ends) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func parabolaIsThePolynomialItNames() throws {
    let set = try load("parabola", [], ["noise": "0", "n": "3"])
    #expect(set.inputs.elements == [-1, 0, 1])
    #expect(set.targets.elements == [3.5, 0.5, 1.5])
    #expect(set.classNames == nil)
  }

  @Test func noiseHasTheDeviationAskedFor() throws {
    let exact = try load("parabola", [], ["noise": "0", "n": "20000"]).targets.elements
    let noisy = try load("parabola", [], ["noise": "0.5", "n": "20000"]).targets.elements
    let squares = zip(noisy, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    // The deviation of 20,000 samples is itself uncertain by 0.5/√40000 = 0.0025: four times that.
    #expect(abs((squares / 20_000).squareRoot() - 0.5) < 0.01)
  }

  @Test func blobsLieAroundTheirCentres() throws {
    let set = try load("blobs", [], ["noise": "0", "n": "3"])
    for (found, expected) in zip(set.inputs.elements, [0, 2, -3.0.squareRoot(), -1, 3.0.squareRoot(), -1]) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func nonsenseIsRefused() {
    #expect(dataError { _ = try load("xor", [], ["n": "0"]) }?.message == "cannot make 0 samples of xor")
    #expect(dataError { _ = try load("xor", [], ["n": "99999999999"]) } != nil)
    #expect(dataError { _ = try load("xor", [], ["noise": "-1"]) } != nil)
    #expect(dataError { _ = try load("xor", [], ["nose": "1"]) }?.message == "xor has no option 'nose'")
    #expect(dataError { _ = try load("iris") }?.hint?.contains("spiral") == true)
    #expect(dataError { _ = try load("xor", ["x.csv"]) }?.message == "'x.csv' is one file too many")
  }
}
