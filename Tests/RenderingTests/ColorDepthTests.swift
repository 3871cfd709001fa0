import Testing

@testable import Rendering

@Suite struct ColorDepthTests {
  private func depth(_ choice: ColorDepth.Choice, _ environment: [String: String], terminal: Bool)
    -> ColorDepth
  {
    ColorDepth.detect(choice, environment: { environment[$0] }, isTerminal: terminal)
  }

  @Test func theOrderOfTheSwitches() {
    let force = ["NO_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm"]
    #expect(depth(.always, force, terminal: false) == .sixteen)
    #expect(depth(.never, ["CLICOLOR_FORCE": "1", "TERM": "xterm"], terminal: true) == .none)
    #expect(depth(.auto, force, terminal: true) == .none)
    #expect(depth(.auto, ["NO_COLOR": "", "TERM": "xterm"], terminal: true) == .sixteen)
    #expect(depth(.auto, ["CLICOLOR_FORCE": "1", "TERM": "dumb"], terminal: false) == .sixteen)
    #expect(depth(.auto, ["CLICOLOR_FORCE": "0", "TERM": "xterm"], terminal: false) == .none)
    #expect(depth(.auto, ["TERM": "dumb"], terminal: true) == .none)
    #expect(depth(.auto, [:], terminal: true) == .none)
    #expect(depth(.auto, ["TERM": "xterm"], terminal: false) == .none)
  }

  @Test func howManyColours() {
    #expect(depth(.auto, ["TERM": "xterm-256color"], terminal: true) == .twoFiftySix)
    #expect(depth(.auto, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], terminal: true) == .trueColor)
    #expect(depth(.auto, ["TERM": "linux", "COLORTERM": "24bit"], terminal: true) == .trueColor)
    #expect(depth(.auto, ["TERM": "linux", "COLORTERM": "yes"], terminal: true) == .sixteen)
  }
}
