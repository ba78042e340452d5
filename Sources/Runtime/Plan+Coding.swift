import MartletSupport

/// What the cache keeps of a compiled program: its plan and the object files of its code.
public struct ProgramImage: Sendable, Equatable {
  public var plan: Plan
  public var objects: [[UInt8]]

  public init(plan: Plan, objects: [[UInt8]]) {
    self.plan = plan
    self.objects = objects
  }

  /// Counts up whenever the layout of the encoded bytes changes.
  public static let formatVersion: UInt32 = 2

  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.formatVersion)
    plan.write(to: &writer)
    writer.write(objects) { $0.write($1) }
    return writer.bytes
  }

  /// Reads what `encoded` made.
  /// - Throws: a diagnostic where the bytes are cut off, altered or of another version.
  public init(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    var reader = ByteReader(bytes, "compiled program")
    let version = try reader.read(UInt32.self)
    guard version == Self.formatVersion else { throw reader.damaged("version \(version)") }
    plan = try Plan(&reader)
    objects = try reader.readList { reader throws(Diagnostic) in Array(try reader.readBytes()) }
    guard reader.isAtEnd else { throw reader.damaged("more bytes than expected") }
    if let problem = plan.problem() { throw reader.damaged(problem) }
  }
}

extension Plan {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(entry)
    writer.write(inputs) { $1.write(to: &$0) }
    writer.write(outputs) { $1.write(to: &$0) }
    writer.write(constants) { $1.write(to: &$0) }
    writer.write(arenaByteCount)
    writer.write(slots) { writer, slot in
      writer.write(slot.name)
      for number in [slot.offset, slot.byteCount, slot.firstStep, slot.lastStep] {
        writer.write(number)
      }
    }
    writer.write(steps) { $0.write($1) }
    writer.write(costs) { writer, cost in
      for number in [cost.flops, cost.bytesRead, cost.bytesWritten] {
        writer.write(number.map { $0 &+ 1 } ?? 0)
      }
      writer.write(cost.floatBits)
    }
    writer.write(intermediateByteCount)
    writer.write(failures) { $0.write($1) }
  }

  fileprivate init(_ reader: inout ByteReader) throws(Diagnostic) {
    entry = try reader.readText()
    inputs = try reader.readList { reader throws(Diagnostic) in try Port(&reader) }
    outputs = try reader.readList { reader throws(Diagnostic) in try Port(&reader) }
    constants = try reader.readList { reader throws(Diagnostic) in try Constants(&reader) }
    arenaByteCount = try reader.readSize()
    slots = try reader.readList { reader throws(Diagnostic) in
      Slot(
        name: try reader.readText(), offset: try reader.readSize(),
        byteCount: try reader.readSize(), firstStep: try reader.readSize(),
        lastStep: try reader.readSize())
    }
    steps = try reader.readList { reader throws(Diagnostic) in try reader.readText() }
    costs = try reader.readList { reader throws(Diagnostic) in
      func number(_ word: Int) -> Int? { word == 0 ? nil : word - 1 }
      var cost = Cost(
        flops: number(try reader.readSize()), bytesRead: number(try reader.readSize()),
        bytesWritten: number(try reader.readSize()))
      cost.floatBits = try reader.readSize()
      return cost
    }
    intermediateByteCount = try reader.readSize()
    failures = try reader.readList { reader throws(Diagnostic) in try reader.readText() }
  }
}

extension Plan.Port {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(elementType.rawValue)
    writer.write(shape) { $0.write($1) }
    switch layout {
    case .dense: writer.write(UInt8(0))
    case .compressedRows(let index): writer.write(index.rawValue)
    }
  }

  fileprivate init(_ reader: inout ByteReader) throws(Diagnostic) {
    name = try reader.readText()
    elementType = try reader.readElementType()
    shape = try reader.readList { reader throws(Diagnostic) in try reader.readSize() }
    let index = try reader.read(UInt8.self)
    if index == 0 {
      layout = .dense
    } else {
      guard let type = ElementType(rawValue: index) else { throw reader.damaged("layout \(index)") }
      layout = .compressedRows(type)
    }
  }
}

extension Plan.Constants {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(alignment)
    switch source {
    case .inline(let bytes):
      writer.write(UInt8(0))
      writer.write(bytes)
    case .file(let path, let offset, let byteCount):
      writer.write(UInt8(1))
      writer.write(path)
      writer.write(offset)
      writer.write(byteCount)
    }
  }

  fileprivate init(_ reader: inout ByteReader) throws(Diagnostic) {
    name = try reader.readText()
    alignment = try reader.readSize()
    switch try reader.read(UInt8.self) {
    case 0: source = .inline(Array(try reader.readBytes()))
    case 1:
      source = .file(
        path: try reader.readText(), offset: try reader.readSize(),
        byteCount: try reader.readSize())
    case let other: throw reader.damaged("source \(other)")
    }
  }
}

extension ByteReader {
  fileprivate mutating func readElementType() throws(Diagnostic) -> ElementType {
    let number = try read(UInt8.self)
    guard let type = ElementType(rawValue: number) else {
      throw damaged("element type \(number)")
    }
    return type
  }
}
