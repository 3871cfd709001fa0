extension Sequence {
  /// What is made of the first of these of which something can be made, asked once of each.
  package func firstResult<Result, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Result?
  ) throws(Failure) -> Result? {
    for element in self {
      if let result = try transform(element) { return result }
    }
    return nil
  }
}

// `lazy.compactMap(…).first` finds where the first is, and then makes it again: twice the work, and the end of the process
// where an interruption lets the second come out as nil.
extension LazyMapSequence where Base: Collection {
  @available(*, deprecated, message: "made twice, and a trap where the second is nil: firstResult")
  package var first: Element? {
    for element in self { return element }
    return nil
  }
}

extension LazyFilterSequence where Base: Collection {
  @available(*, deprecated, message: "asked twice: first(where:)")
  package var first: Element? {
    for element in self { return element }
    return nil
  }
}
