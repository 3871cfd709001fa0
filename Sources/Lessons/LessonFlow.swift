import Sessions

/// A command that steers a lesson. It is not itself taken back by `undo`, and no lesson may run it.
protocol LessonFlow: TimeTravel {}
