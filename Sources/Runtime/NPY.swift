import MartletSupport

/// numpy's `.npy` files: one array with its element type and shape.
///
/// The format is numpy's NEP 1: a magic string, a version, and a Python dictionary in text, padded,
/// then the elements. Read are the versions 1 to 3; written is 1.0.
public enum NPY {
  /// The array in the file at `path`, viewed in the mapped file without a copy where its elements
  /// are aligned (as numpy aligns them).
  /// - Throws: a diagnostic that names the file: not an array file, cut off, of an element type
  ///   that tensors do not have, big-endian, or in Fortran order.
  public static func read(_ path: String) throws(Diagnostic) -> Tensor {
    try read(try MappedFile(path: path))
  }

  public static func read(_ file: MappedFile) throws(Diagnostic) -> Tensor {
    var reader = NPYHeaderReader(file.bytes, path: file.path)
    let header = try reader.read()
    let data = UnsafeRawBufferPointer(rebasing: file.bytes[reader.dataOffset...])
    let bytes: Int
    do throws(Diagnostic) {
      bytes = try Tensor.size(header.elementType, header.shape).bytes
    } catch {
      throw reader.failure(error.message)
    }
    guard data.count == bytes else {
      let relation = data.count < bytes ? "is cut off" : "has more than its array"
      throw reader.failure(
        "the file \(relation): shape \(Tensor.text(header.shape)) of "
          + "\(header.elementType.name) takes \(bytes) bytes, there are \(data.count)")
    }
    if reader.dataOffset % header.elementType.byteSize != 0 {
      var copy = try Tensor(zeros: header.elementType, shape: header.shape)
      copy.withUnsafeMutableBytes { $0.copyMemory(from: data) }
      return copy
    }
    return try Tensor(
      viewing: data, elementType: header.elementType, shape: header.shape, owner: file)
  }

  /// The content of a `.npy` file that holds `tensor`.
  /// - Throws: a diagnostic where numpy has no such element type.
  public static func encode(_ tensor: Tensor) throws(Diagnostic) -> [UInt8] {
    guard let code = code(of: tensor.elementType) else {
      throw Diagnostic(.error, "numpy has no element type for \(tensor.elementType.name)")
    }
    var shape = tensor.shape.map(String.init).joined(separator: ", ")
    if tensor.shape.count == 1 { shape += "," }
    var header = "{'descr': '\(code)', 'fortran_order': False, 'shape': (\(shape)), }"
    let unpadded = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    guard let length = UInt16(exactly: header.utf8.count) else {
      throw Diagnostic(.error, "a tensor of \(tensor.shape.count) dimensions fits no .npy file")
    }
    var content: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
    content.reserveCapacity(128 + tensor.byteCount)
    content += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
    content += header.utf8
    tensor.withUnsafeBytes { content.append(contentsOf: $0) }
    return content
  }

  /// Writes `tensor` to the file at `path`, whole or not at all.
  /// - Throws: a diagnostic that names the file.
  public static func write(_ tensor: Tensor, to path: String) throws(Diagnostic) {
    let content: [UInt8]
    do throws(Diagnostic) {
      content = try encode(tensor)
    } catch {
      throw Diagnostic(.error, error.message, subject: path)
    }
    let outcome = content.withUnsafeBytes { bytes in
      Result { () throws(Diagnostic) in try writeFileAtomically(path, bytes) }
    }
    try outcome.get()
  }

  private static func code(of type: ElementType) -> String? {
    switch type {
    case .i1: "|b1"
    case .i8: "|i1"
    case .u8: "|u1"
    case .i16: "<i2"
    case .u16: "<u2"
    case .i32: "<i4"
    case .u32: "<u4"
    case .i64: "<i8"
    case .u64: "<u8"
    case .f16: "<f2"
    case .bf16: nil
    case .f32: "<f4"
    case .f64: "<f8"
    }
  }

  static func elementType(ofCode code: Substring) -> ElementType? {
    ElementType.allCases.first { self.code(of: $0)?.dropFirst() == code }
  }
}

/// Reads the header of a `.npy` file.
struct NPYHeaderReader {
  struct Header {
    var elementType: ElementType
    var shape: [Int]
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var at = 0
  private var end = 0
  /// Where the elements start; known once the header is read.
  var dataOffset: Int { end }

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  func failure(_ message: String) -> Diagnostic { Diagnostic(.error, message, subject: path) }

  private func malformed(_ what: String) -> Diagnostic {
    failure("malformed .npy header at byte \(at): \(what)")
  }

  mutating func read() throws(Diagnostic) -> Header {
    try readPreamble()
    var code: String?
    var isFortran: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      let key = try readString()
      try expect(":")
      switch key {
      case "descr": code = try readElementCode()
      case "fortran_order": isFortran = try readBool()
      case "shape": shape = try readShape()
      default: throw malformed("unknown key '\(key)'")
      }
      if accept(",") { continue }
      try expect("}")
      break
    }
    skipSpace()
    guard at == end else { throw malformed("text after the dictionary") }
    guard let code else { throw malformed("no 'descr'") }
    guard let isFortran else { throw malformed("no 'fortran_order'") }
    guard let shape else { throw malformed("no 'shape'") }
    if isFortran, shape.count(where: { $0 > 1 }) > 1 {
      throw failure(
        "the array is in Fortran order; save numpy.ascontiguousarray of it instead")
    }
    return Header(elementType: try elementType(code), shape: shape)
  }

  private mutating func readPreamble() throws(Diagnostic) {
    let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
    guard bytes.count >= 10 else {
      if magic.starts(with: bytes.prefix(6)) {
        throw failure("the file is cut off in its header")
      }
      throw failure("is not a .npy file")
    }
    guard bytes.prefix(6).elementsEqual(magic) else { throw failure("is not a .npy file") }
    switch bytes[6] {
    case 1:
      at = 10
      end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    case 2, 3:
      guard bytes.count >= 12 else { throw failure("the file is cut off in its header") }
      at = 12
      end = 12 + Int(bytes[8]) + Int(bytes[9]) << 8 + Int(bytes[10]) << 16 + Int(bytes[11]) << 24
    default: throw failure(".npy format version \(bytes[6]).\(bytes[7]) is not supported")
    }
    guard end <= bytes.count else { throw failure("the file is cut off in its header") }
  }

  private func elementType(_ code: String) throws(Diagnostic) -> ElementType {
    let kind = code.dropFirst()
    switch code.first {
    case ">": throw failure("the elements are big-endian (dtype '\(code)')")
    case "<", "=", "|": break
    default: throw failure("dtype '\(code)' is not supported")
    }
    if kind.first == "O" { throw failure("an array of Python objects (dtype '\(code)')") }
    guard let type = NPY.elementType(ofCode: kind) else {
      throw failure("dtype '\(code)' is not supported")
    }
    return type
  }

  // MARK: Python's literals

  private mutating func skipSpace() {
    while at < end, bytes[at] == 0x20 || (9...13).contains(bytes[at]) { at += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < end, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Diagnostic) {
    guard accept(character) else { throw malformed("'\(character)' expected") }
  }

  private mutating func readString() throws(Diagnostic) -> String {
    skipSpace()
    guard at < end, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\"") else {
      throw malformed("a string expected")
    }
    let quote = bytes[at]
    guard let close = bytes[(at + 1)..<end].firstIndex(of: quote) else {
      throw malformed("the string is not closed")
    }
    defer { at = close + 1 }
    return String(decoding: bytes[(at + 1)..<close], as: UTF8.self)
  }

  private mutating func readElementCode() throws(Diagnostic) -> String {
    skipSpace()
    if at < end, bytes[at] == UInt8(ascii: "[") || bytes[at] == UInt8(ascii: "(") {
      throw failure("an array of records (a structured dtype) is not supported")
    }
    return try readString()
  }

  private mutating func readBool() throws(Diagnostic) -> Bool {
    skipSpace()
    for (text, value) in [("True", true), ("False", false)] {
      if bytes[at..<end].starts(with: text.utf8) {
        at += text.utf8.count
        return value
      }
    }
    throw malformed("True or False expected")
  }

  private mutating func readShape() throws(Diagnostic) -> [Int] {
    try expect("(")
    var shape: [Int] = []
    while !accept(")") {
      shape.append(try readExtent())
      if accept(",") { continue }
      try expect(")")
      break
    }
    return shape
  }

  private mutating func readExtent() throws(Diagnostic) -> Int {
    skipSpace()
    var value = 0
    let start = at
    while at < end, case let digit = bytes[at], (48...57).contains(digit) {
      let (scaled, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overSum) = scaled.addingReportingOverflow(Int(digit) - 48)
      guard !over, !overSum else { throw malformed("an extent is too large") }
      value = sum
      at += 1
    }
    guard at > start else { throw malformed("an extent expected") }
    // Files of Python 2 may carry its mark of long integers.
    if at < end, bytes[at] == UInt8(ascii: "L") { at += 1 }
    return value
  }
}
