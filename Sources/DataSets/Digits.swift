import CDataSets
import LinearAlgebra

/// The 8×8 digits that come with the program; the encoding is told in digits.c.
package enum Digits {
  package static let summary = "1,797 handwritten digits of 8×8 pixels (UCI optdigits)"
  package static let attribution = """
    E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, \
    https://doi.org/10.24432/C50P49, CC BY 4.0
    """
  private static let pixels = 64

  /// All rows for training; values 0…16 read as 0…1.
  package static func dataSet() throws(DataError) -> DataSet {
    let record = pixels + 1
    let count = Int(data_digits_length()) / record
    var bytes: [UInt8] = []
    var labels: [Int] = []
    bytes.reserveCapacity(count * pixels)
    let letters = UnsafeBufferPointer(start: data_digits(), count: count * record)
    for (position, letter) in letters.enumerated() {
      let character = UInt8(bitPattern: letter)
      let value = character < 0x61 ? character &- 0x30 : character &- 0x61 &+ 10
      if position % record == pixels { labels.append(Int(value)) } else { bytes.append(value) }
    }
    guard let rows = ByteRows(bytes, features: pixels, divisor: 16) else {
      throw DataError("the digits that come with the program are broken")
    }
    return try DataSet(
      name: "digits", description: summary, attribution: attribution, storage: .bytes(rows),
      imageShape: [1, 8, 8], labels: .classes(labels, names: (0..<10).map { "\($0)" }),
      scaling: "divided by 16")
  }
}
