import Sessions

extension CommandTable {
  /// The standard commands, and those of lessons and practice.
  package static let withLessons = standard.adding(
    [
      LearnCommand.self,
      LessonsCommand.self,
      LessonCommand.self,
      NextCommand.self,
      AnswerCommand.self,
      HintCommand.self,
      RevealCommand.self,
      TodayCommand.self,
      PracticeCommand.self,
      HuntCommand.self,
      AccuseCommand.self,
    ], loadables: [LessonFile.self])
}
