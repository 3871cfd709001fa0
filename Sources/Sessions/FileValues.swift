import DataSets
import Formulas
import LinearAlgebra
import Platform
import Synchronization

/// Arrays of files, for formulas.
package enum FileValues {
  private struct Known {
    let reference: FileReference
    let state: [Int]
    let array: FileArray
  }

  /// A formula asks for the shape of a value before it asks for the value: what was read last is kept, as long as the
  /// file stays the same.
  private static let last = Mutex<Known?>(nil)

  package static func array(_ reference: FileReference) throws(Diagnostic) -> FileArray {
    let path = FileAccess.expand(reference.path)
    let state = FileAccess.state(of: path)
    if let known = last.withLock({ $0 }), known.reference == reference, known.state == state {
      return known.array
    }
    do throws(DataError) {
      let array = try TensorFile(path).array(reference.key, path: reference.path)
      if array.tensor.count <= 1 << 20 {
        last.withLock { $0 = Known(reference: reference, state: state, array: array) }
      }
      return array
    } catch {
      throw error.diagnostic
    }
  }
}
