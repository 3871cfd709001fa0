import Formulas
import Synchronization

/// An operation at the settings where it was asked for: the same few come again with every step and every check of shapes.
final class KnownApplications: Sendable {
  private let applications = Mutex<[Operation.Setting: Application]>([:])
  /// A search over many shapes does not fill the memory, nor do the places of large values, which a move may hold.
  private static let capacity = 128
  private static let largestMove = 1 << 14

  subscript(setting: Operation.Setting) -> Application? { applications.withLock { $0[setting] } }

  func keep(_ application: Application) {
    if case .move = application.body,
      ([application.shape] + application.setting.shapes).contains(where: {
        $0.checkedCount ?? .max > Self.largestMove
      })
    {
      return
    }
    applications.withLock { known in
      if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
      known[application.setting] = application
    }
  }
}

extension Operation {
  /// - Throws: where the shapes do not meet, in general words; whoever knows the formula finds better ones.
  package func application(at setting: Setting) throws(Diagnostic) -> Application {
    if let known = known[setting] { return known }
    let made = try Application(self, setting)
    known.keep(made)
    return made
  }
}
