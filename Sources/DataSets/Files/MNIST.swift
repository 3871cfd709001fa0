import LinearAlgebra
import Platform

/// A directory with MNIST's four IDX files, plain or gzip, under either of the usual spellings
/// (`train-images-idx3-ubyte`, `train-images.idx3-ubyte`). Fashion-MNIST and KMNIST come under the same names.
enum MNIST {
  static let attribution =
    "Y. LeCun, C. Cortes, C. J. C. Burges, \"The MNIST database of handwritten digits\" (if the directory holds MNIST)"

  static func dataSet(directory: String, classes: Int) throws(DataError) -> DataSet {
    func open(_ part: String, _ rank: Int) throws(DataError) -> IDXFile {
      let names = ["\(part)-idx\(rank)-ubyte", "\(part).idx\(rank)-ubyte"]
      for name in names.flatMap({ [$0, $0 + ".gz"] }) {
        let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
        if access(InputFile.expandingHome(path), F_OK) == 0 { return try IDXFile(path) }
      }
      throw DataError(
        "there is no \(names[0]) (or .gz) in it", path: directory,
        hint:
          "the directory needs train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
          + "t10k-labels-idx1-ubyte, each plain or as .gz")
    }
    return try IDXFile.dataSet(
      name: "mnist", description: "handwritten digits in IDX files; the test part is t10k",
      attribution: attribution,
      training: (open("train-images", 3), open("train-labels", 1)),
      test: (open("t10k-images", 3), open("t10k-labels", 1)), classes: classes)
  }
}
