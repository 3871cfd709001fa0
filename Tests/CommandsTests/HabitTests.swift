import Commands
import Formulas
import Lessons
import Rendering
import Sessions
import Testing

/// What people with the habits of gdb, IPython, Julia, psql, sqlite and R type: each line does what they expect or says in
/// one line what to type here.
@Suite struct HabitTests {
  enum Expected {
    /// The same text as this command has.
    case same(String)
    /// A text with these words in it.
    case shows(String)
    /// An error whose message or hint has these words in it.
    case says(String)
  }

  static let gdb: [(String, Expected)] = [
    ("stepi", .same("step")), ("nexti", .same("step")), ("bt full", .same("where")), ("disas", .same("list")),
    ("tb dZ1", .shows("break 1: stops before dZ1")), ("c 2", .says("the next stop")),
    ("x/4f W1", .says("show W1")),
    ("set confirm off", .says("undo")), ("show version", .says("--version")),
    ("info registers", .says("'info' alone")),
    ("jump 3", .says("until NAME")), ("run", .same("restart run")), ("r", .same("restart run")),
    ("start", .same("restart")),
    ("c", .same("continue")), ("cont", .same("continue")), ("s", .same("step")), ("step 2", .shows("db2")),
    ("n", .same("step")), ("next", .same("step")), ("next 2", .same("step 2")),
    ("finish", .shows("dX (4×2)")),
    ("fin", .same("finish")), ("until dW1", .shows("dW1 (2×5)")), ("advance dW1", .same("until dW1")),
    ("tbreak dZ1", .shows("break 1: stops before dZ1")), ("break dZ1", .shows("break 1: stops before dZ1")),
    ("b dZ1", .same("break dZ1")), ("br dZ1", .same("break dZ1")),
    ("break dZ1 if max(abs(dZ1)) > 1", .shows("stops at dZ1 if max(abs(dZ1)) > 1")),
    ("b 12", .says("is not a step of this pass")), ("info breakpoints", .same("break")),
    ("info b", .same("break")), ("i b", .same("break")), ("info locals", .same("info")),
    ("info args", .same("info")), ("info frame", .same("where")), ("d", .shows("nothing to take away")),
    ("delete 1", .says("'break' alone lists")), ("disable 1", .says("'break' alone lists")),
    ("watch L", .shows("watch 1: L, now 1.0409")), ("rwatch L", .same("watch L")),
    ("display L", .shows("display 1: L")), ("disp L", .same("display L")),
    ("undisplay 1", .says("'display' lists")), ("print Z1", .same("show Z1")), ("p Z1", .same("show Z1")),
    ("p W1[0]", .same("show W1[0]")), ("p/f Z1", .says("precision N")),
    ("set var W1[0,0] = 0.25", .same("set W1[0,0] = 0.25")), ("bt", .same("where")),
    ("where", .shows("next: dW2")), ("backtrace", .same("where")), ("frame", .same("where")),
    ("up", .says("'why dW1[0,2]' begins")), ("down", .says("a number goes down")), ("l", .same("list")),
    ("list dZ1", .shows("10  dZ1")), ("whatis W1", .same("show W1")), ("ptype W1", .same("show W1")),
    ("call relu(Z1)", .same("show relu(Z1)")), ("help break", .shows("break [NAME")),
    ("reverse-step", .same("back")), ("rs", .same("back")), ("reverse-continue", .same("restart")),
    ("shell ls", .says("no other program")), ("layout src", .says("'list' shows")),
    ("source missing.sg", .says("missing.sg")), ("return", .says("'finish'")),
    ("frame 1", .says("'list NAME'")), ("enable", .says("'break NAME'")),
    ("ignore 1 3", .says("break dZ1 if")),
    ("commands 1", .says("display NAME")), ("checkpoint", .says("save FILE")), ("list 1,5", .says("'trace'")),
    ("p $1", .says("let NAME")), ("call forward", .same("forward")),
  ]

  static let python: [(String, Expected)] = [
    ("W1.shape", .same("show W1")), ("assert np.allclose(S, Y)", .says("'check NAME")),
    ("X @= W1", .says("X = X @ W1")),
    ("W1.requires_grad", .says("param W1")), ("X.shape == (4, 2)", .says("shapes")),
    ("np.isnan(Z1)", .says("first appears")),
    ("np.identity(3)", .same("eye(3)")), ("np.linalg.inv(X)", .says("nothing is inverted")),
    ("np.save(\"x.npy\", W1)", .says("export pass.npz")),
    ("torch.save(W1, \"x.pt\")", .says("export pass.npz")),
    ("model.load_state_dict(torch.load(\"x.pt\"))", .says("weights FILE")), ("print(W1)", .same("show W1")),
    ("type(W1)", .same("show W1")),
    ("W1.size()", .same("show W1")), ("len(X)", .same("X.shape[0]")), ("%timeit A1 @ W2", .says("bench")),
    ("%whos", .same("info")), ("who", .same("info")), ("%hist", .same("history")),
    ("%history", .same("history")), ("%run missing.sg", .says("missing.sg")), ("%reset", .same("reset")),
    ("%debug", .same("where")), ("%precision 3", .same("precision 3")), ("%pwd", .says("no magics")),
    ("W1?", .same("help W1")), ("?W1", .same("help W1")), ("help(step)", .same("help step")),
    ("dir()", .same("info")), ("!ls", .says("no other program")), ("%matplotlib inline", .says("plot loss")),
    ("import numpy as np", .says("nothing is imported")), ("for i in range(3):", .says("train epochs=3")),
    ("del G", .shows("1 taken away")), ("_", .says("let NAME")), ("L.backward()", .same("backward")),
    ("optimizer.step()", .same("update")), ("optimizer.zero_grad()", .says("anew")),
    ("model.eval()", .says("forward")), ("model.parameters()", .same("info")),
    ("torch.manual_seed(0)", .same("seed 0")), ("print(W1.grad)", .says("dW1 is not computed yet")),
    ("print('Loss:', L)", .says("where it is typed")), ("W1.data -= 0.1 * dW1", .says("W1 -= 0.1 * dW1")),
    ("W1.requires_grad = True", .says("param W1")), ("y_pred = model(X)", .same("forward")),
    ("dh[h <= 0] = 0", .says("dh = where(dh > 0, dh, 0)")), ("a, b = 1, 2", .says("one name")),
    ("plt.plot(losses)", .says("plot loss")), ("model.compile(optimizer='adam')", .says("optimizer adam")),
    ("accuracy = 3", .says("let acc = 3")), ("tape.gradient(loss, W2)", .says("dW2 is not computed")),
    ("torch.nn.ReLU()(X)", .says("relu(Z)")), ("X.to(device)", .says("leave .to")),
    ("class Net:", .says("takes its equations")), ("W1??", .same("help W1")), ("Out[3]", .says("let NAME")),
    ("lambda x: x", .says("takes equations")), ("True", .says("X > 0")),
    ("grad W2", .says("dW2 is not computed yet")), ("exit()", .same("quit")), ("quit()", .same("quit")),
  ]

  static let others: [(String, Expected)] = [
    ("size(W1)", .same("show W1")), ("W1'", .says("a transpose is W1.T")), ("typeof(W1)", .same("show W1")),
    ("using LinearAlgebra", .says("nothing is imported")), ("@show W1", .same("show W1")),
    ("@time forward", .says("bench")), ("println(W1)", .same("show W1")), ("display(W1)", .same("show W1")),
    ("varinfo()", .same("info")), ("ndims(W1)", .same("show W1")), ("length(W1)", .same("show W1")),
    ("\\q", .same("quit")), ("\\?", .same("help")), ("\\h step", .same("help step")), ("\\d", .same("info")),
    ("\\d W1", .same("help W1")), ("\\dt", .same("info")), ("\\i missing.sg", .says("missing.sg")),
    ("\\timing", .says("bench")), ("\\! ls", .says("no other program")),
    ("select * from W1;", .says("show NAME")), ("begin", .says("undo")), ("rollback", .same("undo")),
    ("commit", .says("save FILE")), (".quit", .same("quit")), (".exit", .same("quit")),
    (".help", .same("help")), (".tables", .same("info")), (".schema", .same("equations")),
    (".read missing.sg", .says("missing.sg")), (".mode csv", .says("json")), (".timer on", .says("bench")),
    (".dump", .says("save FILE")), ("str(W1)", .same("show W1")), ("summary(W1)", .same("show W1")),
    ("dim(W1)", .same("show W1")), ("head(W1)", .same("show W1")), ("ls()", .same("info")),
    ("rm(G)", .shows("1 taken away")), ("q()", .same("quit")), ("t(W1)", .shows("W1.T")),
    ("A1 %*% W2", .same("A1 @ W2")), ("G <- 3", .same("G = 3")),
    ("library(MASS)", .says("nothing is imported")),
    ("nrow(W1)", .same("show W1")), ("colSums(W1)", .same("sum(W1, axis=0)")),
    ("history()", .same("history")), ("traceback()", .same("where")), ("clear", .says("Ctrl-L")),
    ("disp(W1)", .same("show W1")), ("numel(W1)", .same("W1.size")), ("format long", .same("precision 15")),
    ("]add Flux", .says("nothing is imported")), ("data.frame(X)", .says("rows stand in brackets")),
    ("setwd(\"x\")", .says("started in")), ("desc X", .same("help X")), ("-- words", .says("begins with #")),
    ("// words", .says("begins with #")), ("% words", .says("begins with #")), (":q", .same("quit")),
    ("bye", .same("quit")), ("version", .says("--version")), ("fprintf('%d', 3)", .says("where it is typed")),
    ("man step", .same("help step")), ("ls", .same("info")),
  ]

  @Test func thereAre120() { #expect(Self.gdb.count + Self.python.count + Self.others.count >= 120) }

  @Test(arguments: [gdb, python, others]) func everyHabitIsAnswered(_ habits: [(String, Expected)]) throws {
    let state = try prepared()
    for (line, expected) in habits {
      let (isGood, text) = answer(line, state)
      switch expected {
      case .same(let command):
        let other = answer(command, state)
        #expect(other.isGood == isGood && text.hasPrefix(other.text), "\(line): \(text)")
      case .shows(let words): #expect(isGood && text.contains(words), "\(line): \(text)")
      case .says(let words): #expect(!isGood && text.contains(words), "\(line): \(text)")
      }
    }
  }

  private func prepared() throws -> Workspace {
    var workspace = Workspace(commands: .withLessons)
    for line in ["let G = 2", "until dZ2"] {
      for outcome in Interpreter.run(line, in: &workspace) { _ = try outcome.result.get() }
    }
    return workspace
  }

  private func answer(_ line: String, _ state: Workspace) -> (isGood: Bool, text: String) {
    var workspace = state
    guard let outcome = Interpreter.run(line, in: &workspace).last else { return (false, "nothing") }
    switch outcome.result {
    case .success(let report): return (true, TextRenderer(width: 200).render(report))
    case .failure(let diagnostic): return (false, "\(diagnostic.message)\n\(diagnostic.hint ?? "")")
    }
  }

  /// A name that has a value means that value, whatever the word means elsewhere.
  @Test func aNameOfOnesOwnWins() throws {
    var workspace = Workspace(commands: .withLessons)
    _ = Interpreter.run("let run = 3", in: &workspace)
    let report = try #require(Interpreter.run("run", in: &workspace).last).result.get()
    #expect(TextRenderer(width: 80).render(report) == "run = 3  [yours]\n")
  }
}
