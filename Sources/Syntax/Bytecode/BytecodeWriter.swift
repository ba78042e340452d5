import MartletIR
import MartletSupport

/// Writes an operation, with all it contains, as MLIR's bytecode.
///
/// The bytes are those mlir-opt writes for the same module: the same sections in the same order and the same
/// numbering of all that is referred to.
public struct BytecodeWriter: ~Copyable {
  let options: BytecodeOptions
  var numbering: BytecodeNumbering
  var strings: BytecodeStrings
  var properties = BytecodeProperties()
  /// What is being written to: the section under way, or a scratch buffer.
  var out = TextBuffer()

  private init(_ root: Operation, _ options: BytecodeOptions) {
    self.options = options
    numbering = BytecodeNumbering(root, version: options.version)
    strings = BytecodeStrings(root.context)
  }

  /// The bytes of `root`.
  /// - Throws: where the version is not one there is, an operation lacks an attribute its declaration demands, or
  ///   attributes are nested too deep; reported to the context.
  public static func bytes(_ root: Operation, options: BytecodeOptions = BytecodeOptions())
    throws(Reported) -> [UInt8]
  {
    try withBytes(root, options: options) { Array($0) }
  }

  /// As `bytes(_:options:)`, handing the bytes out.
  public static func withBytes<Result>(
    _ root: Operation, options: BytecodeOptions = BytecodeOptions(),
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(Reported) -> Result {
    guard 0...Bytecode.newestVersion ~= options.version else {
      throw root.emitError(
        "unsupported bytecode version \(options.version): it must be 0 to \(Bytecode.newestVersion)"
      )
    }
    var writer = BytecodeWriter(root, options)
    if writer.numbering.isTooDeep {
      throw root.emitError("attributes or types are nested too deep for bytecode")
    }
    let file = try writer.write(root)
    return body(file.bytes)
  }

  private mutating func write(_ root: Operation) throws(Reported) -> TextBuffer {
    let file = TextBuffer(capacity: 1 << 16)
    Bytecode.magic.withUnsafeBufferPointer { file.append($0) }
    file.variable(UInt64(options.version))
    file.append(options.producer)
    file.append(UInt8(0))

    out = TextBuffer()
    writeDialects()
    file.section(.dialects, out)

    let offsets = TextBuffer()
    out = TextBuffer()
    writeAttributesAndTypes(offsets)
    file.section(.attributeAndTypeOffsets, offsets)
    file.section(.attributesAndTypes, out)

    // The largest section is written in place.
    out = file
    let start = file.count
    out.variable(1, flag: false)
    try write(operation: root)
    out.wrapSection(.operations, from: start)

    writeResources(to: file)

    out = TextBuffer()
    strings.write(to: out)
    file.section(.strings, out)

    if options.version >= Bytecode.Since.properties {
      out = TextBuffer()
      properties.write(to: out)
      file.section(.properties, out)
    }
    return file
  }

  // MARK: Dialects

  private mutating func writeDialects() {
    out.variable(UInt64(numbering.dialects.count))
    for i in numbering.dialects.indices {
      let name = strings.number(numbering.dialects[i])
      if options.version < Bytecode.Since.dialectVersions {
        out.variable(name)
      } else {
        // No dialect has a version.
        out.variable(name, flag: false)
      }
    }
    if options.version >= Bytecode.Since.optionalArgumentLocations {
      out.variable(UInt64(numbering.names.entries.count))
    }
    let context = numbering.context
    forEachGroup(.names) { writer, raw in
      guard let record = writer.numbering.record(context.operationName(number: raw)) else { return }
      let suffix = writer.strings.number(context.intern(record.suffix))
      if writer.options.version < Bytecode.Since.properties {
        writer.out.variable(suffix)
      } else {
        writer.out.variable(suffix, flag: record.isRegistered)
      }
    }
  }

  private enum Table { case names, attributes, types }

  private func sorted(_ table: Table) -> [BytecodeTable.Entry] {
    switch table {
    case .names: numbering.names.sorted.map { numbering.names.entries[Int($0)] }
    case .attributes: numbering.attributes.sorted.map { numbering.attributes.entries[Int($0)] }
    case .types: numbering.types.sorted.map { numbering.types.entries[Int($0)] }
    }
  }

  /// Calls `body` for a table's entries in order; in front of each run of one dialect stand its number and the length.
  private mutating func forEachGroup(
    _ table: Table, to headers: TextBuffer? = nil,
    _ body: (inout BytecodeWriter, UInt32) -> Void
  ) {
    let entries = sorted(table)
    var i = 0
    while i < entries.count {
      var end = i + 1
      while end < entries.count, entries[end].dialect == entries[i].dialect { end += 1 }
      (headers ?? out).variable(UInt64(entries[i].dialect))
      (headers ?? out).variable(UInt64(end - i))
      for entry in entries[i..<end] { body(&self, entry.raw) }
      i = end
    }
  }

  // MARK: Attributes and types

  private mutating func writeAttributesAndTypes(_ offsets: TextBuffer) {
    offsets.variable(UInt64(numbering.attributes.entries.count))
    offsets.variable(UInt64(numbering.types.entries.count))
    var last = 0
    forEachGroup(.attributes, to: offsets) { writer, raw in
      let isEncoded = writer.writeAttribute(raw)
      offsets.variable(UInt64(writer.out.count - last), flag: isEncoded)
      last = writer.out.count
    }
    forEachGroup(.types, to: offsets) { writer, raw in
      let isEncoded = writer.writeType(raw)
      offsets.variable(UInt64(writer.out.count - last), flag: isEncoded)
      last = writer.out.count
    }
  }

  /// Writes an attribute or a place in a source; whether it has an encoding or is text.
  private mutating func writeAttribute(_ raw: UInt32) -> Bool {
    let context = numbering.context
    if raw & BytecodeTable.placeFlag != 0 {
      guard numbering.lines.seek(raw) else {
        attributeCode(.unknownLocation)
        return true
      }
      let (line, column) = numbering.lines.place(raw)
      fileLineColumn(
        context.string(context.identifier(number: numbering.lines.file)), line: UInt64(line),
        column: UInt64(column))
      return true
    }
    if let text = numbering.attributeTexts[raw] {
      out.append(text)
      out.append(UInt8(0))
      return false
    }
    return encode(context.attribute(number: raw))
  }

  private mutating func writeType(_ raw: UInt32) -> Bool {
    if let text = numbering.typeTexts[raw] {
      out.append(text)
      out.append(UInt8(0))
      return false
    }
    return encode(numbering.context.type(number: raw))
  }

  // MARK: Resources

  private mutating func writeResources(to file: TextBuffer) {
    let offsets = TextBuffer()
    let body = TextBuffer()
    var alignment = 1
    // External resources are not kept.
    offsets.variable(0)
    let context = numbering.context
    if !numbering.resources.isEmpty,
      let builtin = numbering.dialects.firstIndex(of: context.intern("builtin"))
    {
      offsets.variable(UInt64(builtin))
      offsets.variable(UInt64(numbering.resources.count))
      for i in numbering.resources.indices {
        let key = numbering.resources[i]
        let start = body.count
        if let bytes = context.resource(key), !options.elidesResourceData {
          let wanted = max(1, context.resourceAlignment(key))
          let own = wanted & (wanted - 1) == 0 ? wanted : 1
          body.variable(UInt64(own))
          body.variable(UInt64(bytes.count))
          body.align(to: own)
          body.append(bytes)
          alignment = max(alignment, own)
        }
        offsets.variable(strings.number(key))
        offsets.variable(UInt64(body.count - start))
        offsets.append(Bytecode.ResourceKind.blob.rawValue)
      }
    }
    file.section(.resourceOffsets, offsets)
    file.section(.resources, body, alignment: alignment)
  }
}

/// Writing refers to things by number.
extension BytecodeWriter: BytecodeSink {
  mutating func attribute(_ attribute: Attribute) {
    out.variable(numbering.attributes.number(attribute.raw) ?? 0)
  }
  mutating func optionalAttribute(_ attribute: Attribute?) {
    guard let attribute else {
      out.variable(0)
      return
    }
    out.variable(numbering.attributes.number(attribute.raw) ?? 0, flag: true)
  }
  mutating func type(_ type: Type) { out.variable(numbering.types.number(type.raw) ?? 0) }
  mutating func resource(_ key: Identifier) {
    out.variable(UInt64(numbering.resources.firstIndex(of: key) ?? 0))
  }
  mutating func integer(_ value: UInt64) { out.variable(value) }
  mutating func byte(_ value: UInt8) { out.append(value) }
  mutating func string(_ text: Identifier) { out.variable(strings.number(text)) }
  mutating func blob(_ bytes: UnsafeRawBufferPointer) {
    out.variable(UInt64(bytes.count))
    out.append(bytes)
  }
}
