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

  @Test func aLinkToWhatIsNotThereYetStaysALink() throws {
    let file = try TemporaryText("")
    let (link, other) = (file.path + ".link", file.path + ".other")
    unlink(file.path)
    let name = file.path.split(separator: "/").last.map(String.init) ?? ""
    symlink(name, link)
    defer {
      unlink(link)
      unlink(other)
    }
    try FileWriter.write(Array("new".utf8), to: link, links: .followed)
    var status = stat()
    #expect(text(file.path) == "new" && lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    symlink(other, other)
    #expect(throws: FileWriter.Failure.self) {
      try FileWriter.write(Array("new".utf8), to: other, links: .followed)
    }
    #expect(lstat(other, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func whatCannotBeWrittenLeavesTheOldFile() throws {
    let file = try TemporaryText("old")
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/proc/version") }
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/nonexistent/x") }
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write([1], to: "/tmp") }
    #expect(text(file.path) == "old")
  }

  @Test func whatIsNoFileIsWrittenToAsItIs() throws {
    try FileWriter.write(Array("x".utf8), to: "/dev/null")
    #expect(throws: FileWriter.Failure.self) { try FileWriter.write(Array("x".utf8), to: "/dev/full") }
  }

  @Test func aPipeThatNobodyReadsIsLeft() throws {
    let folder = try TemporaryText("")
    let pipe = folder.path + ".pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    var asked = 0
    #expect(throws: FileWriter.Failure.self) {
      try FileWriter.write([UInt8](repeating: 65, count: 1 << 20), to: pipe) {
        asked += 1
        return asked == 3
      }
    }
    #expect(asked == 3)
  }

  /// As a session that was stopped while it wrote holds it.
  @Test func aLockIsWaitedForUntilInterrupted() throws {
    let file = try TemporaryText("old")
    let slash = try #require(file.path.lastIndex(of: "/"))
    let beside = "\(file.path[...slash]).\(file.path[slash...].dropFirst()).stepgrad"
    let held = open(beside, O_WRONLY | O_CREAT, 0o600)
    defer {
      close(held)
      unlink(beside)
    }
    #expect(flock(held, LOCK_EX) == 0)
    #expect(throws: FileWriter.Failure.self) {
      try FileWriter.write(Array("new".utf8), to: file.path, isInterrupted: { true })
    }
    #expect(text(file.path) == "old")
    flock(held, LOCK_UN)
    try FileWriter.write(Array("new".utf8), to: file.path)
    #expect(text(file.path) == "new")
  }
}
