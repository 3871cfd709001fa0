import LinearAlgebra

/// Bytes changed as damage changes them: flipped, cut, doubled, moved, put in from a list of what is special.
package struct ByteMutation {
  package var random: RandomGenerator
  private let dictionary: [[UInt8]]

  package init(seed: UInt64, dictionary: [String] = []) {
    random = RandomGenerator(seed: seed)
    self.dictionary =
      dictionary.map { Array($0.utf8) } + [
        [0], [255], [0xFF, 0xFF, 0xFF, 0x7F], [0x1B, 0x5B], [0xE2, 0x80, 0xAE],
      ]
  }

  package mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...random.integer(below: 4) { change(&result) }
    return result
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let at = random.integer(below: bytes.count + 1)
    let end = min(bytes.count, at + random.integer(below: 16))
    switch random.integer(below: 7) {
    case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8(random.integer(below: 8))
    case 1 where at < bytes.count: bytes[at] = UInt8(truncatingIfNeeded: random.next())
    case 2: bytes.removeSubrange(at..<end)
    case 3: bytes.insert(contentsOf: bytes[at..<end], at: random.integer(below: bytes.count + 1))
    case 4: bytes.removeSubrange(at...)
    case 5 where at < end: bytes.swapAt(at, end - 1)
    default: bytes.insert(contentsOf: dictionary[random.integer(below: dictionary.count)], at: at)
    }
  }
}
