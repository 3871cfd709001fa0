import CKernels
import Formulas
import LinearAlgebra
import Platform
import Sessions

/// Work for each student of a class, on all processors: copies of this process take turns with the students and send back
/// what the whole needs of each. Threads would wait for the tables that they share.
enum SideBySide {
  /// With fewer for each copy it is not worth one.
  private static let fewest = 8

  /// What `work` gives for `0..<count`, in order. The first is done before there are copies, so that they have what it has
  /// parsed and derived.
  static func map(
    _ count: Int, _ progress: ((String) -> Void)?, _ work: (Int) throws(Diagnostic) -> [String]
  ) throws(Diagnostic) -> [[String]] {
    var results = [[String]?](repeating: nil, count: count)
    func show() { progress?("\(results.count { $0 != nil }) of \(count) students") }
    if count > 0 { results[0] = try work(0) }
    try inCopies(min(Int(sg_thread_count()), count / fewest), &results, show, work)
    // What no copy has done: with the error that it failed by.
    for index in results.indices where results[index] == nil {
      try Interruption.check()
      show()
      results[index] = try work(index)
    }
    progress?("")
    return results.compactMap { $0 }
  }

  private static func inCopies(
    _ wanted: Int, _ results: inout [[String]?], _ show: () -> Void,
    _ work: (Int) throws(Diagnostic) -> [String]
  ) throws(Diagnostic) {
    // What another thread holds locked stays locked in a copy.
    guard wanted > 1, FileAccess.list("/proc/self/task").count == 1 else { return }
    var copies: [(process: pid_t, records: Records)] = []
    for first in 0..<wanted {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { break }
      let process = sg_fork()
      if process == 0 {
        for copy in copies { close(copy.records.descriptor) }
        close(ends[0])
        for index in stride(from: first + 1, to: results.count, by: wanted) {
          // Why it fails is found out again where it can be told.
          guard !Interruption.isRequested, let fields = try? work(index),
            Records.send(index, fields, to: ends[1])
          else { break }
        }
        _exit(0)
      }
      close(ends[1])
      guard process > 0 else {
        close(ends[0])
        break
      }
      copies.append((process, Records(descriptor: ends[0])))
    }
    collect(&copies, &results, show)
    for (process, records) in copies {
      if Interruption.isRequested { kill(process, SIGINT) }
      close(records.descriptor)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
    try Interruption.check()
  }

  private static func collect(
    _ copies: inout [(process: pid_t, records: Records)], _ results: inout [[String]?], _ show: () -> Void
  ) {
    while !Interruption.isRequested, copies.contains(where: { !$0.records.isAtEnd }) {
      var sources = copies.map {
        pollfd(fd: $0.records.isAtEnd ? -1 : $0.records.descriptor, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&sources, nfds_t(sources.count), 100) > 0 else { continue }
      for i in copies.indices where sources[i].revents != 0 {
        for (index, fields) in copies[i].records.read() where results.indices.contains(index) {
          results[index] = fields
        }
      }
      show()
    }
  }

  /// What a copy sends: records of texts, each behind its length.
  private struct Records {
    let descriptor: Int32
    private(set) var isAtEnd = false
    private var bytes: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    static func send(_ index: Int, _ fields: [String], to descriptor: Int32) -> Bool {
      let record = Array((["\(index)"] + fields).joined(separator: "\0").utf8)
      let length = (0..<4).map { UInt8(truncatingIfNeeded: record.count >> (8 * $0)) }
      var rest = (length + record)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    /// Those that are whole by now.
    mutating func read() -> [(index: Int, fields: [String])] {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = Platform.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { return [] }
      if count <= 0 { isAtEnd = true }
      bytes += buffer.prefix(max(0, count))
      var result: [(index: Int, fields: [String])] = []
      var start = 0
      while bytes.count >= start + 4 {
        let length = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        guard bytes.count >= start + 4 + length else { break }
        let fields = bytes[start + 4..<start + 4 + length].split(
          separator: 0, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        if let index = fields.first.flatMap({ Int($0) }) { result.append((index, Array(fields.dropFirst()))) }
        start += 4 + length
      }
      bytes.removeFirst(start)
      return result
    }
  }
}
