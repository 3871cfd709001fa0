import Formulas
import Sessions

/// The lessons of the lesson folders. `10-softmax-jacobian.md` is called softmax-jacobian, and 10.
package enum LessonLibrary {
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let number: Int?
    package let path: String
  }

  /// In the order of their numbers; of two with one name the one of the earlier folder.
  package static func all(_ directories: [String]) -> [Entry] {
    var seen: Set<String> = []
    var result: [Entry] = []
    for directory in directories {
      for file in FileAccess.list(directory) where file.hasSuffix(".md") && file != "README.md" {
        let name = name(of: file)
        guard seen.insert(name).inserted else { continue }
        result.append(
          Entry(
            name: name, number: Int(file.prefix { $0.isASCII && $0.isNumber }), path: directory + "/" + file))
      }
    }
    return result.sorted { ($0.number ?? .max, $0.name) < ($1.number ?? .max, $1.name) }
  }

  /// A file's name without folder, number and ending.
  package static func name(of path: String) -> String {
    var name = path[...]
    if let slash = name.lastIndex(of: "/") { name = name[name.index(after: slash)...] }
    if name.hasSuffix(".md") { name = name.dropLast(3) }
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, name.dropFirst(digits.count).hasPrefix("-"), name.count > digits.count + 1 {
      name = name.dropFirst(digits.count + 1)
    }
    return LessonParser.safe(String(name))
  }

  static func find(_ name: String, in directories: [String], at range: Range<Int>) throws(Diagnostic) -> Entry
  {
    let all = all(directories)
    let word = self.name(of: name)
    if let found = all.first(where: { $0.name == word || ($0.number != nil && $0.number == Int(name)) }) {
      return found
    }
    let matches = all.filter { $0.name.hasPrefix(word) }
    if let only = matches.first, matches.count == 1 { return only }
    let guess = Suggestions.nearest(to: word, in: all.map(\.name))
    throw Diagnostic(
      "there is no lesson '\(name.prefix(60))'", at: [range],
      hint: guess.map { "did you mean \($0)?" }
        ?? (all.isEmpty
          ? "no lessons were found; 'stepgrad --lessons DIR' says where they are; a file has a '/' or an ending"
          : "'lessons' lists them; a file has a '/' or an ending: load ./\(name.prefix(40))"))
  }
}
