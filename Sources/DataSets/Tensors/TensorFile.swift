import LinearAlgebra

/// An array from a file.
package struct FileArray: Sendable {
  package let tensor: Tensor
  /// The file holds whole numbers, which may be labels.
  package let isWhole: Bool
}

/// A file of arrays: npy, npz, safetensors, csv, known by its ending or its first bytes.
package enum TensorFile {
  case one(FileArray)
  case npz(NPZ)
  case safetensors(Safetensors)
  case table(CSVTable)

  package init(_ path: String) throws(DataError) {
    let start = try InputFile(path).beginning
    if start.starts(with: NPYHeader.magic) {
      self = .one(try NPY.read(path).fileArray)
    } else if start.starts(with: [0x50, 0x4B]) {
      let archive = try NPZ(path)
      if archive.others.contains(where: { $0.hasSuffix("/data.pkl") || $0 == "data.pkl" }) {
        throw Self.pickle(path)
      }
      self = .npz(archive)
    } else if path.lowercased().hasSuffix(".safetensors") || start.count > 8 && start[8] == UInt8(ascii: "{")
    {
      self = .safetensors(try Safetensors(path))
    } else if start.starts(with: [0x80]) {
      throw Self.pickle(path)
    } else if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      throw DataError(
        "HDF5 files are not read", path: path, byteOffset: 0,
        hint: "in Python: numpy.savez(\"weights.npz\", **{v.path: v.numpy() for v in model.weights})")
    } else if start.contains(0) || path.lowercased().hasSuffix(".npy") || path.lowercased().hasSuffix(".npz")
    {
      throw DataError(
        "it is none of npy, npz, safetensors and csv", path: path, byteOffset: 0,
        hint: "numpy.save, numpy.savez and safetensors write such files")
    } else {
      self = .table(try CSVTable(path))
    }
  }

  private static func pickle(_ path: String) -> DataError {
    DataError(
      "files of Python's pickle are not read: they are programs", path: path, byteOffset: 0,
      hint: "in Python: safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\")")
  }

  /// In the order of the file; none for a single array.
  package var names: [String] {
    switch self {
    case .one: []
    case .npz(let archive): archive.names
    case .safetensors(let file): file.names
    case .table(let table): table.names
    }
  }

  /// The shape of a named array, as far as it can be known without reading its numbers.
  package func shape(_ name: String) throws(DataError) -> Shape {
    switch self {
    case .one(let array): array.tensor.shape
    case .npz(let archive): try archive.shape(name)
    case .safetensors(let file): try file.shape(name)
    case .table(let table): try table.column(name).tensor.shape
    }
  }

  /// - Parameter name: nil for all there is, where that is one array.
  package func array(_ name: String?, path: String) throws(DataError) -> FileArray {
    guard let name else {
      switch self {
      case .one(let array): return array
      case .table(let table): return try table.all()
      case .npz, .safetensors:
        if names.count == 1 { return try array(names[0], path: path) }
        guard !names.isEmpty else {
          throw DataError(
            "there is no array in it", path: path, hint: "numpy.savez and safetensors write such files")
        }
        throw DataError(
          "which of its arrays? It holds \(DataError.list(names))", path: path,
          hint: names.first.map { "load(\"\(path)\")[\"\($0)\"]" })
      }
    }
    switch self {
    case .one:
      throw DataError("it is one array without a name", path: path, hint: "load(\"\(path)\")")
    case .npz(let archive): return try archive.array(name).fileArray
    case .safetensors(let file): return try file.array(name)
    case .table(let table): return try table.column(name)
    }
  }
}

extension NumPyArray {
  var fileArray: FileArray { FileArray(tensor: tensor, isWhole: type.isWhole) }
}

extension InputFile {
  /// As many bytes as tell one format from another.
  var beginning: [UInt8] {
    get throws(DataError) { try bytes(at: 0, count: Swift.min(size, 64)) }
  }
}

extension DataError {
  static func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }

  static func noArray(_ name: String, in names: [String], path: String) -> DataError {
    DataError(
      "there is no array '\(name.prefix(60))'", path: path,
      hint: names.isEmpty ? "it is empty" : "it holds \(list(names))")
  }
}
