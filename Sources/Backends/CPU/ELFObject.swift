import MartletSupport

/// An ELF64 x86-64 relocatable object read from bytes that may be damaged: every offset, size and
/// index is checked before it is used. Layout after the System V ABI, x86-64 supplement.
struct ELFObject {
  struct Section {
    var name: String
    var type: UInt32
    var flags: UInt64
    /// Offset and size of the content in the file; no content for `isZeroFilled`.
    var offset: Int
    var size: Int
    var link: Int
    var info: Int
    var alignment: Int

    var isAllocated: Bool { flags & 0x2 != 0 }
    var isWritable: Bool { flags & 0x1 != 0 }
    var isExecutable: Bool { flags & 0x4 != 0 }
    var isThreadLocal: Bool { flags & 0x400 != 0 }
    var isZeroFilled: Bool { type == 8 }
    /// Unwind tables are of no use to code that never unwinds through C++ frames.
    var isUnwindTable: Bool { type == 0x7000_0001 || name == ".eh_frame" }
    var isStartupList: Bool { (14...16).contains(type) || name.hasPrefix(".ctors") }
  }

  struct Symbol {
    enum Place: Equatable {
      case undefined
      case absolute
      /// Value is the alignment.
      case common
      /// Value is the offset in the section.
      case section(Int)
    }

    var name: String
    var place: Place
    var value: UInt64
    var size: UInt64
    var isLocal: Bool
    var isWeak: Bool
    var type: UInt8
  }

  struct Relocation {
    var offset: UInt64
    var type: UInt32
    var symbol: Int
    var addend: Int64
  }

  /// What the object is called in diagnostics.
  let name: String
  let bytes: UnsafeRawBufferPointer
  private(set) var sections: [Section] = []
  private(set) var symbols: [Symbol] = []

  /// Reads the section and symbol tables; `bytes` must outlive the value.
  /// - Throws: a diagnostic that says what is wrong with the object.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(Diagnostic) {
    self.bytes = bytes
    self.name = name
    try readHeaderAndSections()
    try readSymbols()
  }

  func damaged(_ what: String) -> Diagnostic {
    Diagnostic(.error, "damaged object: \(what)", subject: name)
  }

  // MARK: Tables

  private mutating func readHeaderAndSections() throws(Diagnostic) {
    guard bytes.count >= 64, bytes[0] == 0x7f, bytes[1] == 0x45, bytes[2] == 0x4c, bytes[3] == 0x46
    else { throw damaged("no ELF header") }
    guard bytes[4] == 2, bytes[5] == 1 else { throw damaged("not 64-bit little-endian ELF") }
    let relocatable: UInt16 = 1
    let x86Machine: UInt16 = 62
    guard try word16(16) == relocatable, try word16(18) == x86Machine else {
      throw damaged("not a relocatable object for x86-64")
    }
    let table = try offset(try word64(40))
    let entrySize = Int(try word16(58))
    var count = Int(try word16(60))
    var nameTable = Int(try word16(62))
    guard entrySize == 64, table != 0 else { throw damaged("no section table") }
    // Tables of 65280 sections and more keep their sizes in the first entry.
    if count == 0 { count = try offset(try word64(table + 32)) }
    if nameTable == 0xffff { nameTable = Int(try word32(table + 40)) }
    guard count <= (bytes.count - table) / entrySize else { throw damaged("section table cut off") }

    var names: [Int] = []
    sections.reserveCapacity(count)
    for index in 0..<count {
      let at = table + index * entrySize
      names.append(Int(try word32(at)))
      let section = Section(
        name: "", type: try word32(at + 4), flags: try word64(at + 8),
        offset: try offset(try word64(at + 24), bounded: false),
        size: try offset(try word64(at + 32), bounded: false), link: Int(try word32(at + 40)),
        info: Int(try word32(at + 44)),
        alignment: max(1, try offset(try word64(at + 48), bounded: false)))
      let hasContent = section.type != 0 && !section.isZeroFilled
      if hasContent {
        guard section.offset <= bytes.count, section.size <= bytes.count - section.offset else {
          throw damaged("section \(index) reaches past the end")
        }
      }
      guard section.alignment & (section.alignment - 1) == 0 else {
        throw damaged("section \(index) has alignment \(section.alignment)")
      }
      sections.append(section)
    }
    guard sections.indices.contains(nameTable) else { throw damaged("no section names") }
    for index in sections.indices {
      sections[index].name = try string(names[index], in: sections[nameTable])
    }
  }

  private mutating func readSymbols() throws(Diagnostic) {
    let symbolTable: UInt32 = 2
    let tables = sections.indices.filter { sections[$0].type == symbolTable }
    guard let first = tables.first else { return }
    guard tables.count == 1 else { throw damaged("several symbol tables") }
    let table = sections[first]
    guard sections.indices.contains(table.link) else { throw damaged("no symbol names") }
    let indices = extendedIndices(of: first)
    symbols.reserveCapacity(table.size / 24)
    for index in 0..<table.size / 24 {
      let at = table.offset + index * 24
      let info = bytes[at + 4]
      var section = Int(try word16(at + 6))
      var place: Symbol.Place
      if section == 0xffff, let indices {
        guard index < indices.size / 4 else { throw damaged("symbol \(index) has no section") }
        section = Int(try word32(indices.offset + index * 4))
        place = .section(section)
      } else {
        switch section {
        case 0: place = .undefined
        case 0xfff1: place = .absolute
        case 0xfff2: place = .common
        default: place = .section(section)
        }
      }
      if case .section(let number) = place, !sections.indices.contains(number) {
        throw damaged("symbol \(index) lies in section \(number) of \(sections.count)")
      }
      symbols.append(
        Symbol(
          name: try string(Int(try word32(at)), in: sections[table.link]), place: place,
          value: try word64(at + 8), size: try word64(at + 16), isLocal: info >> 4 == 0,
          isWeak: info >> 4 == 2, type: info & 0xf))
    }
  }

  private func extendedIndices(of table: Int) -> Section? {
    sections.first { $0.type == 18 && $0.link == table }
  }

  /// The relocations held by a section, or nil where it holds none.
  func relocations(in section: Section) throws(Diagnostic) -> [Relocation]? {
    let withoutAddends: UInt32 = 9
    let withAddends: UInt32 = 4
    if section.type == withoutAddends {
      throw damaged("\(section.name): relocations without addends")
    }
    guard section.type == withAddends else { return nil }
    guard sections.indices.contains(section.info) else {
      throw damaged("\(section.name): relocations of section \(section.info)")
    }
    var list: [Relocation] = []
    list.reserveCapacity(section.size / 24)
    for index in 0..<section.size / 24 {
      let at = section.offset + index * 24
      let info = try word64(at + 8)
      let symbol = Int(info >> 32)
      guard symbols.indices.contains(symbol) else {
        throw damaged("\(section.name): symbol \(symbol) of \(symbols.count)")
      }
      list.append(
        Relocation(
          offset: try word64(at), type: UInt32(truncatingIfNeeded: info), symbol: symbol,
          addend: Int64(bitPattern: try word64(at + 16))))
    }
    return list
  }

  // MARK: Bytes

  private func word<Word: FixedWidthInteger>(_ at: Int) throws(Diagnostic) -> Word {
    guard at >= 0, at <= bytes.count - MemoryLayout<Word>.size else {
      throw damaged("cut off at byte \(bytes.count)")
    }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: Word.self))
  }

  private func word16(_ at: Int) throws(Diagnostic) -> UInt16 { try word(at) }
  private func word32(_ at: Int) throws(Diagnostic) -> UInt32 { try word(at) }
  private func word64(_ at: Int) throws(Diagnostic) -> UInt64 { try word(at) }

  /// A file offset or size as `Int`; one past the file's end is damage where `bounded`.
  private func offset(_ value: UInt64, bounded: Bool = true) throws(Diagnostic) -> Int {
    guard let offset = Int(exactly: value), !bounded || offset <= bytes.count else {
      throw damaged("offset \(value) is past the end")
    }
    return offset
  }

  private func string(_ start: Int, in table: Section) throws(Diagnostic) -> String {
    let stringTable: UInt32 = 3
    if start == 0 { return "" }
    guard table.type == stringTable, start < table.size else { throw damaged("name out of bounds") }
    let from = table.offset + start
    guard let end = bytes[from..<(table.offset + table.size)].firstIndex(of: 0) else {
      throw damaged("name not terminated")
    }
    return String(decoding: bytes[from..<end], as: UTF8.self)
  }
}
