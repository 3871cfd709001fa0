import CKernels

/// Ctrl-C. Every loop that may run long, here and in the kernels, asks whether it was pressed and leaves at once, with
/// whatever it has: the interpreter then throws the command's result away and keeps the session of before, so that no
/// loop has to undo anything.
package enum Interruption {
  package static var isRequested: Bool { sg_is_interrupted() }

  /// From a signal handler too.
  package static func request() { sg_set_interrupted(true) }

  /// A new line begins, or a command has made something of what was done so far.
  package static func forget() { sg_set_interrupted(false) }

  /// Work that is short, and must not be left half done.
  package static func deferred<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    sg_defer_interruption(true)
    defer { sg_defer_interruption(false) }
    return try body()
  }

  /// Runs what somebody else has written for so many seconds of computing and no longer: then it leaves as if Ctrl-C were
  /// pressed.
  package static func within<R, E: Error>(seconds: Double, _ body: () throws(E) -> R) throws(E) -> R {
    sg_set_deadline(seconds)
    defer { sg_set_deadline(0) }
    return try body()
  }

  /// As if Ctrl-C were pressed when this thread asks for the nth time from here on; nil takes that back. A case of a test is
  /// then the same on every machine, which it is not when another thread presses it after some microseconds.
  package static func request(atQuestion number: Int?) { sg_interrupt_at_question(Int64(number ?? 0)) }

  /// So many entries of a plain loop are worked on between two questions: some tens of microseconds, and some tens of
  /// milliseconds in a target that is not optimised.
  package static let stretch = 1 << 15

  /// Runs over `0..<count` in stretches, until it is interrupted.
  package static func inStretches(_ count: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count, !isRequested {
      let end = min(count, start + stretch)
      body(start..<end)
      start = end
    }
  }

  /// All of `0..<count` for which something holds, as far as it was looked.
  package static func indices(_ count: Int, where holds: (Int) -> Bool) -> [Int] {
    var result: [Int] = []
    inStretches(count) { stretch in result += stretch.filter(holds) }
    return result
  }

  /// The first of `0..<count` for which something holds; nil where there is none, and where it was interrupted before.
  package static func first(of count: Int, where holds: (Int) -> Bool) -> Int? {
    var result: Int?
    inStretches(count) { stretch in
      if result == nil { result = stretch.first(where: holds) }
    }
    return result
  }
}
