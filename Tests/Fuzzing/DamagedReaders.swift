import Assignments
import Explanations
import Formulas
import LinearAlgebra
import Platform
import Sessions

/// A damaged file before the commands that read it, in a folder of its own. `FILE` is the damaged one, `FOLDER` holds the
/// others as they were.
struct DamagedReader: Sendable {
  let file: String
  /// One of these lines is typed.
  let lines: [String]

  static let all = [
    DamagedReader(
      file: "state.safetensors",
      lines: [
        "weights FILE; forward", "weights FILE layout=torch", "load(\"FILE\")[\"0.weight\"]", "review FILE",
      ]),
    DamagedReader(
      file: "weights.npz",
      lines: [
        "weights FILE; forward", "weights FILE W1=dW1", "set W1 = load(\"FILE\")[\"W1\"]", "review FILE all",
      ]),
    DamagedReader(
      file: "numbers.csv",
      lines: ["let A = load(\"FILE\")", "weights FILE", "set X = load(\"FILE\")[:, 0:2]"]),
    DamagedReader(file: "float64.npy", lines: ["let A = load(\"FILE\")", "weights FILE W1"]),
    DamagedReader(file: "session.sg", lines: ["load FILE", "load FILE; load FILE; forward; undo"]),
    DamagedReader(
      file: "students.csv",
      lines: ["assign FOLDER/assignment.md --students FILE --out FOLDER/other --secret FOLDER/secret"]),
    DamagedReader(
      file: "assignment.md",
      lines: ["assign FILE --students FOLDER/students.csv --out FOLDER/other --secret FOLDER/secret"]),
    DamagedReader(
      file: "answers.md", lines: ["grade FILE --key FOLDER/key --secret FOLDER/secret --out FOLDER/other"]),
    DamagedReader(
      file: "answers.json", lines: ["grade FILE --key FOLDER/key --secret FOLDER/secret --out FOLDER/other"]),
    DamagedReader(
      file: "answers.csv", lines: ["grade FILE --key FOLDER/key --secret FOLDER/secret --out FOLDER/other"]),
  ]
}

extension FuzzTarget {
  static let readers = FuzzTarget(name: "readers") { seed, corpus in
    var mutation = ByteMutation(seed: seed)
    let reader = DamagedReader.all[mutation.random.integer(below: DamagedReader.all.count)]
    let line = reader.lines[mutation.random.integer(below: reader.lines.count)]
    let folder = corpus.scratch
    let file = folder + "/damaged-" + reader.file
    try FileWriter.write(mutation.mutated(corpus.bytes(of: reader.file)), to: file, isFlushed: false)
    // Every case meets the folder as the first one does.
    FuzzFolder.remove(folder + "/other")
    var workspace = Workspace(commands: .whole)
    let typed = line.replacing("FILE", with: file).replacing("FOLDER", with: folder)
    try run(typed, in: &workspace, width: 80)
  }

  /// A program and what was recorded of it, one of them damaged: who runs it can write whatever it likes into the record.
  static let reviews = FuzzTarget(name: "reviews") { seed, corpus in
    var mutation = ByteMutation(
      seed: seed, dictionary: ["\t", "\n", " @ ", ".T", "np.", "(", ")", "[", "]", "v1", "-1"])
    var (source, record) = (corpus.bytes(of: "program.py"), corpus.bytes(of: "program.trace"))
    if mutation.random.integer(below: 2) == 0 {
      source = mutation.mutated(source)
    } else {
      record = mutation.mutated(record)
    }
    var workspace = Workspace(commands: .whole)
    _ = Interpreter.run("net 2 3:relu 2:softmax", in: &workspace)
    let session = workspace.session
    do throws(Diagnostic) {
      _ = try Review(
        ProgramTrace(record), model: session.model, roles: session.roles,
        shapes: session.leaves.mapValues(\.shape),
        learningRate: 0.1, source: String(decoding: source, as: UTF8.self))
    } catch {
      if error.message.isEmpty { throw Broken(description: "no message for a review") }
    }
  }
}

/// Folders that cases are tried in.
enum FuzzFolder {
  /// With everything in it; symbolic links are not followed.
  static func remove(_ path: String) {
    guard unlink(path) != 0, let handle = opendir(path) else { return }
    var names: [String] = []
    while let entry = readdir(handle) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    closedir(handle)
    for name in names where name != "." && name != ".." { remove(path + "/" + name) }
    rmdir(path)
  }
}
