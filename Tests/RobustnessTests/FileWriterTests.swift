import Platform
import Testing

@Suite struct FileWriterTests {
  private func text(_ path: String) -> String {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<max(0, read(file, &bytes, bytes.count))], as: UTF8.self)
  }

  private func permissions(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func aFileIsReplacedAndKeepsItsPermissions() throws {
    let file = try TemporaryText("old")
    chmod(file.path, 0o640)
    try FileWriter.write(Array("new".utf8), to: file.path)
    #expect(text(file.path) == "new" && permissions(file.path) == 0o640)
  }

  @Test func aSymbolicLinkIsWrittenThroughOnlyKnowingly() throws {
    let file = try TemporaryText("old")
    let link = file.path + ".link"
    symlink(file.path, link)
    defer { unlink(link) }
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write(Array("new".utf8), to: link) }
    #expect(text(file.path) == "old")
    try FileWriter.write(Array("new".utf8), to: link, links: .followed)
    var status = stat()
    #expect(text(file.path) == "new" && lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func whatCannotBeWrittenLeavesTheOldFile() throws {
    let file = try TemporaryText("old")
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(1), &limit)
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/proc/version") }
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/nonexistent/x") }
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/tmp") }
    #expect(text(file.path) == "old")
  }

  @Test func whatIsNoFileIsWrittenToAsItIs() throws {
    try FileWriter.write(Array("x".utf8), to: "/dev/null")
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write(Array("x".utf8), to: "/dev/full") }
  }
}
