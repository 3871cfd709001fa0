import Platform

/// Reads lines from a file or pipe, for input that no person types.
///
/// Lines end with LF or CRLF; the last may lack its end. Bytes that are not UTF-8 become U+FFFD. A line of
/// any length is returned whole: refusing it is the parser's business.
package final class PlainReader {
  private let file: Int32
  private var buffer: [UInt8] = []
  /// Everything before this offset of the buffer was delivered.
  private var start = 0
  /// Everything before this offset holds no line end.
  private var searched = 0
  private var ended = false

  package init(file: Int32 = STDIN_FILENO) {
    self.file = file
  }

  /// The next line without its end, or nil after the last.
  package func readLine() -> String? {
    while true {
      if let end = buffer[searched...].firstIndex(of: 10) {
        let line = buffer[start..<end]
        start = end + 1
        searched = start
        return text(line.last == 13 ? line.dropLast() : line)
      }
      searched = buffer.count
      if ended {
        guard start < buffer.count else { return nil }
        let line = buffer[start...]
        start = buffer.count
        return text(line)
      }
      fill()
    }
  }

  private func fill() {
    buffer.removeFirst(start)
    searched -= start
    start = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count > 0 {
        buffer += chunk[..<count]
        return
      }
      if count < 0 && errno == EINTR { continue }
      ended = true
      return
    }
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
