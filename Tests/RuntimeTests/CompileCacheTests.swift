import Glibc
import MartletSupport
import Testing

@testable import MartletRuntime

private func key(_ text: String) -> ContentDigest {
  var hasher = ContentHasher()
  hasher.combine(text)
  return hasher.finalize()
}

@Suite struct CompileCacheTests {
  private let scratch = TemporaryDirectory()

  private func content(_ cache: CompileCache, _ key: ContentDigest) -> [UInt8]? {
    cache.load(key).map { $0.withUnsafeBytes { Array($0) } }
  }

  private func entryPath(_ cache: CompileCache, _ key: ContentDigest) -> String {
    "\(cache.directory)/\(key).martlet"
  }

  @Test func keepsWhatIsStored() {
    let cache = CompileCache(directory: scratch.path + "/deep/er")
    #expect(cache.load(key("a")) == nil)
    #expect(cache.store(key("a"), [1, 2, 3]))
    #expect(cache.store(key("empty"), [UInt8]()))
    #expect(content(cache, key("a")) == [1, 2, 3])
    #expect(content(cache, key("empty")) == [])
    #expect(cache.load(key("b")) == nil)
    #expect(cache.store(key("a"), [9]))
    #expect(content(cache, key("a")) == [9])
    #expect(TemporaryDirectory.names(in: cache.directory).count == 2)
  }

  @Test func entriesCutOffAnywhereAreAbsentAndRemoved() throws {
    let cache = CompileCache(directory: scratch.path)
    cache.store(key("a"), Array("the code of a program".utf8))
    let path = entryPath(cache, key("a"))
    let whole = try fileContent(path)
    for length in 0..<whole.count {
      _ = try scratch.write("\(key("a")).martlet", Array(whole[..<length]))
      #expect(cache.load(key("a")) == nil)
      #expect(access(path, F_OK) != 0)
    }
    _ = try scratch.write("\(key("a")).martlet", whole + [0])
    #expect(cache.load(key("a")) == nil)
    _ = try scratch.write("\(key("a")).martlet", whole)
    #expect(cache.load(key("a")) != nil)
  }

  @Test func everyFlippedByteIsNoticed() throws {
    let cache = CompileCache(directory: scratch.path)
    cache.store(key("a"), Array("the code of a program".utf8))
    let whole = try fileContent(entryPath(cache, key("a")))
    for index in whole.indices {
      for bit in 0..<8 {
        var bytes = whole
        bytes[index] ^= 1 << UInt8(bit)
        _ = try scratch.write("\(key("a")).martlet", bytes)
        #expect(cache.load(key("a")) == nil)
      }
    }
  }

  @Test func anotherFormatVersionIsAbsent() {
    let old = CompileCache(directory: scratch.path, formatVersion: 7)
    old.store(key("a"), [1])
    let new = CompileCache(directory: scratch.path, formatVersion: 8)
    #expect(new.load(key("a")) == nil)
    #expect(new.store(key("a"), [2]))
    #expect(content(new, key("a")) == [2])
  }

  @Test func manyWritersAndReadersOfOneKeySeeWholeEntries() {
    let cache = CompileCache(directory: scratch.path)
    let key = key("contended")
    let lock = Lock()
    nonisolated(unsafe) var bad = 0
    onThreads(6) { thread in
      for round in 0..<60 {
        let byte = UInt8(thread * 40 + round % 40)
        cache.store(key, [UInt8](repeating: byte, count: 1000 + Int(byte)))
        guard let entry = cache.load(key) else {
          lock.withLock { bad += 1 }
          continue
        }
        let bytes = entry.withUnsafeBytes { Array($0) }
        let isWhole =
          bytes.count == 1000 + Int(bytes.first ?? 0) && bytes.allSatisfy { $0 == bytes[0] }
        if !isWhole { lock.withLock { bad += 1 } }
      }
    }
    #expect(bad == 0)
    #expect(TemporaryDirectory.names(in: scratch.path) == ["\(key).martlet"])
  }

  @Test func twoProcessesWriteTheSameKey() throws {
    // A second process of the system copies entry files over and over while this one stores.
    let cache = CompileCache(directory: scratch.path)
    let other = CompileCache(directory: scratch.path + "/other")
    let key = key("shared")
    other.store(key, [UInt8](repeating: 7, count: 5000))
    let script =
      "for i in $(seq 100); do cp '\(entryPath(other, key))' '\(scratch.path)/tmp.$i'"
      + " && mv '\(scratch.path)/tmp.'$i '\(entryPath(cache, key))'; done"
    var child = pid_t()
    let words: [String] = ["sh", "-c", script]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    try #require(posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0)
    var status: Int32 = 0
    var rounds = 0
    while waitpid(child, &status, WNOHANG) == 0 || rounds < 10 {
      cache.store(key, [UInt8](repeating: 9, count: 4000))
      let bytes = try #require(content(cache, key))
      let expected = bytes.count == 5000 ? 7 : 9
      #expect(bytes.count == 5000 || bytes.count == 4000)
      #expect(bytes.allSatisfy { Int($0) == expected })
      rounds += 1
    }
  }

  @Test func theOldestEntriesMakeRoom() {
    let cache = CompileCache(directory: scratch.path, sizeLimit: 4 * 1040)
    for number in 0..<4 {
      cache.store(key("\(number)"), [UInt8](repeating: 1, count: 1000))
      var times = [
        timespec(tv_sec: 1000 + number, tv_nsec: 0), timespec(tv_sec: 1000 + number, tv_nsec: 0),
      ]
      utimensat(AT_FDCWD, entryPath(cache, key("\(number)")), &times, 0)
    }
    // Use makes entry 0 young again.
    #expect(cache.load(key("0")) != nil)
    cache.store(key("4"), [UInt8](repeating: 1, count: 1000))
    #expect(cache.load(key("1")) == nil)
    #expect(cache.load(key("0")) != nil)
    for number in 2...4 { #expect(cache.load(key("\(number)")) != nil) }
    #expect(!cache.store(key("huge"), [UInt8](repeating: 1, count: 10_000)))
  }

  @Test func aDirectoryThatCannotBeWrittenKeepsNothing() throws {
    let file = try scratch.write("file", [1])
    let cache = CompileCache(directory: file + "/cache")
    #expect(!cache.store(key("a"), [1]))
    #expect(cache.load(key("a")) == nil)
    let plain = CompileCache(directory: file)
    #expect(!plain.store(key("a"), [1]))
    #expect(!CompileCache(directory: "/proc/martlet").store(key("a"), [1]))
  }

  @Test func theDirectoryIsFoundFromTheEnvironment() {
    func directory(_ variables: [String: String]) -> String? {
      CompileCache.directory { variables[$0] }
    }
    let all = ["MARTLET_CACHE_DIR": "/a/b", "XDG_CACHE_HOME": "/x", "HOME": "/home/me"]
    #expect(directory(all) == "/a/b")
    #expect(directory(["XDG_CACHE_HOME": "/x", "HOME": "/home/me"]) == "/x/martlet")
    let relative = ["MARTLET_CACHE_DIR": "", "XDG_CACHE_HOME": "x", "HOME": "/home/me"]
    #expect(directory(relative) == "/home/me/.cache/martlet")
    #expect(directory([:]) == nil)
  }

  @Test func theProcessorHasAnIdentity() {
    #expect(HostCPU.identity.contains(";"))
    let listing = """
      processor\t: 0
      vendor_id\t: AuthenticAMD
      cpu family\t: 26
      model\t\t: 17
      model name\t: AMD EPYC
      flags\t\t: fpu avx512f

      processor\t: 1
      vendor_id\t: Other

      """
    #expect(HostCPU.identity(ofListing: listing) == "AuthenticAMD;26;17;fpu avx512f")
    #expect(HostCPU.identity(ofListing: "") == "unknown")
  }
}
