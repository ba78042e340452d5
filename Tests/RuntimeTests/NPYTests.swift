import MartletSupport
import Testing

@testable import MartletRuntime

@Suite struct NPYTests {
  private let scratch = TemporaryDirectory()

  private func file(_ header: String, version: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [0x93] + "NUMPY".utf8 + [version, 0]
    let length = header.utf8.count
    bytes += [UInt8(length & 0xff), UInt8(length >> 8)]
    if version > 1 { bytes += [0, 0] }
    return bytes + header.utf8 + data
  }

  private func read(_ bytes: [UInt8]) throws -> Tensor {
    try NPY.read(try scratch.write("a.npy", bytes))
  }

  private func problem(_ bytes: [UInt8]) throws -> String {
    let error = try #require(throws: Diagnostic.self) { try read(bytes) }
    #expect(error.subject?.hasSuffix("a.npy") == true)
    return error.message
  }

  @Test func writesWhatItReads() throws {
    for type in ElementType.allCases where type != .bf16 {
      for shape in [[], [3], [2, 3], [0, 2], [1, 2, 3, 4]] {
        var tensor = try Tensor(zeros: type, shape: shape)
        tensor.withUnsafeMutableBytes { bytes in
          for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 7) }
        }
        let path = scratch.path + "/t.npy"
        try NPY.write(tensor, to: path)
        let back = try NPY.read(path)
        #expect(back.elementType == type)
        #expect(back.shape == shape)
        #expect(back.withUnsafeBytes { Array($0) } == tensor.withUnsafeBytes { Array($0) })
      }
    }
  }

  @Test func theHeaderIsNumpys() throws {
    let bytes = try NPY.encode(try Tensor([1, 2, 3] as [Float]))
    let expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
    #expect(bytes.count == 128 + 12)
    #expect(String(decoding: bytes[10..<(10 + expected.utf8.count)], as: UTF8.self) == expected)
    #expect(bytes[127] == 10)
    #expect(Array(bytes[..<10]) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0])
  }

  @Test func isAViewOfTheFileWhenAligned() throws {
    let path = scratch.path + "/t.npy"
    try NPY.write(try Tensor([1, 2, 3] as [Double]), to: path)
    let mapped = try MappedFile(path: path)
    let tensor = try NPY.read(mapped)
    #expect(tensor.withUnsafeBytes { $0.baseAddress } == mapped.bytes.baseAddress.map { $0 + 128 })
  }

  @Test func readsOtherVersionsSpacingAndAlignment() throws {
    let header = "{ \"shape\" :(2L,),'fortran_order':False , 'descr':'<i2'}"
    let data: [UInt8] = [1, 0, 0xff, 0xff]
    for version: UInt8 in [1, 2, 3] {
      for padding in ["", " ", "\n"] {
        let tensor = try read(file(header + padding, version: version, data: data))
        #expect(tensor.elements(as: Int16.self) == [1, -1])
      }
    }
    let vector = "{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }"
    #expect(try read(file(vector, data: [4, 5])).elements(as: UInt8.self) == [4, 5])
  }

  @Test(arguments: [
    ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "big-endian"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", "Fortran order"),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8' is not supported"),
    ("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }", "'<U3' is not supported"),
    ("{'descr': '', 'fortran_order': False, 'shape': (1,), }", "not supported"),
    ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", "True or False expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,, }", "an extent expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "an extent expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "too large"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1<2), }", "')' expected"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 2), }", "too large"),
    ("{'descr': '<f4', 'fortran_order': False}", "no 'shape'"),
    ("{'shape': (1,), 'fortran_order': False}", "no 'descr'"),
    ("{'shape': (1,), 'descr': '<f4'}", "no 'fortran_order'"),
    ("{'other': 1}", "unknown key"),
    ("{'descr': '<f4", "not closed"),
    ("", "'{' expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "text after"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "is cut off: shape 3 of f32"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "has more than its array"),
  ])
  func unreadableHeadersAreNamed(_ header: String, _ message: String) throws {
    #expect(try problem(file(header, data: [UInt8](repeating: 0, count: 8))).contains(message))
  }

  @Test func otherFilesAreNamed() throws {
    #expect(try problem(Array("PK\u{3}\u{4}, a zip file".utf8)) == "is not a .npy file")
    #expect(try problem([]) == "the file is cut off in its header")
    #expect(try problem(file("{}", version: 9)).contains("version 9.0"))
    #expect(throws: Diagnostic.self) { try NPY.read(scratch.path + "/none.npy") }
    #expect(throws: Diagnostic.self) { try NPY.read(scratch.path) }
  }

  @Test func filesCutOffAnywhereAreDiagnosed() throws {
    let whole = try NPY.encode(try Tensor([1, 2, 3] as [Float]))
    for length in 0..<whole.count {
      #expect(throws: Diagnostic.self) { try read(Array(whole[..<length])) }
    }
  }

  @Test func anOutputThatCannotBeWrittenLeavesNothing() throws {
    let tensor = try Tensor([1] as [Float])
    #expect(throws: Diagnostic.self) { try NPY.write(tensor, to: scratch.path + "/no/such.npy") }
    #expect(TemporaryDirectory.names(in: scratch.path).isEmpty)
    let bfloat = try Tensor(zeros: .bf16, shape: [2])
    let error = try #require(throws: Diagnostic.self) {
      try NPY.write(bfloat, to: scratch.path + "/b.npy")
    }
    #expect(error.message.contains("bf16"))
  }
}
