import LinearAlgebra
import Platform
import Reports
import Sessions

/// Measures what the README states: `stepgrad-benchmarks [--json] [--mnist DIR] [--peers DIR] [--python PROGRAM]`. `--only
/// start|pass|sequence|jacobian|product|epoch` measures one part.
@main struct Benchmarks {
  static func main() {
    Memory.keepFreed()
    var isJSON = false
    var mnist: String?
    var peers: String?
    var python = "python3"
    var only: String?
    var arguments = Swift.CommandLine.arguments.dropFirst()
    while let word = arguments.popFirst() {
      switch word {
      case "--json": isJSON = true
      case "--mnist": mnist = arguments.popFirst()
      case "--peers": peers = arguments.popFirst()
      case "--python": python = arguments.popFirst() ?? python
      case "--only": only = arguments.popFirst()
      default:
        print(
          "usage: stepgrad-benchmarks [--json] [--mnist DIR] [--peers DIR] [--python PROGRAM] [--only PART]")
        exit(2)
      }
    }
    var results = Results()
    func measures(_ part: String) -> Bool { only == nil || only == part }
    if measures("start") { StartupBenchmark.run(peers: peers, python: python, into: &results) }
    if measures("pass") { PassBenchmark.run(peers: peers, python: python, into: &results) }
    if measures("sequence") { LanguageModelBenchmark.run(peers: peers, python: python, into: &results) }
    if measures("jacobian") { JacobianBenchmark.run(peers: peers, python: python, into: &results) }
    if measures("product") { ProductBenchmark.run(python: python, into: &results) }
    if measures("epoch"), let mnist {
      EpochBenchmark.run(mnist: mnist, peers: peers, python: python, into: &results)
    }
    let machine = "\(BLAS.threadCount) threads, \(BLAS.embeddedInstructions)"
    print(isJSON ? results.json : "\(machine)\n\n\(results.table)")
  }
}

/// One measured figure, with the peer's when it was measured in the same run.
struct Results {
  struct Row {
    let name: String
    let value: Double
    let unit: String
    var peer: Double?
    /// How much better than the peer: times as fast.
    var ratio: Double?
  }

  private(set) var rows: [Row] = []

  /// - Parameter isRate: larger is better.
  mutating func add(
    _ name: String, _ value: Double, _ unit: String, peer: Double? = nil, isRate: Bool = false
  ) {
    let ratio = peer.map { isRate ? value / $0 : $0 / value }
    rows.append(Row(name: name, value: value, unit: unit, peer: peer, ratio: ratio))
    Say.note("\(name): \(Figures.short(value)) \(unit)\n")
  }

  var table: String {
    var lines = ["| work | here | peer | times as fast |", "| --- | ---: | ---: | ---: |"]
    for row in rows {
      let peer = row.peer.map { "\(Figures.short($0)) \(row.unit)" } ?? ""
      lines.append(
        "| \(row.name) | \(Figures.short(row.value)) \(row.unit) | \(peer) | \(row.ratio.map { Figures.short($0, digits: 3) } ?? "") |"
      )
    }
    return lines.joined(separator: "\n")
  }

  var json: String {
    let items = rows.map { row in
      "{\"name\":\"\(row.name)\",\"value\":\(row.value),\"unit\":\"\(row.unit)\",\"peer\":\(row.peer.map { "\($0)" } ?? "null"),\"ratio\":\(row.ratio.map { "\($0)" } ?? "null")}"
    }
    return "[" + items.joined(separator: ",\n ") + "]"
  }
}

/// Signs of life, beside the output.
enum Say {
  static func note(_ text: String) {
    var bytes = Array(text.utf8)
    bytes.withUnsafeMutableBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// Medians of repeated runs.
enum Measure {
  /// Seconds of one run: the median of so many.
  static func seconds(_ repeats: Int, _ body: () -> Void) -> Double {
    body()
    var times: [Double] = []
    for _ in 0..<repeats {
      let start = Clock.seconds()
      body()
      times.append(Clock.seconds() - start)
    }
    return median(times)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  /// User and system time of a whole process, the median of several runs; nil when it cannot be started.
  static func process(_ words: [String], repeats: Int) -> Double? {
    var times: [Double] = []
    for _ in 0..<repeats {
      guard let (_, seconds) = Child.run(words) else { return nil }
      times.append(seconds)
    }
    return median(times)
  }
}

/// Another program, its output and what it cost.
enum Child {
  static func run(_ words: [String]) -> (output: String, seconds: Double)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var argv = words.map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    var before = rusage()
    getrusage(.init(RUSAGE_CHILDREN.rawValue), &before)
    var child: pid_t = 0
    let failed = posix_spawnp(&child, words[0], &actions, nil, &argv, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard failed == 0 else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    var after = rusage()
    getrusage(.init(RUSAGE_CHILDREN.rawValue), &after)
    guard status == 0 else { return nil }
    return (String(decoding: bytes, as: UTF8.self), total(after) - total(before))
  }

  private static func total(_ usage: rusage) -> Double {
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  /// The number behind a word in a program's output: `gradcheck …: 0.123s`.
  static func number(after mark: String, in text: String) -> Double? {
    guard let range = text.firstRange(of: mark) else { return nil }
    let rest = text[range.upperBound...].drop { $0 == " " }
    return Double(rest.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" })
  }
}
