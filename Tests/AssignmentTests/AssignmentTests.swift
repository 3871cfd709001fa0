import DataSets
import Exports
import Formulas
import Lessons
import LinearAlgebra
import Platform
import Rendering
import Sessions
import TestSupport
import Testing

@testable import Assignments

/// The checkout's folder of assignments, three folders above this file.
private let shipped: [String] = {
  var parts = #filePath.split(separator: "/").dropLast(3)
  parts += ["Lessons", "Assignments"]
  let folder = "/" + parts.joined(separator: "/")
  return FileAccess.list(folder).filter { $0.hasSuffix(".md") && $0 != "README.md" }.map { folder + "/" + $0 }
}()

private let secret = Secret(Array("a secret of sixteen letters".utf8))

private func folder() throws -> String { scratchFolder("assign") }

private func student(_ id: String, _ name: String) throws -> Student {
  try #require(Students.parse("id,name\n\(CSVRows.cell(id)),\(CSVRows.cell(name))\n", file: "list").first)
}

@Suite struct KeyedHashTests {
  /// FIPS 180-4, example values of the Secure Hash Standard.
  @Test func sha256() {
    for (message, digest) in [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ] { #expect(Secret.hexadecimal(KeyedHash.sha256(Array(message.utf8))) == digest) }
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test func hmac() {
    for (key, message, code) in [
      (
        [UInt8](repeating: 0x0B, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ] { #expect(Secret.hexadecimal(KeyedHash.hmac(key: key, Array(message.utf8))) == code) }
  }

  @Test func aSecretIsItsOwnersAlone() throws {
    let path = try folder() + "/secret"
    try Secret.make(at: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let first = try FileAccess.read(path)
    try Secret.make(at: path)
    #expect(try FileAccess.read(path) == first)
    _ = try Secret(file: path)
    chmod(path, 0o640)
    #expect(throws: Diagnostic.self) { try Secret(file: path) }
    try FileAccess.write("short\n", to: path)
    chmod(path, 0o600)
    #expect(throws: Diagnostic.self) { try Secret(file: path) }
  }
}

@Suite struct SheetTests {
  @Test func drawnNumbersAreNice() throws {
    let text = AssignmentText(
      """
      # Nice
      ```draw
      m, n, h, k = 2..5, different
      X = m×n integers -3..3
      W1 = n×h one decimal -1..1, not 0
      b1 = 1xh two decimals 0..0.5
      W2 = h×k integers -2..2
      b2 = 1×k one decimal -1..1
      Y = m×k one-hot
      no kinks, no ties, not balanced
      ```
      ```stepgrad
      > net {n} {h}:relu {k}:softmax
      > set X = {X}; set Y = {Y}
      > set W1 = {W1}; set b1 = {b1}; set W2 = {W2}; set b2 = {b2}
      ```
      ```exercise
      The loss?
      kind: value
      name: L
      answer: cross_entropy(Y, S)
      ```
      """)
    #expect(text.faults.isEmpty, "\(text.faults)")
    var seen: Set<String> = []
    for number in 0..<30 {
      let sheet = try Sheet.draw(text, secret: secret, student: "s\(number)")
      #expect(seen.insert(sheet.fingerprint).inserted)
      let session = sheet.questions[0].session
      let extents =
        try [#require(session.leaves["X"]).shape.rows]
        + ["X", "W1", "W2"].map { try #require(session.leaves[$0]).shape.columns }
      #expect(Set(extents).count == 4)
      #expect(try #require(session.computed("Z1")).elements.allSatisfy { abs($0) >= 0.01 })
      #expect(try #require(session.leaves["X"]).elements.allSatisfy { $0 == $0.rounded() && abs($0) <= 3 })
      #expect(
        try #require(session.leaves["W1"]).elements.allSatisfy {
          abs($0 * 10 - ($0 * 10).rounded()) < 1e-9 && $0 != 0
        })
      let S = try #require(session.computed("S"))
      for row in 0..<S.shape.rows {
        let line = (0..<S.shape.columns).map { S.elements[row * S.shape.columns + $0] }.sorted()
        #expect(line[line.count - 1] - line[line.count - 2] > 1e-4)
      }
      let Y = try #require(session.leaves["Y"])
      let counts = (0..<Y.shape.columns).map { k in
        (0..<Y.shape.rows).reduce(0) { $0 + Y.elements[$1 * Y.shape.columns + k] }
      }
      #expect(Set(counts).count > 1)
    }
  }

  @Test func theSameSecretGivesTheSamePageAndAnotherOneAnother() throws {
    let text = AssignmentText(
      try FileAccess.read(try #require(shipped.first { $0.hasSuffix("one-pass.md") })))
    let ada = try student("ada", "Ada")
    func page(_ secret: Secret, _ id: String) throws -> String {
      try Sheet.draw(text, secret: secret, student: id).page(for: ada).html
    }
    #expect(try page(secret, "ada") == page(secret, "ADA "))
    #expect(try page(secret, "ada") != page(secret, "bob"))
    #expect(try page(secret, "ada") != page(Secret(Array("another secret of letters".utf8)), "ada"))
  }

  /// What the page says is enough, and what comes of it by plain loops is the key.
  @Test func theNumbersOfThePageGiveTheKey() throws {
    let text = AssignmentText(
      try FileAccess.read(try #require(shipped.first { $0.hasSuffix("one-pass.md") })))
    for id in ["ada", "bob", "eve"] {
      let sheet = try Sheet.draw(text, secret: secret, student: id)
      let page = try sheet.page(for: student(id, "A student")).markdown
      var given: [String: [[Double]]] = [:]
      for line in page.split(separator: "\n") where line.hasPrefix("$$") && line.contains("bmatrix") {
        let name = line.dropFirst(2).prefix { $0 != " " }.filter { $0 != "_" }
        let body = line.replacing("\\end{bmatrix}$$", with: "").split(separator: "{bmatrix}").last ?? ""
        given[String(name)] = body.replacing("\\\\", with: ";").split(separator: ";").map { row in
          row.split(separator: "&").compactMap { Double($0.filter { $0 != " " }) }
        }
      }
      func times(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        a.map { row in b[0].indices.map { j in row.indices.reduce(0) { $0 + row[$1] * b[$1][j] } } }
      }
      let (X, Y) = (try #require(given["X"]), try #require(given["Y"]))
      let (W1, W2) = (try #require(given["W1"]), try #require(given["W2"]))
      let (b1, b2) = (try #require(given["b1"]), try #require(given["b2"]))
      let Z1 = times(X, W1).map { zip($0, b1[0]).map { $0 + $1 } }
      let Z2 = times(Z1.map { $0.map { max(0, $0) } }, W2).map { zip($0, b2[0]).map { $0 + $1 } }
      let S = Z2.map { row in row.map { exp($0) / row.reduce(0) { $0 + exp($1) } } }
      let dZ2 = zip(S, Y).map { zip($0, $1).map { ($0 - $1) / Double(Y.count) } }
      func right(_ number: Int) throws -> [Double] {
        try #require(sheet.questions[number - 1].right).elements
      }
      for (number, value) in [(2, Z1), (4, Z2), (5, S), (7, dZ2)] {
        for (a, b) in zip(try right(number), value.flatMap { $0 }) { #expect(abs(a - b) < 1e-12) }
      }
      // A hand-out holds no answer, and nothing that the numbers were drawn from.
      for value in S.flatMap({ $0 }) { #expect(!page.contains(SolutionText.of(value))) }
      #expect(!page.contains("seed") && !page.contains("stepgrad>"))
    }
  }

  @Test func shippedAssignmentsAreWhole() throws {
    #expect(shipped.count == 3)
    for path in shipped {
      let text = AssignmentText(try FileAccess.read(path))
      #expect(text.faults.isEmpty, "\(path): \(text.faults)")
      let sheet = try Sheet.draw(text, secret: secret, student: "ada")
      #expect(sheet.questions.flatMap(\.faults).isEmpty, "\(path): \(sheet.questions.flatMap(\.faults))")
      // The right answers get all points.
      var answers = Answers()
      for question in sheet.questions {
        let exercise = question.exercise
        answers.given[question.number] = .text(
          question.right.map { exercise.kind == .equation ? exercise.answer : SessionScript.literal($0) }
            ?? question.shape.map { "\($0)" }
            ?? (exercise.kind == .order ? LettersOf(exercise).right : exercise.answer))
      }
      if let J = sheet.questions.first(where: { $0.right?.rank == 3 }), let right = J.right {
        answers.given[J.number] = .cells(
          stride(from: 0, to: right.count, by: right.shape.columns).map { start in
            right.elements[start..<start + right.shape.columns].map { "\($0)" }
          })
      }
      let marks = Marking.marks(of: answers, on: sheet)
      for (question, mark) in zip(sheet.questions, marks) {
        #expect(mark.points == question.worth.points, "\(path), question \(question.number): \(mark)")
      }
      // A derivation that is remembered is the one that would be made.
      var memory = Solution.Memory()
      _ = try Sheet.draw(text, secret: secret, student: "bob").key(for: student("bob", "Bob"), &memory)
      var fresh = Solution.Memory()
      let ada = try student("ada", "Ada Lovelace")
      let key = try sheet.key(for: ada, &memory).html
      let again = try sheet.key(for: ada, &fresh).html
      #expect(key == again)
      #expect(!key.contains("Lovelace"))
    }
  }

  @Test(arguments: [
    ("```draw\nm = 2\n```", "nothing to draw"), ("```draw\nX = m×n integers 1..2\n```", "no shape"),
    ("```draw\nm, n = 1..1, different\n```", "there is no"), ("```draw\nno knots\n```", "no condition"),
    ("```draw\nm = 1..5\nm = 2..3\n```", "drawn twice"), ("```draw\nm = 1..5", "not closed"),
    ("The number {seed}.", "would stand on the page"),
    ("```exercise\nWhat?\nkind: value\nanswer: 1 + 1\npoints: many\n```", "points"),
    ("```exercise\nWhat?\nkind: predict\nanswer: bigger\nbecause: 1\n```", "prediction"),
  ])
  func faultsAreNamed(_ body: String, _ words: String) {
    let faults = AssignmentText("# Title\n\n" + body + "\n").faults
    #expect(faults.contains { $0.message.contains(words) }, "\(faults)")
  }

  @Test func namesAreEscapedInEveryForm() throws {
    let name = "<script>alert(1)</script> & \\textbf{x} $y$ `z` \u{1B}[31m\u{202E}"
    let page = try AnswerTableTests.sheet().page(for: student("a\"b<c>", name))
    #expect(!page.html.contains("<script>alert") && page.html.contains("&lt;script&gt;alert(1)"))
    #expect(page.html.contains("data-student=\"a&quot;b&lt;c&gt;\""))
    #expect(page.latex.contains("\\textbackslash{}textbf\\{x\\} \\$y\\$"))
    #expect(page.markdown.contains("\\<script\\>alert(1)") && page.markdown.contains("\\`z\\`"))
    for text in [page.html, page.latex, page.markdown] {
      #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }
  }
}

/// As pages print a number.
private enum SolutionText {
  static func of(_ x: Double) -> String {
    let digits = "\(Int(clamping: (abs(x) * 10_000).rounded()) + 10_000)".dropFirst()
    return "0." + digits
  }
}
