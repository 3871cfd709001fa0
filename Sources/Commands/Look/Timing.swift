import Formulas
import Platform
import Reports

/// Medians of repeated runs.
enum Timing {
  /// Seconds of one run: the median of at least five, for about a twentieth of a second.
  static func median(_ body: () throws(Diagnostic) -> Void) throws(Diagnostic) -> Double {
    try body()
    var times: [Double] = []
    let begin = Clock.seconds()
    while times.count < 5 || (times.count < 201 && Clock.seconds() - begin < 0.05) {
      let start = Clock.seconds()
      try body()
      times.append(Clock.seconds() - start)
    }
    return times.sorted()[times.count / 2]
  }

  static func text(_ seconds: Double) -> String {
    if seconds >= 1 { return "\(Figures.short(seconds, digits: 3)) s" }
    if seconds >= 1e-3 { return "\(Figures.short(seconds * 1e3, digits: 3)) ms" }
    return "\(Figures.short(seconds * 1e6, digits: 3)) µs"
  }
}
