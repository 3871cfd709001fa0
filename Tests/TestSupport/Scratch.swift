import Platform

/// Where tests write: in memory, where the system has such a folder. Every file that is written is flushed, and the tests
/// would wait for a disk most of their time.
package let scratch = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

/// A new folder there; what it was asked for where none can be made, so that the first use of it fails.
package func scratchFolder(_ name: String) -> String {
  var template = Array("\(scratch)/stepgrad-\(name)-XXXXXX".utf8CString)
  _ = mkdtemp(&template)
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
