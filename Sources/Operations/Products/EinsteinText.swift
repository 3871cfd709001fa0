import Formulas

/// `ij,jk->ik` as it is typed: what is wrong with the letters alone is known before there are any values.
struct EinsteinText {
  /// The letters of one value, and before which of them three points stand.
  struct Part {
    let text: String
    let letters: [Character]
    let points: Int?

    /// With letters for the axes behind the three points.
    func letters(for hidden: ArraySlice<Character>) -> [Character] {
      guard let points else { return letters }
      return Array(letters[..<points]) + hidden.reversed() + letters[points...]
    }
  }

  struct Fault: Error {
    let message: Prose
    /// Where in the text, counted in characters.
    let place: Range<Int>
  }

  let operands: [Part]
  /// Nil where none is typed.
  let result: Part?

  var letters: Set<Character> { Set(operands.flatMap(\.letters) + (result?.letters ?? [])) }

  init(_ text: String, operands count: Int) throws(Diagnostic) {
    do throws(Fault) { self = try EinsteinText(reading: text, operands: count) } catch {
      throw Self.diagnostic(error.message)
    }
  }

  init(reading text: String, operands count: Int) throws(Fault) {
    let all = Array(text)
    let minus = all.firstIndex(of: "-") ?? all.count
    guard minus == all.count || all.indices.contains(minus + 1) && all[minus + 1] == ">" else {
      throw Fault(message: "the result stands behind ->", place: minus..<minus + 1)
    }
    var operands: [Part] = []
    var start = 0
    for at in 0...minus where at == minus || all[at] == "," {
      operands.append(try Self.part(all, start..<at).part)
      start = at + 1
    }
    guard operands.count == count else {
      throw Fault(
        message:
          "'\(text)' has letters for \(operands.count) value\(operands.count == 1 ? "" : "s"), and there \(count == 1 ? "is" : "are") \(count)",
        place: 0..<all.count)
    }
    self.operands = operands
    guard minus < all.count else {
      result = nil
      return
    }
    let (result, places) = try Self.part(all, minus + 2..<all.count)
    for (i, letter) in result.letters.enumerated() {
      let place = places[i]..<places[i] + 1
      guard operands.contains(where: { $0.letters.contains(letter) }) else {
        throw Fault(message: "the letter '\(letter)' of the result stands in no value", place: place)
      }
      guard !result.letters[..<i].contains(letter) else {
        throw Fault(message: "the letter '\(letter)' stands twice in the result", place: place)
      }
    }
    self.result = result
  }

  private static func part(_ all: [Character], _ range: Range<Int>) throws(Fault) -> (
    part: Part, places: [Int]
  ) {
    var (letters, places) = ([Character](), [Int]())
    var points: Int?
    var at = range.lowerBound
    while at < range.upperBound {
      let isPoints = all[at..<min(at + 3, range.upperBound)] == ["." as Character, ".", "."]
      if isPoints || all[at] == "…" {
        let place = at..<at + (isPoints ? 3 : 1)
        guard points == nil else { throw Fault(message: "three points stand here twice", place: place) }
        points = letters.count
        at = place.upperBound
        continue
      }
      if all[at] != " " {
        guard all[at].isASCII, all[at].isLetter else {
          throw Fault(message: "'\(all[at])' is no letter", place: at..<at + 1)
        }
        letters.append(all[at])
        places.append(at)
      }
      at += 1
    }
    let text = String(all[range].filter { $0 != " " })
    return (Part(text: text, letters: letters, points: points), places)
  }

  static func diagnostic(_ message: Prose) -> Diagnostic {
    Diagnostic(
      "einsum: \(message)", hint: "einsum(\"ij,jk->ik\", A, B) is A @ B: a letter for every axis")
  }
}
