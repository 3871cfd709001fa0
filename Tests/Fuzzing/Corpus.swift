import Assignments
import Commands
import DataSets
import Formulas
import LinearAlgebra
import Operations
import Platform
import Sessions

/// What cases begin with: commands, lessons, and a small file for every reader, in a folder of seeds.
package final class Corpus: Sendable {
  package struct File: Sendable {
    package let name: String
    /// The data set that reads it: csv, npy, npz, idx.
    package let kind: String
    package let bytes: [UInt8]
    package var isPair: Bool { kind == "idx" }
  }

  package let lines: [String]
  package let words: [String]
  package let lessons: [[UInt8]]
  package let files: [File]
  private let folder: String
  let withoutFiles = CommandTable.withoutFiles
  /// The folder for damaged files, with what their readers want beside them: `assignment.md`, `students.csv`, and `key` with
  /// the pages of both.
  package let scratch: String

  /// - Parameter folder: `lines.txt`, `*.md`, `*.csv`, `*.npy`, `*.npz`, `*.idx`, and what `DamagedReader` names in `readers`.
  package init(_ folder: String, scratch: String) throws {
    let folder = FileAccess.absolute(folder)
    self.folder = folder
    self.scratch = scratch
    let table = CommandTable.whole
    lines =
      try FileAccess.read(folder + "/lines.txt").split(separator: "\n").map(String.init)
      + table.commands.flatMap { $0.examples }
    words =
      table.commands.map { $0.name } + Operation.functions.map { $0.name + "(" } + [
        "axis=0", "axis=9", "1e308", "1e-300", "9e999", "99999999999999999999", "-9223372036854775808", "W1",
        "dW1", "S", "[[", "]]",
        ".T", "ᵀ",
        "∂L/∂", "⊙", "\u{1B}[31m", "\u{202E}", "é", "🙂", ";", "#", "nan", "inf", "-1", "**", "@", "'", "=",
      ]
    let names = FileAccess.list(folder)
    lessons = names.filter { $0.hasSuffix(".md") }.map { Self.bytes(folder + "/" + $0) }
    files = names.compactMap { name in
      guard let dot = name.lastIndex(of: "."),
        ["csv", "npy", "npz", "idx"].contains(name[name.index(after: dot)...])
      else { return nil }
      return File(
        name: name, kind: String(name[name.index(after: dot)...]), bytes: Self.bytes(folder + "/" + name))
    }
    try makeScratch()
  }

  private func makeScratch() throws {
    mkdir(scratch, 0o700)
    for name in ["assignment.md", "students.csv"] {
      try FileWriter.write(bytes(of: name), to: scratch + "/" + name)
    }
    // Every run has the same pages.
    let secret = scratch + "/secret"
    try FileWriter.write(Array("what only the teacher knows".utf8), to: secret)
    chmod(secret, 0o600)
    _ = try Assigning.run(
      [
        "\(scratch)/assignment.md", "--students", "\(scratch)/students.csv", "--out", "\(scratch)/key",
        "--secret", secret,
      ],
      progress: nil)
  }

  package func removeScratch() { FuzzFolder.remove(scratch) }

  /// Of a file that a command reads.
  func bytes(of name: String) -> [UInt8] { Self.bytes(folder + "/readers/" + name) }

  /// The labels of images, and the images of labels.
  func partner(of file: File) -> String {
    folder + "/" + (file.name.contains("images") ? "labels.idx" : "images.idx")
  }

  private static func bytes(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return Array(
      bytes.withUnsafeMutableBytes {
        UnsafeRawBufferPointer(rebasing: $0[..<max(0, read(file, $0.baseAddress, $0.count))])
      })
  }
}

extension CommandTable {
  /// All commands but those that open or write files.
  package static let withoutFiles = CommandTable(
    commands: whole.commands.filter { if case .files = $0.access { false } else { true } },
    formula: whole.formula, loadables: whole.loadables)
}
