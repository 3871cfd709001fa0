import Platform

enum OutputFile {
  static func save(_ bytes: [UInt8], to path: String) throws(DataError) {
    do { try FileWriter.write(bytes, to: path) } catch {
      throw DataError("cannot write it: \(error.message)", path: path)
    }
  }
}
