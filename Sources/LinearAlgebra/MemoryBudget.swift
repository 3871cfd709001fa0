import CKernels

/// How many bytes a session may hold: a quarter of the machine unless it is said otherwise.
package enum MemoryBudget {
  /// The limit in bytes. Set on the main thread alone, where commands run.
  nonisolated(unsafe) package static var limit = Int(sg_memory_of_machine() / 4)

  /// Bytes in use now.
  package static var used: Int { Int(sg_memory_in_use()) }

  /// Less than this is never asked for: it is there, and asking costs more than a small step.
  private static let small = 1 << 24

  /// Whether `allows` has refused since it was set to false.
  nonisolated(unsafe) package static var hasRefused = false

  /// Whether so many more bytes may be allocated; a step works on its result beside what it reads.
  package static func allows(_ bytes: Int) -> Bool {
    let isAllowed = bytes <= small || bytes <= limit / 2 && used <= limit - 2 * bytes
    if !isAllowed { hasRefused = true }
    return isAllowed
  }

  /// `1.2 GB`, `5 MB`.
  package static func text(_ bytes: Int) -> String {
    let megabytes = (bytes + 500_000) / 1_000_000
    return megabytes < 1000 ? "\(megabytes) MB" : "\(megabytes / 1000).\(megabytes / 100 % 10) GB"
  }
}
