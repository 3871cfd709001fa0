import Platform

/// What a list of all lessons says of one, found without reading the rest of its page.
package struct LessonOutline: Equatable {
  package let title: String
  package let exercises: Int

  package init(_ text: String) {
    (title, exercises) = ("\n" + text).withCString { start in
      var count = 0
      var next = strstr(start, "\n```exercise")
      while let found = next {
        count += 1
        next = strstr(found + 1, "\n```exercise")
      }
      guard let heading = strstr(start, "\n# ") else { return ("", count) }
      let line = UnsafeRawBufferPointer(start: heading + 3, count: strcspn(heading + 3, "\n"))
      return (LessonParser.safe(String(decoding: line, as: UTF8.self)), count)
    }
  }
}
