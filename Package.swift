// swift-tools-version: 6.0
import PackageDescription

// One direction: every target imports only targets listed above it. Each names all that it imports, not only the
// nearest: what is not named does not cause a rebuild, and a stale object reads its values at the wrong places.
let strict: [SwiftSetting] = [
  // Every file sees CheckedNumbers, whatever else it imports: with it `Int(x)` of a Double does not compile.
  .unsafeFlags(["-warnings-as-errors", "-Xfrontend", "-import-module", "-Xfrontend", "CheckedNumbers"])
]
/// What computes is optimised in debug builds too: the tests play every model and lesson through it. In batches of files,
/// on all cores: as a whole module it would be compiled on one, and in two batches, the driver's choice for two cores, half
/// as long again.
let computing: [SwiftSetting] =
  strict + [
    .unsafeFlags(["-driver-batch-count", "8"]),
    .unsafeFlags(["-O"], .when(configuration: .debug)),
    .unsafeFlags(["-no-whole-module-optimization", "-enable-batch-mode"], .when(configuration: .release)),
  ]
/// What reads commands and writes text takes three times as long to build with optimisation, and nobody waits for it.
let talking: [SwiftSetting] =
  strict + [
    .unsafeFlags(
      ["-Onone", "-no-whole-module-optimization", "-enable-batch-mode"], .when(configuration: .release))
  ]
/// What a test may import. Listed in full: a target that imports what it does not list is not rebuilt when the layout
/// of a struct below it changes.
let everything: [Target.Dependency] = [
  "Assignments", "Rendering", "Lessons", "Commands", "Exports", "Sessions", "Reports", "Explanations",
  "DataSets", "NeuralNetworks", "Plans",
  "Differentiation", "Operations", "Formulas", "LinearAlgebra", "Platform",
]

let package = Package(
  name: "stepgrad",
  products: [
    .executable(name: "stepgrad", targets: ["stepgrad"]),
    .executable(name: "stepgrad-benchmarks", targets: ["stepgrad-benchmarks"]),
  ],
  targets: [
    .target(name: "CheckedNumbers", swiftSettings: [.unsafeFlags(["-warnings-as-errors"])]),
    .target(name: "Platform", swiftSettings: strict),
    .systemLibrary(name: "CEditline", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "CDataSets"),
    .target(name: "LinearAlgebra", dependencies: ["CKernels", "Platform"], swiftSettings: computing),
    .target(name: "Formulas", dependencies: ["LinearAlgebra", "Platform"], swiftSettings: computing),
    .target(
      name: "Operations", dependencies: ["Formulas", "LinearAlgebra", "Platform"], swiftSettings: computing),
    .target(
      name: "Differentiation", dependencies: ["Operations", "Formulas", "LinearAlgebra", "Platform"],
      swiftSettings: computing),
    .target(
      name: "Plans", dependencies: ["Operations", "Formulas", "LinearAlgebra", "Platform"],
      swiftSettings: computing),
    .target(
      name: "NeuralNetworks",
      dependencies: ["Plans", "Differentiation", "Operations", "Formulas", "LinearAlgebra", "Platform"],
      swiftSettings: computing),
    .target(
      name: "DataSets", dependencies: ["LinearAlgebra", "CDataSets", "CZlib", "Platform"],
      swiftSettings: computing),
    .target(
      name: "Explanations",
      dependencies: [
        "NeuralNetworks", "Differentiation", "Operations", "Formulas", "LinearAlgebra", "Platform",
      ],
      swiftSettings: talking),
    .target(
      name: "Reports", dependencies: ["Operations", "Formulas", "LinearAlgebra", "Platform"],
      swiftSettings: computing),
    .target(
      name: "Sessions",
      dependencies: [
        "Reports", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Operations", "Formulas",
        "LinearAlgebra", "Platform",
      ], swiftSettings: talking),
    .target(
      name: "Exports",
      dependencies: [
        "Sessions", "Reports", "Explanations", "DataSets", "NeuralNetworks", "Differentiation", "Operations",
        "Formulas", "LinearAlgebra", "Platform",
      ], swiftSettings: talking),
    .target(
      name: "Commands",
      dependencies: [
        "Exports", "Sessions", "Reports", "Explanations", "DataSets", "NeuralNetworks", "Differentiation",
        "Operations",
        "Formulas",
        "LinearAlgebra", "Platform",
      ], swiftSettings: talking),
    .target(
      name: "Lessons",
      dependencies: [
        "Commands", "Sessions", "Reports", "Explanations", "NeuralNetworks", "Operations", "Formulas",
        "LinearAlgebra", "Platform",
      ], swiftSettings: talking),
    .target(
      name: "Rendering", dependencies: ["Reports", "Operations", "Formulas", "LinearAlgebra", "Platform"],
      swiftSettings: computing),
    .target(
      name: "Assignments",
      dependencies: [
        "Rendering", "Lessons", "Commands", "Exports", "Sessions", "Reports", "Explanations", "DataSets",
        "NeuralNetworks", "Plans", "Differentiation", "Operations", "Formulas", "LinearAlgebra", "CKernels",
        "Platform",
      ], swiftSettings: talking),
    .target(
      name: "LineEditing", dependencies: ["CEditline", "CKernels", "Platform"], swiftSettings: talking),
    .executableTarget(
      name: "stepgrad",
      dependencies: [
        "Assignments", "Rendering", "LineEditing", "Lessons", "Commands", "Exports", "Sessions", "Reports",
        "NeuralNetworks",
        "Operations", "Formulas", "LinearAlgebra", "Platform",
      ],
      swiftSettings: talking,
      // A tenth of the start-up is looking up the symbols of Swift's libraries, if they are not part of the program.
      linkerSettings: [
        .unsafeFlags(
          ["-static-stdlib", "-Xclang-linker", "-no-pie"], .when(platforms: [.linux], configuration: .release)
        )
      ]),
    .executableTarget(
      name: "stepgrad-benchmarks", dependencies: everything, swiftSettings: talking),
    .target(
      name: "TestSupport",
      dependencies: [
        "NeuralNetworks", "Differentiation", "Operations", "Formulas", "LinearAlgebra", "Platform",
      ],
      path: "Tests/TestSupport"),
    .testTarget(name: "FormulasTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "OperationsTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "DifferentiationTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "CommandsTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "CheckTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "CKernels", "Platform"]),
    .executableTarget(
      name: "LineEditorProbe", dependencies: ["LineEditing", "LinearAlgebra", "Platform"],
      path: "Tests/LineEditorProbe",
      swiftSettings: strict),
    .testTarget(
      name: "TerminalTests",
      dependencies: everything + ["stepgrad", "LineEditorProbe", "LineEditing", "TestSupport"]),
    .testTarget(name: "RenderingTests", dependencies: everything + ["Fuzzing"]),
    .testTarget(
      name: "DataSetsTests", dependencies: ["DataSets", "LinearAlgebra", "Platform", "TestSupport"]),
    .testTarget(name: "ExplanationsTests", dependencies: everything),
    .testTarget(name: "DerivationTests", dependencies: everything + ["TestSupport"]),
    .testTarget(
      name: "DataCommandTests",
      dependencies: everything + ["TestSupport"]),
    .testTarget(
      name: "ConvolutionModelTests",
      dependencies: everything),
    .testTarget(name: "BorderTests", dependencies: everything + ["TestSupport"]),
    .testTarget(
      name: "ReviewTests", dependencies: everything + ["TestSupport"], exclude: ["Programs"]),
    .testTarget(name: "ExportTests", dependencies: everything + ["TestSupport"]),
    .target(
      name: "Fuzzing", dependencies: everything + ["TestSupport"], path: "Tests/Fuzzing",
      swiftSettings: strict),
    .executableTarget(
      name: "stepgrad-fuzz", dependencies: ["Fuzzing", "LinearAlgebra", "Platform"], path: "Tests/FuzzDriver",
      swiftSettings: strict),
    .testTarget(
      name: "RobustnessTests",
      dependencies: everything + ["Fuzzing", "LineEditing", "stepgrad", "TestSupport"]),
    .testTarget(name: "AssignmentTests", dependencies: everything + ["TestSupport"]),
    .testTarget(name: "PracticeTests", dependencies: everything),
    .testTarget(
      name: "LessonTests",
      dependencies: everything + ["TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.swiftSettings != nil && target.name != "CheckedNumbers" {
  target.dependencies.append("CheckedNumbers")
}
for target in package.targets where target.type == .test { target.dependencies.append("CheckedNumbers") }

// The sanitizers need a build of their own, of as little as they look at.
if let only = Context.environment["STEPGRAD_TESTS"]?.split(separator: ",") {
  package.targets.removeAll { target in target.type == .test && !only.contains { $0 == target.name } }
}
