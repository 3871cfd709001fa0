/// Lines that belong together: a matrix with its title, a paragraph, a command with what it prints first.
package struct Piece: Sendable, Equatable {
  package var lines: [String]
  /// What follows belongs to it: a heading, a command.
  package var leads = false
}

/// Output cut to the window, between two pieces where that leaves no page nearly empty.
package enum Pages {
  /// The lines of the next page, and what is left for the ones after it.
  /// - Parameter room: lines that are free, at least one.
  package static func next(_ pieces: [Piece], room: Int, height: Int) -> (page: [String], rest: [Piece]) {
    let room = max(1, room)
    var count = pieces.reduce(0) { $0 + $1.lines.count }
    if count <= room { return (pieces.flatMap(\.lines), []) }
    // The last place where a piece begins that nothing leads to.
    var cut: Int?
    count = 0
    for (index, piece) in pieces.enumerated() {
      let isFree = index > 0 && !pieces[index - 1].leads && !piece.isBlank
      if isFree, count <= room { cut = index }
      count += piece.lines.count
      if count > room { break }
    }
    if let cut {
      let page = pieces[..<cut].flatMap(\.lines)
      // A piece that is longer than any window is cut wherever that is.
      let next = pieces[cut].lines.count
      if page.count >= room / 3 || (next <= height && room < height) { return (page, Array(pieces[cut...])) }
    }
    var page: [String] = []
    var rest = pieces[...]
    while var piece = rest.popFirst() {
      let free = room - page.count
      page += piece.lines.prefix(free)
      if piece.lines.count > free {
        piece.lines.removeFirst(free)
        return (page, [piece] + rest)
      }
    }
    return (page, [])
  }
}

extension Piece {
  fileprivate var isBlank: Bool { lines.allSatisfy(\.isEmpty) }
}
