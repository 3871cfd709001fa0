import Fuzzing
import LinearAlgebra
import Platform

/// Runs cases of the targets one after the other. Every case follows from its seed, so that what is found is found again:
/// `stepgrad-fuzz lines --seed 4711 --count 1`.
@main struct FuzzDriver {
  static func main() {
    var targets: [FuzzTarget] = []
    var (seconds, seed, count) = (60.0, UInt64(1), Int.max)
    var corpus = "Tests/FuzzCorpus"
    var words = CommandLine.arguments.dropFirst()
    while let word = words.popFirst() {
      if let target = FuzzTarget.all.first(where: { $0.name == word }) {
        targets.append(target)
      } else if let value = words.popFirst() {
        switch word {
        case "--seconds": seconds = Double(value) ?? seconds
        case "--seed": seed = UInt64(value) ?? seed
        case "--count": count = Int(value) ?? count
        case "--corpus": corpus = value
        default: usage()
        }
      } else {
        usage()
      }
    }
    do {
      let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      let known = try Corpus(corpus, scratch: parent + "/stepgrad-fuzz-\(getpid())")
      // What a line writes under a name that damage has made stays in there.
      chdir(known.scratch)
      var isGood = true
      Watch.begin()
      for target in targets.isEmpty ? FuzzTarget.all : targets {
        isGood = run(target, known, seconds, from: seed, count) && isGood
      }
      known.removeScratch()
      exit(isGood ? 0 : 1)
    } catch {
      print("stepgrad-fuzz: \(error)")
      exit(2)
    }
  }

  private static func run(
    _ target: FuzzTarget, _ corpus: Corpus, _ seconds: Double, from seed: UInt64, _ count: Int
  ) -> Bool {
    let end = Clock.seconds() + seconds
    var (done, findings, slowest, slowestSeed) = (0, 0, 0.0, seed)
    while done < count, Clock.seconds() < end {
      let own = seed &+ UInt64(done)
      done += 1
      let start = cpuSeconds()
      Watch.note(target.name, own)
      do { try target.run(own, corpus) } catch {
        findings += 1
        if findings <= 20 { print("\(target.name) --seed \(own): \(error)") }
      }
      let taken = cpuSeconds() - start
      if taken > slowest { (slowest, slowestSeed) = (taken, own) }
    }
    Watch.pause()
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print(
      "\(target.name): \(done) cases from seed \(seed), \(findings) findings, slowest "
        + "\(Int(clamping: slowest * 1000)) ms (seed \(slowestSeed)), \(usage.ru_maxrss / 1024) MB at most")
    fflush(nil)
    return findings == 0
  }

  /// Of this process, since others may hold the machine.
  private static func cpuSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
  }

  private static func usage() -> Never {
    print(
      "usage: stepgrad-fuzz [\(FuzzTarget.all.map(\.name).joined(separator: "|"))]… [--seconds N] [--seed N] [--count N] [--corpus DIR]"
    )
    exit(2)
  }
}

/// Says which case it was when the process traps, or when a case takes too long.
private enum Watch {
  nonisolated(unsafe) private static let text = UnsafeMutablePointer<CChar>.allocate(capacity: 128)
  nonisolated(unsafe) private static var length = 0
  /// Seconds of the processor for one case in a debug build, and of the clock where it waits for something.
  private static let (patience, wait) = (20, 600)

  static func begin() {
    _ = text
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGALRM, SIGVTALRM] {
      signal(number) { number in
        _ = write(STDERR_FILENO, Watch.text, Watch.length)
        let word: StaticString =
          number == SIGALRM || number == SIGVTALRM ? " takes too long\n" : " ends the process\n"
        _ = write(STDERR_FILENO, word.utf8Start, word.utf8CodeUnitCount)
        _exit(3)
      }
    }
  }

  static func note(_ target: String, _ seed: UInt64) {
    length = 0
    for byte in "\(target) --seed \(seed)".utf8.prefix(127) {
      text[length] = CChar(bitPattern: byte)
      length += 1
    }
    alarm(UInt32(wait))
    limit(patience)
  }

  static func pause() {
    alarm(0)
    limit(0)
  }

  private static func limit(_ seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(1), &timer, nil)
  }
}
