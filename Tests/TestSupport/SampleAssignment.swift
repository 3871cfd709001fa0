/// A small assignment, that tests make larger.
package enum SampleAssignment {
  /// A product of two numbers of each student's own.
  package static let product = """
    # Twice
    ```draw
    a, b = 11..99, different
    ```
    ```exercise
    What is {a} times {b}?
    kind: value
    answer: {a} * {b}
    ```
    """
}
