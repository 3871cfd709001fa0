import Platform

/// Reads lines from a file or pipe, for input that no person types.
///
/// Lines end with LF or CRLF; the last may lack its end. A byte order mark before the first is left out. Bytes that are
/// not UTF-8 become U+FFFD. Of a line that is longer than anyone reads its beginning is returned, one byte too long, and
/// the rest is passed over: the input may have no line end at all.
package final class PlainReader {
  private let file: Int32
  private let longest: Int
  private var buffer: [UInt8] = []
  /// Everything before this offset of the buffer was delivered.
  private var start = 0
  /// Everything before this offset holds no line end.
  private var searched = 0
  private var ended = false
  private var isFirst = true
  /// The end of the line whose beginning was returned is still to come.
  private var isPassingOver = false

  package init(file: Int32 = STDIN_FILENO, longest: Int = 1 << 20) {
    self.file = file
    self.longest = longest
  }

  /// The next line without its end, or nil after the last.
  package func readLine() -> String? {
    while true {
      if let end = buffer[searched...].firstIndex(of: 10) {
        let line = buffer[start..<end]
        start = end + 1
        searched = start
        if isPassingOver {
          isPassingOver = false
          continue
        }
        return text(line)
      }
      searched = buffer.count
      if isPassingOver {
        start = buffer.count
      } else if buffer.count - start > longest + 2 {
        isPassingOver = true
        return text(buffer[start...start + longest])
      }
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

  private func text(_ line: ArraySlice<UInt8>) -> String {
    defer { isFirst = false }
    let bytes = line.last == 13 ? line.dropLast() : line
    return String(decoding: isFirst ? TextBytes.plain(Array(bytes))[...] : bytes, as: UTF8.self)
  }
}
