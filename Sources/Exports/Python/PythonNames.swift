import Formulas

/// What the names of a session are called in a script.
package struct PythonNames {
  private(set) var names: [String: String] = [:]
  private var taken: Set<String>

  package init(_ names: [String], reserved: Set<String>) {
    taken = reserved
    // Those that stay as they are come first, so that none of them is renamed for another's sake.
    for name in names where self.names[name] == nil && Self.plain(name) == name && !taken.contains(name) {
      self.names[name] = name
      taken.insert(name)
    }
    for name in names where self.names[name] == nil { self.names[name] = unused(Self.plain(name), "_") }
  }

  package subscript(name: String) -> String { names[name] ?? Self.plain(name) }

  var renamed: [(name: String, as: String)] {
    names.filter { $0.key != $0.value }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A name that nothing in the script has yet: `softmax`, `softmax_2`.
  mutating func unused(_ wanted: String, _ ending: String = "") -> String {
    var name = wanted
    var number = 2
    if taken.contains(name), !ending.isEmpty { name += ending }
    while taken.contains(name) {
      name = "\(wanted)_\(number)"
      number += 1
    }
    taken.insert(name)
    return name
  }

  /// Letters that Python takes as they are; it reads others as some other letter's form.
  private static func plain(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "À"..."Ö", "Ø"..."ö", "ø"..."ÿ", "Α"..."Ω", "α"..."ω":
        result.unicodeScalars.append(scalar)
      case "∂": result += "d"
      default: result += "u" + String(scalar.value, radix: 16)
      }
    }
    return result
  }
}
