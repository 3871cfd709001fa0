import LinearAlgebra

/// Why a data set could not be had: what is wrong, where, and the way out.
package struct DataError: Error, Sendable, Equatable {
  package var message: String
  /// The file, as the user named it.
  package var path: String?
  /// 1-based line of a text file.
  package var line: Int?
  /// 1-based field in that line.
  package var column: Int?
  /// 0-based offset in a binary file (behind the decompression, when the file is compressed).
  package var byteOffset: Int?
  package var hint: String?

  package init(
    _ message: String, path: String? = nil, line: Int? = nil, column: Int? = nil, byteOffset: Int? = nil,
    hint: String? = nil
  ) {
    self.message = message
    self.path = path
    self.line = line
    self.column = column
    self.byteOffset = byteOffset
    self.hint = hint
  }

  /// `iris.csv, line 7, column 3`, or nil when the error belongs to no file.
  package var location: String? {
    guard let path else { return nil }
    var parts = [path]
    if let line { parts.append("line \(line)") }
    if let column { parts.append("column \(column)") }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    return parts.joined(separator: ", ")
  }

  /// `iris.csv, line 7, column 3: 'abc' is not a number`
  package var fullMessage: String { location.map { "\($0): \(message)" } ?? message }

  /// The same error said of a file.
  func at(_ path: String) -> DataError {
    var copy = self
    copy.path = copy.path ?? path
    return copy
  }
}

extension DataError {
  /// Reading stops where Ctrl-C was pressed.
  static func checkInterruption() throws(DataError) {
    if Interruption.isRequested { throw DataError("stopped") }
  }

  /// A file may ask for no more than the session may hold, whatever it claims to hold itself.
  static func check(memory bytes: Int) throws(DataError) {
    guard MemoryBudget.allows(bytes) else {
      throw DataError(
        "it takes \(MemoryBudget.text(bytes)), and the session may hold \(MemoryBudget.text(MemoryBudget.limit))"
      )
    }
  }
}
