import MartletIR
import MartletSupport

extension Printer {
  public func type(_ type: Type) {
    switch type.kind {
    case .vector, .rankedTensor, .memRef, .function, .tuple: repeated(type)
    default: write(type)
    }
  }

  /// Writes a type whose text is worth keeping: that of one written before is copied.
  private func repeated(_ type: Type) {
    // Each mention counts where aliases are looked for.
    if aliases.isCollecting || options.elideElementsOver != nil {
      write(type)
      return
    }
    let number = Int(type.raw)
    if number < typeTexts.value.places.count, typeTexts.value.places[number].length > 0 {
      let place = typeTexts.value.places[number]
      out.append(
        UnsafeBufferPointer(start: typeTexts.value.text.base + place.start, count: place.length))
      return
    }
    let start = out.count
    write(type)
    let length = out.count - start
    guard length > 0 else { return }
    let missing = number + 1 - typeTexts.value.places.count
    if missing > 0 { typeTexts.value.places.append(repeating: TypeTexts.Place(), count: missing) }
    typeTexts.value.places[number] = .init(start: typeTexts.value.text.count, length: length)
    typeTexts.value.text.append(UnsafeBufferPointer(start: out.base + start, count: length))
  }

  private func write(_ type: Type) {
    switch type.kind {
    case .integer:
      switch type.signedness {
      case .signless: out.append("i")
      case .signed: out.append("si")
      case .unsigned: out.append("ui")
      }
      out.append(UInt64(type.bitWidth ?? 0))
    case .index: out.append("index")
    case .float: out.append(type.floatKind?.name ?? "f64")
    case .none?: out.append("none")
    case .complex:
      out.append("complex<")
      self.type(type.elementType)
      out.append(">")
    case .function: functionalType(type.inputs, type.results)
    case .tuple:
      out.append("tuple<")
      types(type.inputs)
      out.append(">")
    case .vector: vector(type)
    case .rankedTensor:
      out.append("tensor<")
      dimensions(type.shape)
      self.type(type.elementType)
      if let encoding = type.encoding {
        out.append(", ")
        attribute(encoding)
      }
      out.append(">")
    case .unrankedTensor:
      out.append("tensor<*x")
      self.type(type.elementType)
      out.append(">")
    case .memRef: memRef(type)
    case .unrankedMemRef:
      out.append("memref<*x")
      self.type(type.elementType)
      memorySpace(type)
      out.append(">")
    case .opaque: opaque("!", type.opaqueDialect, type.opaqueText)
    case .graph, nil: dialectType(type)
    }
  }

  private func dialectType(_ type: Type) {
    guard let definition = type.definition else { return }
    let assembly = definition.interface(TypeAssembly.self)
    out.append("!")
    if let assembly, assembly.choosesForm {
      symbol(definition.dialectName, definition.mnemonic) { assembly.print(self, type) }
      return
    }
    out.append(definition.name)
    assembly?.print(self, type)
  }

  /// `dialect.mnemonic<...>` where what `body` writes is in such brackets or nothing, else
  /// `dialect<mnemonic ...>`.
  func symbol(_ dialect: String, _ mnemonic: String, _ body: () -> Void) {
    let start = out.count
    out.append(dialect)
    out.append(".")
    out.append(mnemonic)
    let bodyStart = out.count
    body()
    let end = out.count
    if end == bodyStart { return }
    if out.base[bodyStart] == UInt8(ascii: "<"), out.base[end - 1] == UInt8(ascii: ">") { return }
    let copy = Array(UnsafeBufferPointer(start: out.base + bodyStart, count: end - bodyStart))
    out.truncate(to: start)
    out.append(dialect)
    out.append("<")
    out.append(mnemonic)
    copy.withUnsafeBufferPointer { out.append($0) }
    out.append(">")
  }

  func opaque(_ prefix: StaticString, _ dialect: String, _ text: String) {
    out.append(prefix)
    out.append(dialect)
    // `<...>` follows the dialect at once, a pretty body after a dot.
    if text.utf8.first != UInt8(ascii: "<") { out.append(".") }
    out.append(text)
  }

  func dimensions(_ shape: [Int]) {
    for size in shape {
      if size == Type.dynamic { out.append("?") } else { out.append(Int64(size)) }
      out.append("x")
    }
  }

  /// `4x?x8`.
  public func dimensionList(_ shape: [Int]) {
    for (i, size) in shape.enumerated() {
      if i > 0 { out.append("x") }
      if size == Type.dynamic { out.append("?") } else { out.append(Int64(size)) }
    }
  }

  private func vector(_ type: Type) {
    out.append("vector<")
    let mask = type.scalableMask
    for (i, size) in type.shape.enumerated() {
      let isScalable = i < 64 && mask >> UInt64(i) & 1 == 1
      if isScalable { out.append("[") }
      out.append(Int64(size))
      if isScalable { out.append("]") }
      out.append("x")
    }
    self.type(type.elementType)
    out.append(">")
  }

  private func memRef(_ type: Type) {
    out.append("memref<")
    dimensions(type.shape)
    self.type(type.elementType)
    if let layout = type.layout {
      out.append(", ")
      attribute(layout)
    }
    memorySpace(type)
    out.append(">")
  }

  private func memorySpace(_ type: Type) {
    if let space = type.memorySpace {
      out.append(", ")
      attributeWithMaybeElidedType(space)
    }
  }
}
