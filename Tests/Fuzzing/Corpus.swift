import Commands
import DataSets
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
  /// Where a damaged file is put.
  package let scratch: String

  /// - Parameter folder: `lines.txt`, `*.md`, `*.csv`, `*.npy`, `*.npz`, `*.idx`.
  package init(_ folder: String, scratch: String) throws {
    self.folder = folder
    self.scratch = scratch
    lines = try FileAccess.read(folder + "/lines.txt").split(separator: "\n").map(String.init)
    words =
      CommandTable.standard.commands.map { $0.name } + Operation.functions.map { $0.name + "(" } + [
        "axis=0", "axis=9", "1e308", "1e-300", "9e999", "99999999999999999999", "W1", "dW1", "S", "[[", "]]",
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
  }

  /// The labels of images, and the images of labels.
  func partner(of file: File) -> String {
    folder + "/" + (file.name.contains("images") ? "labels.idx" : "images.idx")
  }

  func replaceScratch(_ bytes: [UInt8]) {
    let file = open(scratch, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    try? FileWriter.writeAll(bytes, to: file)
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
