import CKernels

/// An installed BLAS, looked for at run time: OpenBLAS, MKL, BLIS, and Accelerate
/// on macOS. Opening a library costs milliseconds that a short session never gets back, so that it is
/// done for long work only (`Scope`), or by hand (`force`). Which products it then gets, and why, is told in
/// `blas.c`. All of this is safe from any thread.
package enum BLAS {
  package enum State: Hashable, Sendable, CustomStringConvertible {
    case off
    case notSearched
    case notFound
    case inUse(library: String)

    package var description: String {
      switch self {
      case .off: "off"
      case .notSearched: "not looked for yet"
      case .notFound: "not found"
      case .inUse(let library): library
      }
    }
  }

  package static var state: State { State(sg_blas_state()) }

  /// Off: every product is computed by the embedded kernels. On is the state at the start.
  package static func setEnabled(_ enabled: Bool) { sg_blas_set_enabled(enabled) }

  /// Looks for a library now rather than when it starts to pay. Does nothing when off.
  @discardableResult package static func load() -> State { State(sg_blas_load()) }

  /// Finds a library and gives it every product that is not small, whether it is faster or not.
  @discardableResult package static func force(_ use: Bool) -> State {
    sg_blas_force(use)
    return use ? State(sg_blas_load()) : state
  }

  package static var isForced: Bool { sg_blas_is_forced() }

  /// A stretch of work of so many floating-point operations, in which a library is used if that is enough of it.
  package struct Scope {
    private let began: Bool
    package init(operations: Double) { began = sg_blas_begin(operations) }
    package func end() { sg_blas_end(began) }
  }

  /// One line for people: which product is in use.
  package static var summary: String {
    let own = "embedded (\(embeddedInstructions), \(threadCount) thread\(threadCount == 1 ? "" : "s"))"
    switch state {
    case .off: return "\(own), blas off"
    case .notFound: return "\(own), no BLAS library found"
    case .notSearched: return "\(own); an installed BLAS is looked for when training is long"
    case .inUse(let library):
      return isForced
        ? "\(library), 'blas off' for the embedded one" : "\(own), \(library) for large products"
    }
  }

  /// What the embedded product runs on: "AVX-512", "AVX2 and FMA" or "baseline".
  package static var embeddedInstructions: String { String(cString: sg_product_instructions()) }

  /// Threads that products and convolutions use.
  package static var threadCount: Int { Int(sg_thread_count()) }
}

extension BLAS.State {
  fileprivate init(_ code: Int32) {
    switch Int(code) {
    case sg_blas_off: self = .off
    case sg_blas_not_found: self = .notFound
    case sg_blas_loaded: self = .inUse(library: String(cString: sg_blas_name()))
    default: self = .notSearched
    }
  }
}
