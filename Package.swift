// swift-tools-version: 6.0
import PackageDescription

// One direction: every target imports only targets listed above it. Each names all that it imports, not only the
// nearest: what is not named does not cause a rebuild, and a stale object reads its values at the wrong places.
let strict: [SwiftSetting] = [
  .unsafeFlags(["-warnings-as-errors"])
]
/// What a test may import. Listed in full: a target that imports what it does not list is not rebuilt when the layout
/// of a struct below it changes.
let everything: [Target.Dependency] = [
  "Rendering", "Commands", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Formulas",
  "LinearAlgebra",
]

let package = Package(
  name: "stepgrad",
  products: [
    .executable(name: "stepgrad", targets: ["stepgrad"]),
    .executable(name: "stepgrad-benchmarks", targets: ["stepgrad-benchmarks"]),
  ],
  targets: [
    .systemLibrary(name: "CEditline", providers: [.apt(["libedit-dev"])]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "LinearAlgebra", dependencies: ["CKernels"], swiftSettings: strict),
    .target(name: "Formulas", dependencies: ["LinearAlgebra"], swiftSettings: strict),
    .target(
      name: "Differentiation", dependencies: ["Formulas", "LinearAlgebra"], swiftSettings: strict),
    .target(
      name: "NeuralNetworks", dependencies: ["Differentiation", "Formulas", "LinearAlgebra"],
      swiftSettings: strict),
    .target(name: "CDataSets"),
    .target(
      name: "DataSets", dependencies: ["LinearAlgebra", "CDataSets"], swiftSettings: strict),
    .target(
      name: "Explanations",
      dependencies: ["NeuralNetworks", "Differentiation", "Formulas", "LinearAlgebra"],
      swiftSettings: strict),
    .target(
      name: "Commands",
      dependencies: [
        "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Formulas", "LinearAlgebra",
      ], swiftSettings: strict),
    .target(
      name: "Rendering", dependencies: ["Commands", "Formulas", "LinearAlgebra"],
      swiftSettings: strict),
    .target(
      name: "LineEditing", dependencies: ["LinearAlgebra", "CEditline"], swiftSettings: strict),
    .executableTarget(
      name: "stepgrad",
      dependencies: ["Rendering", "LineEditing", "Commands", "Formulas", "LinearAlgebra"],
      swiftSettings: strict),
    .executableTarget(
      name: "stepgrad-benchmarks", dependencies: everything, swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["NeuralNetworks", "Differentiation", "Formulas", "LinearAlgebra"],
      path: "Tests/TestSupport"),
    .testTarget(name: "FormulasTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "DifferentiationTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "CommandsTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "CheckTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .executableTarget(
      name: "LineEditorProbe", dependencies: ["LineEditing"], path: "Tests/LineEditorProbe",
      swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["stepgrad", "LineEditorProbe", "LineEditing", "Commands"]),
    .testTarget(name: "RenderingTests", dependencies: everything),
    .testTarget(name: "DataSetsTests", dependencies: ["DataSets"]),
    .testTarget(name: "ExplanationsTests", dependencies: everything),
    .testTarget(name: "DerivationTests", dependencies: everything),
    .testTarget(
      name: "DataCommandTests",
      dependencies: everything),
    .testTarget(
      name: "ConvolutionModelTests",
      dependencies: everything),
    .testTarget(name: "PracticeTests", dependencies: everything),
    .testTarget(
      name: "LessonTests",
      dependencies: everything),
  ],
  swiftLanguageModes: [.v6]
)
