import Reports

/// How lessons go, and how one is written.
enum LessonHelp {
  @Sendable static func report() -> Report {
    var report = Report()
    report.explain(
      "'lessons' lists them; 'load softmax-jacobian' (or 'load 10') starts one, 'load ./mine.md' one from a file. Your session is put aside and 'lesson leave' gives it back."
    )
    report.explain(
      "Enter or 'next' shows the next page: its commands run for real. 'back' shows the page before ('lesson back' does so at any time; after 'step' or another command of your own 'back' means the pass). Type any command between two pages: the lesson goes on with its own numbers."
    )
    report.explain(
      "When an exercise is open, a formula or a number is your answer, and every equivalent one counts; numbers by hand need two digits or more. 'hint' helps by degrees, 'reveal' shows the answer, Enter passes by. 'answer NAME = …' works where NAME is a command too."
    )
    report.explain(
      "A lesson is a Markdown file. A fenced block with the word stepgrad holds commands behind '> ' and below each what it prints; '...' alone on a line skips lines, at the end of a line the rest of it; a command that must fail ends in '# fails'. A block with the word exercise holds a question, then lines kind: (value, shape, equation, choice, sign, order, predict or hunt), name: (the step that is asked for), choice: or item:, answer:, because: (a formula that gives it), without: and with: (what it may not and must use), wrong: ANSWER | what is said to it, hint: and right:. The first line fixes <!-- stepgrad: width=80 seed=1 color=never -->."
    )
    report.explain(
      "'stepgrad lesson check FILE…' runs lessons and compares, 'stepgrad lesson record FILE…' writes the outputs in. A check also wants every formula of the prose that has an '=' to be printed or checked by a block of the lesson."
    )
    return report
  }
}
