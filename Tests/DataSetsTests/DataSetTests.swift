import DataSets
import LinearAlgebra
import Testing

@Suite struct DataSetTests {
  /// Figures of scikit-learn 1.9's digits.csv.gz, by NumPy: count, sum, sum weighted by the column's number from
  /// 1, images a digit, the last row.
  @Test func digitsAreScikitLearns() throws {
    let set = try load("digits", [], ["scale": "0.0625", "test": "0"])
    #expect(set.inputs.shape == [1797, 64])
    #expect(set.imageShape == [1, 8, 8])
    let pixels = set.inputs.elements
    #expect(pixels.reduce(0, +) == 561_718)
    let weighted = pixels.enumerated().reduce(0) { $0 + Double($1.offset % 64 + 1) * $1.element }
    #expect(weighted == 18_222_371)
    var counts = [Int](repeating: 0, count: 10)
    for row in 0..<set.count { counts[try #require(set.label(of: row))] += 1 }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(Array(pixels[(1796 * 64)..<(1796 * 64 + 8)]) == [0, 0, 10, 14, 8, 1, 0, 0])
    #expect(set.label(of: 1796) == 8)
    #expect(set.attribution?.contains("CC BY 4.0") == true)
    #expect(set.attribution?.contains("10.24432/C50P49") == true)
  }

  @Test func digitsAreZeroToOne() throws {
    let set = try load("digits")
    #expect(set.inputs.elements.max() == 1 && set.inputs.elements.min() == 0)
    #expect(set.testCount == 359 && set.trainingCount == 1438)
  }

  @Test func theSplitCoversEveryRowOnce() throws {
    let set = try load("blobs", [], ["n": "50", "test": "0.3", "seed": "5"])
    #expect(set.testCount == 15)
    #expect((set.trainingIndices + set.testIndices).sorted() == Array(0..<50))
    #expect(set.split(testFraction: 0.3, seed: 6).testIndices != set.testIndices)
    #expect(set.split(testFraction: 1, seed: 6).trainingCount == 1)
    #expect(set.split(testFraction: .nan, seed: 6).testCount == 0)
  }

  @Test func shufflingIsASeededPermutationOfTheTrainingRows() throws {
    let set = try load("blobs", [], ["n": "50", "test": "0.2"])
    var a = RandomGenerator(seed: 1)
    var b = RandomGenerator(seed: 1)
    let order = set.shuffledTrainingIndices(using: &a)
    #expect(order == set.shuffledTrainingIndices(using: &b))
    #expect(order != set.shuffledTrainingIndices(using: &a))
    #expect(order != set.trainingIndices && order.sorted() == set.trainingIndices)
  }

  @Test(arguments: ["digits", "blobs"]) func aBatchIsTheRowsAskedFor(_ name: String) throws {
    let set = try load(name)
    let all = set.inputs
    let rows = [7, 3, 7]
    let batch = set.batch(rows[...])
    #expect(batch.inputs.shape == [3, set.features])
    for (position, row) in rows.enumerated() {
      for j in 0..<set.features { #expect(batch.inputs[position, j] == all[row, j]) }
      for k in 0..<batch.targets.shape.columns {
        #expect(batch.targets[position, k] == (k == set.label(of: row) ? 1 : 0))
      }
    }
  }

  /// NumPy: a = [1, 2, 6]; (a - a.mean()) / a.std() = [-0.9258201, -0.46291005, 1.38873015].
  @Test func standardisingIsNumPys() throws {
    let file = TemporaryFile("1,10,0.5\n2,10,1.5\n6,10,2.5\n")
    let set = try load("csv", [file.path], ["scale": "standard"])
    let expected = [-0.9258201, 0, -0.46291005, 0, 1.38873015, 0]
    for (found, expected) in zip(set.inputs.elements, expected) { #expect(abs(found - expected) < 1e-8) }
    let unit = try load("csv", [file.path], ["scale": "unit"])
    #expect(unit.inputs.elements == [0, 0, 0.2, 0, 1, 0])
    #expect(unit.scaling == "scaled to 0…1 by feature")
  }

  /// Bytes are scaled lazily, doubles at once: both must read the same.
  @Test func scalingOfBytesIsScalingOfDoubles() throws {
    let digits = try load("digits", [], ["scale": "standard"])
    for feature in [2, 20, 36] {
      let values = digits.inputs(digits.trainingIndices[...]).elements.enumerated()
        .filter { $0.offset % 64 == feature }.map(\.element)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
    }
    // Pixel 0 is 0 in every image: it stays 0 instead of becoming 0/0.
    #expect(digits.inputs.isFinite && digits.inputs[5, 0] == 0)
  }

  @Test func outOfRangeRowsAreNil() throws {
    let set = try load("xor")
    #expect(set.input(4) == nil && set.input(-1) == nil && set.label(of: 4) == nil)
  }

  @Test func theTableNamesEverySetOnce() {
    let names = DataSets.all.map(\.name)
    #expect(Set(names).count == names.count)
    for entry in DataSets.all { #expect(entry.usage.hasPrefix(entry.name) && !entry.summary.isEmpty) }
  }
}
