import CKernels

/// An installed BLAS, looked for at run time: OpenBLAS, MKL, BLIS or a `libblas` with the C interface, and
/// Accelerate on macOS. Large products go to it once it is loaded; it is loaded after about half a second's
/// worth of them, since opening a library costs milliseconds that a short session never gets back. Large is
/// 10⁸ operations where the embedded product uses the same vectors, 4·10⁶ elsewhere (reasons and figures are in
/// `blas.c`). All of this is safe from any thread.
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

  /// What the embedded product runs on: "AVX2 and FMA" or "baseline".
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
