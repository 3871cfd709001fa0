import Commands
import Lessons
import Rendering
import Sessions
import Testing

/// `why` as a conversation: into a term and back, and where the parts of a formula come from.
@Suite struct WhyConversationTests {
  private func say(_ lines: [String], in workspace: inout Workspace) -> String {
    var last = ""
    for line in lines {
      for outcome in Interpreter.run(line, in: &workspace) {
        switch outcome.result {
        case .success(let report): last = TextRenderer(width: 80).render(report)
        case .failure(let diagnostic): last = TextRenderer(width: 300).render(diagnostic, prompt: nil)
        }
      }
    }
    return last
  }

  private func say(_ lines: String...) -> String {
    var workspace = Workspace(commands: .withLessons)
    return say(lines, in: &workspace)
  }

  @Test func aNumberGoesIntoATermAndUpGoesBack() {
    var workspace = Workspace(commands: .withLessons)
    let first = say(["why dW1[0,2]"], in: &workspace)
    #expect(first.contains("  2  X[1,0]·dZ1[1,2]  = 2·0.0945"))
    #expect(workspace.session.cursor == 0)
    // X is given, so the term is dZ1's entry.
    #expect(say(["2"], in: &workspace).hasPrefix("dW1[0,2] › dZ1[1,2]\n"))
    let third = say(["1"], in: &workspace)
    #expect(third.hasPrefix("dW1[0,2] › dZ1[1,2] › dA1[1,2]\n"))
    #expect(say(["up"], in: &workspace).hasPrefix("dW1[0,2] › dZ1[1,2]\n"))
    #expect(say(["1", "up 2"], in: &workspace) == first)
    #expect(say(["up"], in: &workspace).contains("where the question began"))
    #expect(say(["9"], in: &workspace).contains("there is no 9 here: 1 to 4"))
  }

  /// Both factors were computed: the term is a page of its own.
  @Test func aTermOfTwoComputedFactorsOffersBoth() {
    let text = say("why dW2[0,1]", "2")
    #expect(text.contains("term 2: A1[1,0]·dZ2[1,1] = 1·0.0637 = 0.0637"))
    #expect(text.contains("2  dZ2[1,1] = 0.0637"))
    #expect(say("why dW2[0,1]", "2", "2").hasPrefix("dW2[0,1] › term 2 › dZ2[1,1]"))
  }

  /// The fourth sample's term is the smallest: it is behind the number of what the tree leaves out.
  @Test func whatATreeLeavesOutIsBehindANumber() {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = true
    let tree = say(["why L --deep"], in: &workspace)
    #expect(tree.contains("4    … and 1 smaller term, 8 terms that are 0"))
    #expect(say(["4"], in: &workspace).contains("11  -Y[3,1]·log(S[3,1])  = -1·log(0.4975)"))
    #expect(say(["11"], in: &workspace).contains("S[3,1] = "))
  }

  @Test func aNumberIsANumberWhereNoQuestionIsOpen() {
    #expect(say("2") == "2 = 2\n")
    #expect(say("why dW1[0,2]", "update", "2") == "2 = 2\n")
  }

  @Test func whyAloneAsksAboutWhatWasShown() {
    #expect(say("backward", "show dW1[0,2]", "why").contains("dW1[0,2] = Σ_i X[i,0]·dZ1[i,2]"))
    #expect(say("until dZ1", "why").contains("dZ1 (4×5) = dA1 * (Z1 > 0)"))
    #expect(say("why").contains("why what?"))
  }

  /// Which lines of the loss and of the pass a formula's parts come from. By hand: the mean over the samples is
  /// cross_entropy's, b1 is added to every row, X.T meets dZ1 along the samples.
  @Test func aWholeGradientExplainsItsFormula() {
    let dW1 = say("why dW1")
    #expect(dW1.contains("from Z1 = X @ W1 + b1, by matrix product"))
    #expect(dW1.contains("stands beside W1 in Z1 = X @ W1 + b1"))
    #expect(dW1.contains("dW1[i,j] = Σ_k X[k,i]·dZ1[k,j]"))
    #expect(dW1.contains("over the samples"))
    let words = dW1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        "1/m not written here: from the mean over the samples in L = cross_entropy(Y, S); it came in with dZ2 = (S - Y) / m, carried through dA1, dZ1"
      ))
    let db1 = say("why db1").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(db1.contains("b1 (1×5) was copied to every row of Z1 (4×5) in Z1 = X @ W1 + b1"))
    let dZ2 = say("why dZ2").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(dZ2.contains("/ m from the mean over the samples in L = cross_entropy(Y, S)"))
    #expect(say("why W1").contains("given: parameter"))
  }

  @Test func partsOfAFormulaJustShownAreExplained() {
    #expect(say("backward", "show dW1", "why 1/m").contains("1/m  not written here"))
    #expect(say("backward", "show dW1", "why .T").contains("X.T  turned"))
    #expect(say("backward", "show db1", "why sum").contains("copied to every row of Z1"))
    #expect(say("net 2 3:relu 2:softmax reduction=sum", "why dW1", "why 1/m").contains("there is no 1/m"))
    #expect(say("why 1/m").contains("of which formula?"))
  }

  /// Of several means the one that is asked for: layer normalisation divides by its 4 units, and its variance once more,
  /// before the loss divides by m times 3 entries.
  @Test func ofSeveralMeansTheOneThatIsMeant() {
    func words(_ lines: String...) -> String {
      var workspace = Workspace(commands: .withLessons)
      return say(["model layernorm", "why dX"] + lines, in: &workspace)
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let samples = words("why 1/m")
    #expect(samples.contains("1/(m * 3) not written here: from the mean over all entries in L = mse(Y, P)"))
    #expect(!samples.contains("mu ="))
    let units = words("why 1/4")
    #expect(units.contains("1/4 not written here: from the mean in mu = mean(Z, axis=1)"))
    #expect(!units.contains("mse"))
    let all = words("why mean")
    #expect(all.contains("in mu =") && all.contains("in v =") && all.contains("in L ="))
    #expect(words("why 1/7").contains("there is no 1/7 in this formula, and none came in before"))
    #expect(words("why 1/7").contains("there is 1/4"))
  }

  /// A value read twice: both come back and are added; columns are copied where samples lie in columns.
  @Test func sumsAreToldApart() {
    let model = "model Z = X @ W; L = mse(Y, Z) + 0.5 * sum(W**2)"
    let text = say(
      model, "set X = [[1, 2], [0, 1], [2, 2]]", "set Y = [[1], [0], [2]]", "param W = [[0.5], [1]]", "why dW"
    )
    .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("W is read by") && text.contains("the mean over all entries in L"), "\(text)")
    #expect(say("net 2 3:relu 2:softmax layout=columns", "why db1").contains("every column of Z1"))
  }

  @Test func deriveSaysWhyRowsAreSummed() {
    let text = say("derive db1").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("b1 (1×5) was copied to every row of Z1 (4×5)"))
    #expect(!say("derive dW1").contains("was copied"))
  }

  /// A tree that does not fit ends earlier everywhere, with a numbered door at each end; nothing is cut off.
  @Test func aDeepTreeIsWalked() {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = true
    let first = say(["why L --deep"], in: &workspace)
    #expect(first.split(separator: "\n").count <= 20)
    #expect(!first.contains("…more") && first.contains("\n1  "))
    var depth = 0
    while say(["1"], in: &workspace).contains("›"), depth < 10 { depth += 1 }
    #expect(depth >= 2)
    #expect(say(["up 20"], in: &workspace) == first)
    // What was walked through ends at what is given.
    #expect(say("why A1[0,0] --deep").contains("W1[0,0] = 0.5000  (parameter)"))
  }
}
