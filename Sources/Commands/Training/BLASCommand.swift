import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum BLASCommand: Command {
  package static let name = "blas"
  package static let shortForms: [String] = []
  package static let usage = "blas [on|off|auto]"
  package static let summary = "whether an installed BLAS library computes matrix products"
  package static let help = [
    "auto (the default): long training uses an installed library (OpenBLAS, MKL, BLIS, Accelerate) for the products that it computes faster than the embedded kernel; everything else is embedded. on: a library gets every product that is not small. off: none is used. The last bits of a product depend on who computes it."
  ]
  package static let group = CommandGroup.train
  package static let examples = ["blas", "blas off"]
  package static let related = ["bench", "cost"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.words(["on", "off", "auto"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var report = Report()
    switch line.rest {
    case "":
      break
    case "on":
      guard case .inUse = BLAS.force(true) else {
        BLAS.force(false)
        throw Diagnostic(
          "no BLAS library was found", hint: "for example: apt-get install libopenblas0-pthread")
      }
    case "off": BLAS.setEnabled(false)
    case "auto":
      BLAS.force(false)
      BLAS.setEnabled(true)
    default: throw line.usageError("blas is on, off or auto", usage, at: line.restRange)
    }
    report.say("matrix product: \(BLAS.summary)")
    return report
  }
}
