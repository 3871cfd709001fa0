/// What people type out of habit from other programs, and what it is here. One table for the interpreter, help and tests.
enum Habits {
  static let table: [(language: String, phrases: [Phrase])] = [
    ("Python", python), ("IPython", ipython), ("gdb", gdb), ("Julia", julia), ("R", r), ("psql", psql),
    ("sqlite", sqlite), ("a shell", shell),
    (
      "a model's block",
      [Phrase("repeat EXPR:", .advice("it stands between 'model' and 'end', as in 'model rnn'"))]
    ),
  ]

  private static let lookOnly = "nothing is recorded behind your back: formulas change no gradient"
  private static let loop = "a loop of updates is 'train epochs=10', or 'update 10' to see each"
  private static let imports = "nothing is imported: NumPy's functions are there, with or without np."

  private static let derived =
    "'backward' computes every gradient, 'derive dW1' shows where one comes from"
  private static let anew = "every backward pass computes its gradients anew: nothing is to be set to zero"
  private static let counted =
    "m is the number of samples and is counted from the values: 'samples' shows them"
  private static let state =
    "a state is read from a file that save_file of safetensors or numpy.savez wrote: weights FILE"

  private static let written =
    "'export pass.npz' writes every value by its name, 'export pass.safetensors' too"

  private static let python: [Phrase] = [
    Phrase("NAME.backward()", .command("backward")),
    Phrase("NAME.backward(EXPR)", .command("backward")),
    Phrase("NAME.grad.zero_()", .advice(anew)),
    Phrase("NAME.grad = None", .advice(anew)),
    Phrase("torch.autograd.grad(EXPR, NAME)", .command("show dNAME")),
    Phrase("jax.grad(EXPR)", .advice(derived)),
    Phrase("jax.grad(EXPR)(OTHER)", .advice(derived)),
    Phrase("loss_fn(EXPR)", .command("loss")),
    Phrase("criterion(EXPR)", .command("loss")),
    Phrase("model(EXPR)", .command("forward")),
    Phrase("output = model(EXPR)", .command("forward")),
    Phrase("loss = criterion(EXPR)", .command("loss")),
    Phrase("loss = loss_fn(EXPR)", .command("loss")),
    Phrase("NAME.step()", .command("update")),
    Phrase(
      "NAME.zero_grad()",
      .advice(anew)),
    Phrase("NAME.parameters()", .command("info")),
    Phrase("NAME.summary()", .command("info")),
    Phrase("NAME.eval()", .advice("the equations have no modes: 'forward' runs them")),
    Phrase("NAME.train()", .advice("the equations have no modes: 'train' takes many steps")),
    Phrase("NAME.fit(EXPR)", .advice("'train epochs=10' trains on the data at hand")),
    Phrase("loss.item()", .command("loss")),
    Phrase("print(loss)", .command("loss")),
    Phrase("print(loss.item())", .command("loss")),
    Phrase("print(NAME.shape)", .command("show NAME")),
    Phrase("print(NAME.shape[EXPR])", .command("show NAME")),
    Phrase("print(f\"EXPR\")", .advice("a value is shown where it is typed: L, or 'show W1 b1'")),
    Phrase("print(\"EXPR\")", .advice("a value is shown where it is typed: L, or 'show W1 b1'")),
    Phrase("print(\"EXPR\", OTHER)", .advice("a value is shown where it is typed: L, or 'show W1 b1'")),
    Phrase("print(NAME, NAME)", .advice("'show W1 b1' prints several values")),
    Phrase("print(EXPR)", .command("show EXPR")),
    Phrase("NAME.shape[EXPR]", .command("show NAME")),
    Phrase("NAME.size", .command("show NAME")),
    Phrase("NAME.ndim", .command("show NAME")),
    Phrase("NAME = NAME.shape[EXPR]", .advice(counted)),
    Phrase("NAME, NAME = NAME.shape", .advice(counted)),
    Phrase(
      "loss = EXPR",
      .advice("'loss' prints the session's, and 'check L = …' says whether a formula for it is right")),
    Phrase("model = EXPR", .advice("'net 2 4:relu 3:softmax' writes a network, 'model' takes its equations")),
    Phrase("m = len(EXPR)", .advice(counted)),
    Phrase(
      "optimizer = EXPR",
      .advice("'optimizer adam' chooses what 'update' and 'train' do, 'lr = 0.1' the rate")),
    Phrase("OrderedDict(EXPR)", .advice(state)),
    Phrase("NAME.load_state_dict(EXPR)", .advice(state)),
    Phrase("NAME.state_dict()", .command("info")),
    Phrase("np.save(EXPR)", .advice(written)),
    Phrase("np.savez(EXPR)", .advice(written)),
    Phrase("np.savetxt(EXPR)", .advice(written)),
    Phrase("torch.save(EXPR)", .advice(written)),
    Phrase("NAME = pd.read_csv(\"EXPR\")", .command("NAME = load(\"EXPR\")")),
    Phrase("NAME = pd.read_csv('EXPR')", .command("NAME = load(\"EXPR\")")),
    Phrase("pd.read_csv(\"EXPR\")", .command("load(\"EXPR\")")),
    Phrase("NAME = np.loadtxt(\"EXPR\", delimiter=\",\")", .command("NAME = load(\"EXPR\")")),
    Phrase("np.loadtxt(\"EXPR\", delimiter=\",\")", .command("load(\"EXPR\")")),
    Phrase("{EXPR", .advice(state)),
    Phrase("NAME.shape", .command("show NAME")),
    Phrase("NAME.T.shape", .command("show NAME.T")),
    Phrase("NAME.size(EXPR)", .command("show NAME")),
    Phrase("NAME.size()", .command("show NAME")),
    Phrase("NAME.numel()", .command("show NAME")),
    Phrase("NAME.dtype", .advice("'info' tells about NAME; numbers are of 64 bits unless said otherwise")),
    Phrase("len(EXPR)", .command("show EXPR")),
    Phrase("type(EXPR)", .command("show EXPR")),
    Phrase("np.allclose(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("torch.allclose(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("np.array_equal(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("torch.equal(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("np.testing.assert_allclose(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("not EXPR", .advice("EXPR == 0 is 1 where it is 0")),
    Phrase(
      "torch.manual_seed(EXPR)",
      .advice("seed= stands behind 'net' and 'train': net 2 4:relu 3:softmax seed=7")),
    Phrase(
      "np.random.seed(EXPR)", .advice("seed= stands behind 'net' and 'train': net 2 4:relu 3:softmax seed=7")),
    Phrase("exit()", .command("quit")),
    Phrase("quit()", .command("quit")),
    Phrase("exit", .command("quit")),
    Phrase("help()", .command("help")),
    Phrase("help(\"EXPR\")", .command("help EXPR")),
    Phrase("help('EXPR')", .command("help EXPR")),
    Phrase("help(EXPR)", .command("help EXPR")),
    Phrase("dir()", .command("info")),
    Phrase("del NAME", .command("delete NAME")),
    Phrase("_", .advice("the last value has no name: 'let NAME = …' gives it one")),
    Phrase("import EXPR", .advice(imports)),
    Phrase("from EXPR", .advice(imports)),
    Phrase("for NAME in range(EXPR): update", .advice("a loop of updates is 'update EXPR'")),
    Phrase(
      "for NAME in range(EXPR):",
      .advice(
        "a loop of updates is 'train epochs=EXPR', or 'update EXPR' to see each; the indented lines behind it are left out"
      )),
    Phrase("for EXPR", .advice(loop)),
    Phrase("while EXPR", .advice(loop)),

    Phrase(
      "if EXPR", .advice("'break NAME if …' stops where a condition holds, where(…) chooses entry by entry")),
    Phrase("with torch.no_grad()EXPR", .advice(lookOnly)),
    Phrase("return EXPR", .advice("a value is shown where it is typed: EXPR")),
    Phrase("def EXPR", .advice("'let NAME = …' keeps a value, 'model' takes equations")),
    Phrase("grad NAME", .command("show dNAME")),
    Phrase("grad(NAME)", .command("show dNAME")),
  ]

  private static let ipython: [Phrase] = [
    Phrase("??NAME", .command("help NAME")),
    Phrase("?NAME", .command("help NAME")),
    Phrase("NAME?", .command("help NAME")),
    Phrase("%timeit EXPR", .advice("'bench' measures a pass, 'cost' counts its operations")),
    Phrase("%time EXPR", .advice("'bench' measures a pass, 'cost' counts its operations")),
    Phrase("%whos", .command("info")),
    Phrase("%who", .command("info")),
    Phrase("%history", .command("history")),
    Phrase("%hist", .command("history")),
    Phrase("%run EXPR", .command("load EXPR")),
    Phrase("%load EXPR", .command("load EXPR")),
    Phrase("%save EXPR", .command("save EXPR")),
    Phrase("%reset", .command("reset")),
    Phrase("%precision EXPR", .command("precision EXPR")),
    Phrase("%debug", .command("where")),
    Phrase("%matplotlib EXPR", .advice("'plot loss' and 'plot data' draw in the terminal")),
    Phrase("%EXPR", .advice("there are no magics: 'help' lists the commands")),
  ]

  private static let gdb: [Phrase] = [
    Phrase("run", .command("restart run")),
    Phrase("r", .command("restart run")),
    Phrase("start", .command("restart")),
    Phrase("advance NAME", .command("until NAME")),
    Phrase("tbreak NAME", .command("break NAME")),
    Phrase("clear NAME", .command("delete NAME")),
    Phrase("disable EXPR", .command("delete EXPR")),
    Phrase("enable EXPR", .advice("'break NAME' sets it again, and 'undo' brings back what was deleted")),
    Phrase("rwatch EXPR", .command("watch EXPR")),
    Phrase("awatch EXPR", .command("watch EXPR")),
    Phrase("info breakpoints", .command("break")),
    Phrase("info break", .command("break")),
    Phrase("info b", .command("break")),
    Phrase("i b", .command("break")),
    Phrase("info watchpoints", .command("break")),
    Phrase("info display", .command("display")),
    Phrase("info locals", .command("info")),
    Phrase("info args", .command("info")),
    Phrase("info variables", .command("info")),
    Phrase("info line", .command("where")),
    Phrase("info frame", .command("where")),
    Phrase("frame", .command("where")),
    Phrase(
      "condition EXPR", .advice("the condition stands with the break: 'break dZ1 if max(abs(dZ1)) > 1'")),
    Phrase("down", .advice("'up' goes back on the way of 'why'; a number goes down into a term")),
    Phrase("print/NAME NAME", .advice("'precision N' sets the decimals: then 'print NAME'")),
    Phrase("p/NAME NAME", .advice("'precision N' sets the decimals: then 'p NAME'")),
    Phrase("set var EXPR", .command("set EXPR")),
    Phrase("set variable EXPR", .command("set EXPR")),
    Phrase("whatis EXPR", .command("show EXPR")),
    Phrase("ptype EXPR", .command("show EXPR")),
    Phrase("call EXPR", .command("show EXPR")),
    Phrase("reverse-step", .command("back")),
    Phrase("reverse-next", .command("back")),
    Phrase("rs", .command("back")),
    Phrase("reverse-continue", .command("restart")),
    Phrase("kill", .command("restart")),
    Phrase("source EXPR", .command("load EXPR")),
    Phrase("layout EXPR", .advice("'list' shows the equations around the cursor, 'trace' all of them")),
    Phrase("info symbol NAME", .command("help NAME")),
  ]

  private static let julia: [Phrase] = [
    Phrase("size(EXPR)", .command("show EXPR")),
    Phrase("length(EXPR)", .command("show EXPR")),
    Phrase("ndims(EXPR)", .command("show EXPR")),
    Phrase("typeof(EXPR)", .command("show EXPR")),
    Phrase("println(EXPR)", .command("show EXPR")),
    Phrase("display(EXPR)", .command("show EXPR")),
    Phrase("@show EXPR", .command("show EXPR")),
    Phrase("@time EXPR", .advice("'bench' measures a pass, 'cost' counts its operations")),
    Phrase("varinfo()", .command("info")),
    Phrase("include(EXPR)", .command("load EXPR")),
    Phrase("using EXPR", .advice(imports)),
    Phrase("ans", .advice("the last value has no name: 'let NAME = …' gives it one")),
  ]

  private static let r: [Phrase] = [
    Phrase("str(EXPR)", .command("show EXPR")),
    Phrase("summary(EXPR)", .command("show EXPR")),
    Phrase("dim(EXPR)", .command("show EXPR")),
    Phrase("nrow(EXPR)", .command("show EXPR")),
    Phrase("ncol(EXPR)", .command("show EXPR")),
    Phrase("ls()", .command("info")),
    Phrase("rm(NAME)", .command("delete NAME")),
    Phrase("q()", .command("quit")),
    Phrase("t(EXPR)", .command("(EXPR).T")),
    Phrase("colSums(EXPR)", .command("sum(EXPR, axis=0)")),
    Phrase("colMeans(EXPR)", .command("mean(EXPR, axis=0)")),
    Phrase("rowMeans(EXPR)", .command("mean(EXPR, axis=1)")),
    Phrase("head(EXPR, OTHER)", .command("show EXPR")),
    Phrase("head(EXPR)", .command("show EXPR")),
    Phrase("rowSums(EXPR)", .command("sum(EXPR, axis=1)")),
    Phrase("source(EXPR)", .command("load EXPR")),
    Phrase("history()", .command("history")),
    Phrase("traceback()", .command("where")),
    Phrase("library(EXPR)", .advice(imports)),
    Phrase("plot(EXPR)", .command("plot EXPR")),
    Phrase("save.image()", .advice("'save FILE' writes the session as a script")),
    Phrase("NAME <- EXPR", .command("NAME = EXPR")),
    Phrase("EXPR %*% OTHER", .command("EXPR @ OTHER")),
    Phrase("EXPR %o% OTHER", .command("outer(EXPR, OTHER)")),
  ]

  private static let psql: [Phrase] = [
    Phrase("\\q", .command("quit")),
    Phrase("\\?", .command("help")),
    Phrase("\\h", .command("help")),
    Phrase("\\h EXPR", .command("help EXPR")),
    Phrase("\\dt", .command("info")),
    Phrase("\\d", .command("info")),
    Phrase("\\d NAME", .command("help NAME")),
    Phrase("\\i EXPR", .command("load EXPR")),
    Phrase("\\s", .command("history")),
    Phrase("\\timing", .advice("'bench' measures a pass, 'cost' counts its operations")),
    Phrase("\\!EXPR", .advice("no other program is run from here")),
    Phrase("\\EXPR", .advice("nothing begins with a backslash: 'help' lists the commands")),
    Phrase("select EXPR", .advice("'show NAME' prints a value, NAME[0, :] a row of it")),
    Phrase("SELECT EXPR", .advice("'show NAME' prints a value, NAME[0, :] a row of it")),
    Phrase("rollback", .command("undo")),
    Phrase("begin", .advice("'undo' takes back any command: nothing is to be begun")),
    Phrase("commit", .advice("'save FILE' writes the session as a script")),
  ]

  private static let sqlite: [Phrase] = [
    Phrase(".quit", .command("quit")),
    Phrase(".exit", .command("quit")),
    Phrase(".help", .command("help")),
    Phrase(".tables", .command("info")),
    Phrase(".schema", .command("equations")),
    Phrase(".schema NAME", .command("help NAME")),
    Phrase(".read EXPR", .command("load EXPR")),
    Phrase(".save EXPR", .command("save EXPR")),
    Phrase(".dump", .advice("'save FILE' writes the session as a script")),
    Phrase(".mode EXPR", .advice("'stepgrad --format json' prints JSON, 'heat on' colours")),
    Phrase(".timer EXPR", .advice("'bench' measures a pass, 'cost' counts its operations")),
    Phrase(".NAME", .advice("nothing begins with a point: 'help' lists the commands")),
  ]

  private static let shell: [Phrase] = [
    Phrase("ls", .command("info")),
    Phrase("who", .command("info")),
    Phrase("whos", .command("info")),
    Phrase("clear", .advice("Ctrl-L clears the screen")),
    Phrase("cls", .advice("Ctrl-L clears the screen")),
    Phrase("man NAME", .command("help NAME")),
    Phrase("shell EXPR", .advice("no other program is run from here")),
    Phrase("!NAME", .advice("no other program is run from here")),
    Phrase("!NAME EXPR", .advice("no other program is run from here")),
  ]
}
