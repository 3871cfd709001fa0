/// A derivation as data: what is to be found, and the steps that lead there. A step makes the next line from the one
/// above, and the reason that stands beside it; no line is written here. Names are those of the operation's definition.
package struct Route: Sendable {
  /// The route's name, as one asks for it: "quotient".
  package let name: String
  /// "the derivative of softmax by the quotient rule"
  package let title: String
  package let source: String?
  /// Parts of the definition that go by a name of their own: `T[…] = Σ_n exp(Z[…,n])`.
  package let parts: [String]
  /// The indices that `…` stands for are the same in every line, and not written.
  package let hidesRest: Bool
  package let chains: [Chain]
  /// Said behind the lines.
  package let conclusion: String?

  package init(
    _ name: String, _ title: String, source: String? = nil, parts: [String] = [], hidesRest: Bool = false,
    conclusion: String? = nil, chains: [Chain]
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.parts = parts
    self.hidesRest = hidesRest
    self.chains = chains
    self.conclusion = conclusion
  }

  /// One run of equal lines.
  package struct Chain: Sendable {
    /// `∂S[…,k]/∂Z[…,j]`; a value without an index is read at letters of its own.
    package let left: String
    /// The cases in which it holds: `j ≠ k`.
    package let conditions: [String]
    /// What the targets must be for it to be shown; nil for any.
    package let isForOneHot: Bool?
    /// Each makes one line.
    package let lines: [[Step]]

    package init(
      _ left: String, if conditions: [String] = [], oneHot isForOneHot: Bool? = nil, _ lines: [[Step]]
    ) {
      self.left = left
      self.conditions = conditions
      self.isForOneHot = isForOneHot
      self.lines = lines
    }
  }

  /// Rules of differentiation.
  package struct Rules: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Into sums, past constants.
    package static let linear = Rules(rawValue: 1)
    package static let product = Rules(rawValue: 2)
    package static let quotient = Rules(rawValue: 4)
    /// The chain rule for a function of one number, a power, the larger of two.
    package static let function = Rules(rawValue: 8)
    /// ∂x[p]/∂x[q] = δ(p,q).
    package static let entry = Rules(rawValue: 16)
    /// A part of the definition that goes by a name of its own, by what it stands for.
    package static let part = Rules(rawValue: 32)
    /// Any value by its definition.
    package static let definition = Rules(rawValue: 64)
    package static let all = Rules(rawValue: 63)
  }

  package indirect enum Step: Sendable, Hashable {
    /// Where there is something to do: several samples, a loss that is a mean.
    case maybe(Step)
    /// A value by its definition; inside of derivatives where there are any.
    case definition(String)
    /// ∂L/∂x = Σ ∂L/∂y·∂y/∂x over every entry of y.
    case chainRule(String)
    /// Other samples do not enter: δ of their indices.
    case sameSample
    case rules(Rules)
    /// Every derivative for itself, down to its deltas; the reason is what it comes to.
    case workedOut
    /// ∂u = u·∂log(u)
    case logarithmic
    /// What another derivation has found: 'derive softmax'.
    case known(String, String? = nil)
    /// A sum of derivatives is the derivative of the sum.
    case outOfSum
    /// All x[j] moved by the same number, under this name.
    case moved(String)
    /// (f(x + h) - f(x - h)) / 2h for a derivative, of what is linear in each entry.
    case differences(Double)
    /// What stands before that entry.
    case coefficient

    /// Where a δ ties the index of a sum to another, both go.
    case deltas
    /// A factor that the index of a sum does not touch, before it.
    case pulledOut
    /// The term of one index apart from the others of a sum, and back again.
    case apart(String)
    case together
    case sumsToOne(String)
    /// Y[k] = δ(k,c) where c is the class, and back again.
    case oneHot(String)
    case targets(String)

    /// δ = 1 and δ = 0 apart.
    case byCases
    /// What the lines above have found.
    case above
    /// The two cases above, or those of one line, in one formula.
    case bothCases

    /// `a·b - a·c = a·(b - c)`: the left side, wherever it stands, as the right one; said in these words.
    case identity(String, String? = nil)
    case multipliedOut
    case cancelled
    /// A name, or an operation, for what it stands for.
    case recognised(String)
    /// That line again; 0 is the left side.
    case again(Int)
    /// The gradient as the backward pass writes it, which is the formula at hand in index form.
    case asWritten
    /// The same by its shape alone.
    case byShape

    // What is used in more than one derivation.
    package static let takenOut = identity("a·b - a·c = a·(b - c)", "{a} taken out")
    package static let logarithm = identity("log(exp(a) / b) = a - log(b)")
  }

  /// f′ of a function of each entry alone: its definition, the rules, and what then leads to the slope as it is stated.
  static func slope(of name: String, _ value: String, _ argument: String, _ steps: [[Step]]) -> Route {
    Route(
      "definition", "the derivative of \(name)", hidesRest: true,
      chains: [
        Chain("∂\(value)[…]/∂\(argument)[…]", [[.definition(value)], [.rules(.all)]] + steps)
      ])
  }
}
