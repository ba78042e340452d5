import Glibc
import MartletRuntime
import MartletSupport

/// Loads ELF64 x86-64 relocatable objects into the process: a linker for the code LLVM generates
/// for kernels. Docs/decisions/0002-object-loader.md says why it exists beside LLVM's own.
///
/// All objects of one call are linked to each other and lie in one mapping of three parts, each
/// with the least rights: code (read and execute), constants, address table (read), data (read
/// and write). No page is ever writable and executable at once.
public enum ObjectLoader {
  /// An object file's bytes and what to call it in diagnostics.
  public struct Object {
    public var name: String
    public var bytes: UnsafeRawBufferPointer

    public init(name: String, bytes: UnsafeRawBufferPointer) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Links and loads `objects`. Their bytes need not outlive the call.
  /// - Parameter symbols: addresses for symbols the objects leave undefined; asked before the
  ///   process's own symbols, libm and libmvec.
  /// - Throws: a diagnostic that names the object and what is damaged, undefined or out of reach.
  public static func load(
    _ objects: [Object], symbols: [String: UnsafeRawPointer] = [:]
  ) throws(Diagnostic) -> LoadedObject {
    var linker = Linker(given: symbols)
    for object in objects { linker.objects.append(try ELFObject(object.bytes, name: object.name)) }
    return try linker.link()
  }

  /// Loads one object.
  public static func load(
    _ bytes: [UInt8], name: String = "kernels.o", symbols: [String: UnsafeRawPointer] = [:]
  ) throws(Diagnostic) -> LoadedObject {
    try load(objects: [(name, bytes)], symbols: symbols)
  }

  /// Links and loads objects held in arrays, as `load(_:symbols:)` does.
  public static func load(
    objects: [(name: String, bytes: [UInt8])], symbols: [String: UnsafeRawPointer] = [:]
  ) throws(Diagnostic) -> LoadedObject {
    try load(objects[...], [], symbols)
  }

  /// Opens the arrays one after another, then loads them all.
  private static func load(
    _ rest: ArraySlice<(name: String, bytes: [UInt8])>, _ opened: [Object],
    _ symbols: [String: UnsafeRawPointer]
  ) throws(Diagnostic) -> LoadedObject {
    guard let next = rest.first else { return try load(opened, symbols: symbols) }
    return try withBytes(next.bytes) { bytes throws(Diagnostic) in
      let object = Object(name: next.name, bytes: bytes)
      return try load(rest.dropFirst(), opened + [object], symbols)
    }
  }
}

/// Code loaded by `ObjectLoader`; unmapped when the last reference goes.
public final class LoadedObject: LoadedCode, @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  /// Bytes mapped, whole pages.
  public let byteCount: Int
  private let exports: [String: UnsafeRawPointer]

  fileprivate init(
    _ base: UnsafeMutableRawPointer, _ byteCount: Int, _ exports: [String: UnsafeRawPointer]
  ) {
    self.base = base
    self.byteCount = byteCount
    self.exports = exports
  }

  deinit { munmap(base, byteCount) }

  /// The address of a global symbol the objects define.
  public func address(of symbol: String) -> UnsafeRawPointer? { exports[symbol] }
}

// MARK: - Linking

/// The parts of the mapping, in order of address.
private enum Part: Int, CaseIterable {
  case code, constants, data

  var protection: Int32 {
    switch self {
    case .code: PROT_READ | PROT_EXEC
    case .constants: PROT_READ
    case .data: PROT_READ | PROT_WRITE
    }
  }
}

private struct Linker {
  let given: [String: UnsafeRawPointer]
  var objects: [ELFObject] = []

  init(given: [String: UnsafeRawPointer]) { self.given = given }

  /// Offset in the mapping of each object's sections, nil for what is not loaded.
  private var placements: [[Int?]] = []
  private var partEnds = [Int](repeating: 0, count: Part.allCases.count)
  private var partStarts = [Int](repeating: 0, count: Part.allCases.count)
  /// Offset in `data` of each common symbol.
  private var commons: [String: Int] = [:]
  private var commonSizes: [String: (size: Int, alignment: Int)] = [:]
  private var commonOrder: [String] = []
  /// Global symbols the objects define: address.
  private var defined: [String: Int] = [:]
  private var resolved: [String: Int] = [:]
  /// Slot numbers of the address table and of the jump stubs, by symbol's key.
  private var tableSlots: [SymbolKey: Int] = [:]
  private var stubSlots: [String: Int] = [:]
  private var tableStart = 0
  private var stubStart = 0
  private var base = 0

  /// A global symbol by name, a local one by its place.
  private enum SymbolKey: Hashable {
    case global(String)
    case local(object: Int, symbol: Int)
  }

  private static let page = 4096
  /// Everything must be within reach of a 32-bit displacement, with room to spare.
  private static let limit = 1 << 30
  private static let stubSize = 16

  mutating func link() throws(Diagnostic) -> LoadedObject {
    try placeSections()
    try collectCommons()
    let sections = try collectRelocations()
    try placeTables()
    let total = layParts()
    guard
      let memory = mmap(nil, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Diagnostic(.error, "cannot map \(total) bytes for code: \(systemMessage(errno))")
    }
    base = Int(bitPattern: memory)
    do throws(Diagnostic) {
      copySections(to: memory)
      try define()
      try writeTables(memory)
      for section in sections { try relocate(section, memory) }
      try protect(memory)
    } catch {
      munmap(memory, total)
      throw error
    }
    return LoadedObject(
      memory, total, defined.compactMapValues { UnsafeRawPointer(bitPattern: $0) })
  }

  // MARK: Layout

  private mutating func reserve(
    _ size: Int, alignment: Int, in part: Part, for object: ELFObject
  ) throws(Diagnostic) -> Int {
    guard alignment <= Self.page else {
      throw object.damaged("alignment of \(alignment) bytes is not supported")
    }
    let start = (partEnds[part.rawValue] + alignment - 1) & ~(alignment - 1)
    guard size <= Self.limit - start else { throw object.damaged("its sections exceed 1 GiB") }
    partEnds[part.rawValue] = start + size
    return start
  }

  private mutating func placeSections() throws(Diagnostic) {
    for object in objects {
      var places: [Int?] = []
      for section in object.sections {
        guard section.isAllocated, section.size > 0, !section.isUnwindTable else {
          places.append(nil)
          continue
        }
        if section.isThreadLocal {
          throw object.damaged("\(section.name): thread-local data is not supported")
        }
        if section.isStartupList {
          throw object.damaged("\(section.name): code to run at start is not supported")
        }
        places.append(
          try reserve(
            section.size, alignment: section.alignment, in: part(of: section), for: object))
      }
      placements.append(places)
    }
  }

  private func part(of section: ELFObject.Section) -> Part {
    if section.isExecutable { return .code }
    // Data that only relocation writes is constant from then on.
    if section.name.hasPrefix(".data.rel.ro") { return .constants }
    return section.isWritable ? .data : .constants
  }

  /// Common symbols of the same name share the largest one's space.
  private mutating func collectCommons() throws(Diagnostic) {
    for object in objects {
      for symbol in object.symbols where symbol.place == .common {
        guard let size = Int(exactly: symbol.size), size <= Self.limit,
          let alignment = Int(exactly: max(symbol.value, 1)), alignment & (alignment - 1) == 0,
          alignment <= Self.page
        else { throw object.damaged("common symbol '\(symbol.name)'") }
        if let known = commonSizes[symbol.name] {
          commonSizes[symbol.name] = (max(known.size, size), max(known.alignment, alignment))
        } else {
          commonOrder.append(symbol.name)
          commonSizes[symbol.name] = (size, alignment)
        }
      }
    }
    guard let first = objects.first else { return }
    for name in commonOrder {
      guard let (size, alignment) = commonSizes[name] else { continue }
      commons[name] = try reserve(size, alignment: alignment, in: .data, for: first)
    }
  }

  private struct SectionRelocations {
    var object: Int
    var section: Int
    var relocations: [ELFObject.Relocation]
  }

  /// Reads the relocations of what is loaded and counts table slots and stubs they need.
  private mutating func collectRelocations() throws(Diagnostic) -> [SectionRelocations] {
    var all: [SectionRelocations] = []
    for (number, object) in objects.enumerated() {
      for section in object.sections {
        guard let list = try object.relocations(in: section) else { continue }
        guard placements[number][section.info] != nil else { continue }
        for relocation in list { requestSlots(relocation, number) }
        all.append(
          SectionRelocations(object: number, section: section.info, relocations: list))
      }
    }
    return all
  }

  private mutating func requestSlots(_ relocation: ELFObject.Relocation, _ object: Int) {
    guard let type = RelocationType(rawValue: relocation.type) else { return }
    let symbol = objects[object].symbols[relocation.symbol]
    if type.usesAddressTable {
      let key = key(relocation.symbol, object)
      if tableSlots[key] == nil { tableSlots[key] = tableSlots.count }
    } else if type == .plt32, symbol.place == .undefined, stubSlots[symbol.name] == nil {
      stubSlots[symbol.name] = stubSlots.count
      let key = SymbolKey.global(symbol.name)
      if tableSlots[key] == nil { tableSlots[key] = tableSlots.count }
    }
  }

  private func key(_ symbol: Int, _ object: Int) -> SymbolKey {
    let entry = objects[object].symbols[symbol]
    return entry.isLocal ? .local(object: object, symbol: symbol) : .global(entry.name)
  }

  private mutating func placeTables() throws(Diagnostic) {
    guard let first = objects.first else { return }
    tableStart = try reserve(8 * tableSlots.count, alignment: 8, in: .constants, for: first)
    stubStart = try reserve(
      Self.stubSize * stubSlots.count, alignment: 16, in: .code, for: first)
  }

  /// Sets where each part starts, turns offsets in parts into offsets in the mapping, and returns
  /// the mapping's size.
  private mutating func layParts() -> Int {
    var next = 0
    for part in Part.allCases {
      partStarts[part.rawValue] = next
      let size = partEnds[part.rawValue]
      next += (size + Self.page - 1) & ~(Self.page - 1)
    }
    for (number, object) in objects.enumerated() {
      for (index, section) in object.sections.enumerated() {
        guard let offset = placements[number][index] else { continue }
        placements[number][index] = offset + partStarts[part(of: section).rawValue]
      }
    }
    commons = commons.mapValues { $0 + partStarts[Part.data.rawValue] }
    tableStart += partStarts[Part.constants.rawValue]
    stubStart += partStarts[Part.code.rawValue]
    return max(next, Self.page)
  }

  private func copySections(to memory: UnsafeMutableRawPointer) {
    for (number, object) in objects.enumerated() {
      for (index, section) in object.sections.enumerated() where !section.isZeroFilled {
        guard let offset = placements[number][index], let start = object.bytes.baseAddress else {
          continue
        }
        (memory + offset).copyMemory(from: start + section.offset, byteCount: section.size)
      }
    }
  }

  private func protect(_ memory: UnsafeMutableRawPointer) throws(Diagnostic) {
    for part in Part.allCases {
      let size = (partEnds[part.rawValue] + Self.page - 1) & ~(Self.page - 1)
      guard size > 0, part != .data else { continue }
      guard mprotect(memory + partStarts[part.rawValue], size, part.protection) == 0 else {
        throw Diagnostic(.error, "cannot protect loaded code: \(systemMessage(errno))")
      }
    }
  }

  // MARK: Symbols

  /// Finds the addresses of the global symbols the objects define. A weak definition gives way.
  private mutating func define() throws(Diagnostic) {
    var weak: Set<String> = []
    for (number, object) in objects.enumerated() {
      for symbol in object.symbols where !symbol.isLocal && symbol.place != .undefined {
        guard !symbol.name.isEmpty, let address = try place(of: symbol, number) else { continue }
        let isCommon = symbol.place == .common
        if defined[symbol.name] != nil, !weak.contains(symbol.name) {
          if symbol.isWeak || isCommon { continue }
          throw Diagnostic(.error, "symbol '\(symbol.name)' is defined twice", subject: object.name)
        }
        if defined[symbol.name] != nil, symbol.isWeak { continue }
        defined[symbol.name] = address
        if symbol.isWeak || isCommon {
          weak.insert(symbol.name)
        } else {
          weak.remove(symbol.name)
        }
      }
    }
  }

  /// The address of a symbol its object defines; nil where its section is not loaded.
  private func place(of symbol: ELFObject.Symbol, _ object: Int) throws(Diagnostic) -> Int? {
    let indirectFunction: UInt8 = 10
    if symbol.type == indirectFunction, symbol.place != .undefined {
      throw objects[object].damaged("indirect function '\(symbol.name)' is not supported")
    }
    switch symbol.place {
    case .undefined: return nil
    case .absolute: return Int(truncatingIfNeeded: symbol.value)
    case .common: return commons[symbol.name].map { base + $0 }
    case .section(let index):
      guard let offset = placements[object][index] else { return nil }
      guard symbol.value <= UInt64(objects[object].sections[index].size) else {
        throw objects[object].damaged("symbol '\(symbol.name)' lies outside its section")
      }
      return base + offset + Int(symbol.value)
    }
  }

  private mutating func address(_ index: Int, _ object: Int) throws(Diagnostic) -> Int {
    let symbol = objects[object].symbols[index]
    if symbol.isLocal {
      if index == 0 { return 0 }
      guard let address = try place(of: symbol, object) else {
        throw objects[object].damaged("a relocation names what is not loaded ('\(symbol.name)')")
      }
      return address
    }
    return try address(ofGlobal: symbol, objects[object].name)
  }

  private mutating func address(
    ofGlobal symbol: ELFObject.Symbol, _ object: String
  ) throws(Diagnostic) -> Int {
    if let address = defined[symbol.name] { return address }
    if let address = resolved[symbol.name] { return address }
    guard let address = findOutside(symbol.name) else {
      if symbol.isWeak { return 0 }
      throw Diagnostic(.error, "undefined symbol '\(symbol.name)'", subject: object)
    }
    resolved[symbol.name] = address
    return address
  }

  private func findOutside(_ name: String) -> Int? {
    guard !name.isEmpty else { return nil }
    if let address = given[name] { return Int(bitPattern: address) }
    if let address = dlsym(nil, name) { return Int(bitPattern: address) }
    for library in ["libm.so.6", "libmvec.so.1"] {
      // Opened once per process by the dynamic linker, however often this is called.
      guard let handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL) else { continue }
      if let address = dlsym(handle, name) { return Int(bitPattern: address) }
    }
    return nil
  }

  // MARK: Relocation

  private mutating func writeTables(_ memory: UnsafeMutableRawPointer) throws(Diagnostic) {
    for (number, object) in objects.enumerated() {
      for (index, symbol) in object.symbols.enumerated() {
        guard let slot = tableSlots[key(index, number)] else { continue }
        let address = try address(index, number)
        let at = tableStart + 8 * slot
        (memory + at).storeBytes(of: UInt64(bitPattern: Int64(address)), as: UInt64.self)
        guard !symbol.isLocal, let stub = stubSlots[symbol.name] else { continue }
        writeStub(memory, stubStart + Self.stubSize * stub, slotOffset: at)
      }
    }
  }

  /// `endbr64; jmp *slot(%rip)`
  private func writeStub(_ memory: UnsafeMutableRawPointer, _ offset: Int, slotOffset: Int) {
    let code: [UInt8] = [0xf3, 0x0f, 0x1e, 0xfa, 0xff, 0x25]
    for (index, byte) in code.enumerated() {
      (memory + offset + index).storeBytes(of: byte, as: UInt8.self)
    }
    let displacement = Int32(truncatingIfNeeded: slotOffset - (offset + 10))
    (memory + offset + 6).storeBytes(of: displacement, as: Int32.self)
    for index in 10..<Self.stubSize {
      (memory + offset + index).storeBytes(of: 0xcc, as: UInt8.self)
    }
  }

  private mutating func relocate(
    _ list: SectionRelocations, _ memory: UnsafeMutableRawPointer
  ) throws(Diagnostic) {
    let object = objects[list.object]
    let section = object.sections[list.section]
    guard let start = placements[list.object][list.section] else { return }
    for relocation in list.relocations {
      guard let type = RelocationType(rawValue: relocation.type) else {
        throw object.damaged("\(section.name): relocation type \(relocation.type) is not supported")
      }
      if type == .none { continue }
      guard relocation.offset <= UInt64(section.size),
        type.width <= section.size - Int(relocation.offset)
      else { throw object.damaged("\(section.name): relocation past the end") }
      let offset = start + Int(relocation.offset)
      let target = try target(of: relocation, type, list.object)
      var value = target &+ Int(relocation.addend)
      if type.isRelative { value &-= base + offset }
      guard type.fits(value) else {
        let name = object.symbols[relocation.symbol].name
        throw Diagnostic(
          .error, "\(section.name): symbol '\(name)' is out of reach", subject: object.name)
      }
      type.store(value, at: memory + offset)
    }
  }

  private mutating func target(
    of relocation: ELFObject.Relocation, _ type: RelocationType, _ object: Int
  ) throws(Diagnostic) -> Int {
    let symbol = objects[object].symbols[relocation.symbol]
    if type.usesAddressTable, let slot = tableSlots[key(relocation.symbol, object)] {
      return base + tableStart + 8 * slot
    }
    if type == .plt32, symbol.place == .undefined, defined[symbol.name] == nil,
      let stub = stubSlots[symbol.name]
    {
      return base + stubStart + Self.stubSize * stub
    }
    return try address(relocation.symbol, object)
  }
}
