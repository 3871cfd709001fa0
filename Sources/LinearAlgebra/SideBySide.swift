import CKernels

/// Work of many parts on the pool that the kernels use.
package enum SideBySide {
  /// `body` of each number below `count`, on several threads, the results in order. It must not write to what other
  /// numbers read. Nil where the work was interrupted before.
  package static func map<T, E: Error>(_ count: Int, _ body: (Int) throws(E) -> T) throws(E) -> [T?] {
    var results = [Result<T, E>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      let places = buffer
      withoutActuallyEscaping(body) { body in
        let job = Job { number in
          do throws(E) { places[number] = .success(try body(number)) } catch {
            places[number] = .failure(error)
          }
        }
        sg_parallel(
          count,
          { job, number in
            if let job { Unmanaged<Job>.fromOpaque(job).takeUnretainedValue().run(number) }
          },
          Unmanaged.passUnretained(job).toOpaque())
        withExtendedLifetime(job) {}
      }
    }
    var values: [T?] = []
    for result in results { values.append(try result?.get()) }
    return values
  }

  /// A function in C takes one pointer, and knows no type.
  private final class Job {
    let run: (Int) -> Void
    init(_ run: @escaping (Int) -> Void) { self.run = run }
  }
}
