import Sessions

extension CommandTable {
  /// The commands of this target; those above it add their own.
  package static let standard = CommandTable(
    commands: [
      ForwardCommand.self,
      BackwardCommand.self,
      StepCommand.self,
      BackCommand.self,
      UntilCommand.self,
      RestartCommand.self,
      ShowCommand.self,
      TraceCommand.self,
      ShapesCommand.self,
      InfoCommand.self,
      NotationCommand.self,
      JacobianCommand.self,
      CompareCommand.self,
      GradcheckCommand.self,
      FusedCommand.self,
      NetCommand.self,
      EquationsCommand.self,
      ModelCommand.self,
      ParamCommand.self,
      SetCommand.self,
      SamplesCommand.self,
      LetCommand.self,
      WhyCommand.self,
      UpdateCommand.self,
      LossCommand.self,
      AccuracyCommand.self,
      LoadCommand.self,
      SaveCommand.self,
      ExportCommand.self,
      UndoCommand.self,
      RedoCommand.self,
      ResetCommand.self,
      HistoryCommand.self,
      PrecisionCommand.self,
      HeatCommand.self,
      LimitCommand.self,
      HelpCommand.self,
      QuitCommand.self,
      DeriveCommand.self,
      CheckCommand.self,
      PlotCommand.self,
      CostCommand.self,
      BenchCommand.self,
      DataCommand.self,
      BatchCommand.self,
      ShuffleCommand.self,
      TrainCommand.self,
      BLASCommand.self,
    ], formula: ExpressionCommand.self)
}

extension Workspace {
  package init(session: Session = .initial) { self.init(session: session, commands: .standard) }
}
