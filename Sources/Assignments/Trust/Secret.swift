import Formulas
import LinearAlgebra
import Platform
import Sessions

/// What only the teacher knows, and what every student's numbers follow from.
package struct Secret: Sendable {
  private let key: [UInt8]

  package init(_ key: [UInt8]) { self.key = key }

  /// - Throws: where others may read the file, or it holds too little to be a secret.
  package init(file path: String) throws(Diagnostic) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Diagnostic(
        "there is no secret '\(path)'",
        hint: "--secret names the file that 'assign' was given; without it nobody's numbers are known")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Diagnostic(
        "others may read the secret '\(path)'",
        hint: "whoever reads it knows all answers: chmod 600 \(path), and a new one if somebody has")
    }
    let text = try FileAccess.read(path).trimmed
    guard text.utf8.count >= 16 else {
      throw Diagnostic(
        "the secret '\(path)' is shorter than 16 characters", hint: "openssl rand -hex 32 makes one")
    }
    self.init(Array(text.utf8))
  }

  /// Writes a new one, readable by its owner alone, unless there is one.
  package static func make(at path: String) throws(Diagnostic) {
    var status = stat()
    guard lstat(path, &status) != 0 else { return }
    var generator = SystemRandomNumberGenerator()
    let text = hexadecimal((0..<4).flatMap { _ in bytes(generator.next() as UInt64) })
    let before = umask(0o077)
    defer { umask(before) }
    try FileAccess.write(text + "\n", to: path)
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
  }

  /// Says whether two texts are one, and nothing about either.
  func hash(_ text: String) -> String {
    Self.hexadecimal(Array(KeyedHash.hmac(key: key, Array("stepgrad hash\0\(text)".utf8)).prefix(16)))
  }

  /// 64 bits of the keyed hash of an assignment, a student and what is drawn.
  func seed(_ assignment: String, _ student: String, _ purpose: String) -> UInt64 {
    let message = ["stepgrad assignment", assignment, student, purpose].joined(separator: "\0")
    return KeyedHash.hmac(key: key, Array(message.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
