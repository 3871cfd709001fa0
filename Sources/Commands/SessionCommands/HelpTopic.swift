import Formulas
import Operations
import Reports
import Sessions

/// A page of help that belongs to no single command.
package struct HelpTopic: Sendable {
  package let name: String
  let make: @Sendable () -> Report

  func report() -> Report { make() }

  package static let all: [HelpTopic] = [
    HelpTopic(name: "names") {
      var report = Report()
      report.add(
        .table(
          .init(
            header: [],
            rows: [
              ["X, Y", "input and target; A0 is X"],
              ["W1, b1", "weights and biases of layer 1"],
              ["Z1, A1", "pre-activation and activation of layer 1"],
              ["S", "the softmax output; A2 (the last activation) and Yhat are other names for the output"],
              ["L", "the loss"],
              ["m", "the number of samples (follows X)"],
              ["J", "softmax's Jacobian for every sample, m×K×K"],
              ["dW1, dL/dW1, ∂L/∂W1", "the gradient of the loss by W1, shaped like W1"],
              ["lr", "the learning rate: set lr = 0.5"],
            ])))
      return report
    },
    HelpTopic(name: "expressions") {
      var report = Report()
      report.explain(
        "Formulas are written as in NumPy: A @ B is the matrix product (also A · B), * / + - work entry by entry with broadcasting (⊙ is *), ** is a power, W.T (also Wᵀ) the transpose, Z1 > 0 a mask of 0 and 1, W1[0,1] an entry, X[:, 0] a slice. [[1, 2], [3, 4]] is a matrix."
      )
      report.explain(
        "relu'(Z1) is a derivative; softmax'(Z2) the Jacobian of every sample. sum(A, axis=0) keeps the axis: the sum of a 3×4 matrix over its rows is 1×4."
      )
      report.explain("'help functions' lists the functions.")
      return report
    },
    HelpTopic(name: "functions") {
      var report = Report()
      let rows = Operation.functions.map { ["\($0.signature.usage)", "\($0.summary)"] as [Prose] }
      report.add(.table(.init(header: ["function", "what it gives"], rows: rows)))
      return report
    },
    HelpTopic(name: "python") {
      var report = Report()
      report.explain(
        "Matrices are read as NumPy, PyTorch, MATLAB and Julia print them; an open bracket goes on in the next line, and rows without brackets (pandas, spreadsheets) go into the lines behind 'set X ='. The prefixes np., torch., F. and tf.nn., methods (X.dot(W1), S.sum(axis=1)), dim= for axis= and W1.grad work. Whole lines:"
      )
      report.add(phrases(of: { $0 == "Python" }))
      return report
    },
    HelpTopic(name: "habits") {
      var report = Report()
      report.explain("What people type from other programs, and what it is read as or answered with:")
      report.add(phrases(of: { _ in true }))
      return report
    },
    HelpTopic(name: "lessons", make: LessonHelp.report),
    HelpTopic(name: "files") {
      var report = Report()
      report.add(
        .table(
          .init(
            header: [],
            rows: [
              [
                "~/.config/stepgrad/rc",
                "commands that are run at every start ($XDG_CONFIG_HOME; --no-rc leaves them out)",
              ],
              [
                "~/.local/state/stepgrad/",
                "the history of lines and the progress in lessons ($XDG_STATE_HOME)",
              ],
              ["Lessons/", "the lessons: beside the program, in $STEPGRAD_LESSONS or where --lessons says"],
              ["~/.editrc", "keys of the line editor, as for every program with libedit"],
            ])))
      return report
    },
    HelpTopic(name: "keys") {
      var report = Report()
      report.add(
        .table(
          .init(
            header: [],
            rows: [
              ["Tab", "complete a command, a name that exists now, a file"],
              ["Ctrl-R", "search the history"], ["↑ ↓", "earlier and later lines, a block as a whole"],
              ["!!  !3  !net", "the last line, line 3 of 'history', the last that began with net"],
              ["Ctrl-C", "cancel the line, or stop what is running"],
              ["Ctrl-D", "leave; inside a block, leave the block"],
              ["--more--", "any key goes on, q ends; 'pager off' never stops"],
              ["empty line", "repeats step, back, next; goes on with a lesson"],
              ["a number", "into the term of that number, behind 'why'; 'up' comes back"],
            ])))
      return report
    },
  ]

  private static func phrases(of isMeant: (String) -> Bool) -> Report.Block {
    let rows = Phrase.all.filter { isMeant($0.language) }.map { phrase -> [Prose] in
      switch phrase.meaning {
      case .command(let command): ["\(phrase.pattern)", "\(phrase.language)", "\(command)"]
      case .advice(let advice): ["\(phrase.pattern)", "\(phrase.language)", "\(advice)"]
      }
    }
    return .table(.init(header: ["typed", "from", "read as"], rows: rows))
  }
}
