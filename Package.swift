// swift-tools-version: 6.0
import PackageDescription

// One direction: every target imports only targets listed above it. Each names all that it imports, not only the
// nearest: what is not named does not cause a rebuild, and a stale object reads its values at the wrong places.
let strict: [SwiftSetting] = [
  .unsafeFlags(["-warnings-as-errors"])
]
let optimized: [SwiftSetting] = strict

let package = Package(
  name: "stepgrad",
  products: [
    .executable(name: "stepgrad", targets: ["stepgrad"]),
    .executable(name: "stepgrad-benchmarks", targets: ["stepgrad-benchmarks"]),
  ],
  targets: [
    .systemLibrary(name: "CEditline", providers: [.apt(["libedit-dev"])]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "LinearAlgebra", dependencies: ["CKernels"], swiftSettings: optimized),
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
      name: "stepgrad-benchmarks", dependencies: ["Rendering"], swiftSettings: strict),
    .target(name: "TestSupport", dependencies: ["NeuralNetworks"], path: "Tests/TestSupport"),
    .testTarget(name: "FormulasTests", dependencies: ["Formulas", "TestSupport"]),
    .testTarget(name: "DifferentiationTests", dependencies: ["NeuralNetworks", "TestSupport"]),
    .testTarget(name: "CommandsTests", dependencies: ["Rendering", "TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .executableTarget(
      name: "LineEditorProbe", dependencies: ["LineEditing"], path: "Tests/LineEditorProbe",
      swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["stepgrad", "LineEditorProbe", "LineEditing", "Commands"]),
    .testTarget(name: "RenderingTests", dependencies: ["Rendering"]),
    .testTarget(name: "DataSetsTests", dependencies: ["DataSets"]),
    .testTarget(name: "ExplanationsTests", dependencies: ["Rendering"]),
    .testTarget(name: "DerivationTests", dependencies: ["Rendering"]),
    .testTarget(
      name: "DataCommandTests",
      dependencies: [
        "Rendering", "Commands", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Formulas",
        "LinearAlgebra",
      ]),
    .testTarget(
      name: "ConvolutionModelTests",
      dependencies: [
        "Rendering", "Commands", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Formulas",
        "LinearAlgebra",
      ]),
    .testTarget(
      name: "LessonTests",
      dependencies: [
        "Rendering", "Commands", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Formulas",
        "LinearAlgebra",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
