import MartletIR
import MartletSupport

extension Printer {
  /// How much of a typed attribute's type is written.
  enum TypeElision { case never, maybe, always }

  public func attribute(_ attribute: Attribute) { self.attribute(attribute, .never) }
  /// Without its type, which the place implies.
  public func attributeWithoutType(_ attribute: Attribute) { self.attribute(attribute, .always) }
  /// Without its type where that is the default of numbers, i64 or f64.
  func attributeWithMaybeElidedType(_ attribute: Attribute) { self.attribute(attribute, .maybe) }

  func attribute(_ attribute: Attribute, _ elision: TypeElision) {
    if aliases.write(attribute, self) { return }
    attributeBody(attribute, elision)
  }

  func attributeBody(_ attribute: Attribute, _ elision: TypeElision) {
    switch attribute.kind {
    case .unit: out.append("unit")
    case .integer: integer(attribute, elision)
    case .float:
      let type = attribute.typeWord(0)
      FloatText.write(attribute.floatBits, type.floatKind ?? .f64, to: out)
      if elision == .always || (elision == .maybe && type.isFloat(.f64)) { return }
      out.append(" : ")
      self.type(type)
    case .string:
      quoted(attribute.identifierWord(0).bytes)
      if elision != .always, let type = attribute.type {
        out.append(" : ")
        self.type(type)
      }
    case .array:
      out.append("[")
      for (i, element) in (attribute.elements ?? []).enumerated() {
        if i > 0 { out.append(", ") }
        self.attribute(element, .maybe)
      }
      out.append("]")
    case .dictionary: dictionary(attribute.entries)
    case .symbolRef:
      symbolName(attribute.rootReference?.string ?? "")
      for nested in attribute.nestedReferences {
        out.append("::")
        symbolName(nested.string)
      }
    case .type: type(attribute.typeWord(0))
    case .affineMap:
      guard let map = attribute.affineMap else { return }
      out.append("affine_map<")
      affineMap(map)
      out.append(">")
    case .integerSet:
      guard let set = attribute.integerSet else { return }
      out.append("affine_set<")
      integerSet(set)
      out.append(">")
    case .denseElements, .denseString: denseElements(attribute, elision)
    case .denseResource:
      out.append("dense_resource<")
      if let key = attribute.resourceKey {
        keywordOrString(key.string)
        noteResource(key)
      }
      out.append(">")
      typeSuffix(attribute, elision)
    case .sparseElements: sparseElements(attribute, elision)
    case .denseArray: denseArray(attribute)
    case .stridedLayout: strided(attribute)
    case .opaque:
      opaque("#", attribute.identifierWord(0).string, attribute.identifierWord(1).string)
      if let type = attribute.opaqueType {
        out.append(" : ")
        self.type(type)
      }
    case .distinct:
      out.append("distinct[")
      out.append(UInt64(aliases.distinctNumber(attribute.words[0])))
      out.append("]<")
      if let inner = attribute.attributeWord(1), !inner.isUnit { self.attribute(inner) }
      out.append(">")
    case .unknownLocation, .fileLocation, .nameLocation, .callSiteLocation, .fusedLocation:
      out.append("loc(")
      location(attribute)
      out.append(")")
    case nil:
      guard let definition = attribute.definition else { return }
      let assembly = definition.interface(AttributeAssembly.self)
      let isNested = assembly?.isNested ?? false
      out.append("#")
      if let assembly, assembly.choosesForm {
        symbol(definition.dialectName, definition.mnemonic) { assembly.print(self, attribute) }
        return
      }
      out.append(isNested ? "\(definition.dialectName)<\(definition.mnemonic)" : definition.name)
      assembly?.print(self, attribute)
      if isNested { out.append(">") }
    }
  }

  private func integer(_ attribute: Attribute, _ elision: TypeElision) {
    let type = attribute.typeWord(0)
    if type.isInteger(1) {
      out.append(attribute.integerValue == 0 ? "false" : "true")
      return
    }
    let words = attribute.integerWords
    if words.count == 1 {
      if type.signedness == .unsigned {
        out.append(words[0])
      } else {
        out.append(Int64(bitPattern: words[0]))
      }
    } else {
      out.append(Printer.decimal(words, isSigned: type.signedness != .unsigned))
    }
    if elision == .always || (elision == .maybe && type.isInteger(64)) { return }
    out.append(" : ")
    self.type(type)
  }

  /// Decimal digits of a number of several words, least significant first.
  static func decimal(_ words: [UInt64], isSigned: Bool) -> String {
    var words = words
    let isNegative = isSigned && words[words.count - 1] >> 63 == 1
    if isNegative {
      var carry = true
      for i in words.indices {
        words[i] = ~words[i]
        if carry { (words[i], carry) = words[i].addingReportingOverflow(1) }
      }
    }
    var groups: [String] = []
    while words.contains(where: { $0 != 0 }) {
      var remainder: UInt64 = 0
      for i in words.indices.reversed() {
        let (quotient, rest) = UInt64(1_000_000_000).dividingFullWidth((remainder, words[i]))
        words[i] = quotient
        remainder = rest
      }
      groups.append(String(remainder))
    }
    guard let first = groups.last else { return "0" }
    let rest = groups.dropLast().reversed().map { String(repeating: "0", count: 9 - $0.count) + $0 }
    return (isNegative ? "-" : "") + first + rest.joined()
  }

  private func typeSuffix(_ attribute: Attribute, _ elision: TypeElision) {
    if elision == .always { return }
    out.append(" : ")
    if let type = attribute.type { self.type(type) }
  }

  private func denseArray(_ attribute: Attribute) {
    guard let element = attribute.denseArrayElementType else { return }
    out.append("array<")
    type(element)
    let words = attribute.denseArrayWords
    if !words.isEmpty { out.append(": ") }
    denseArrayElements(attribute)
    out.append(">")
  }

  /// `1, 2, 3` of a dense array.
  public func denseArrayElements(_ attribute: Attribute) {
    guard let element = attribute.denseArrayElementType else { return }
    for (i, word) in attribute.denseArrayWords.enumerated() {
      if i > 0 { out.append(", ") }
      scalar(word, element)
    }
  }

  func scalar(_ word: UInt64, _ element: Type) {
    if element.isInteger(1) {
      out.append(word & 1 == 0 ? "false" : "true")
    } else if let kind = element.floatKind {
      FloatText.write([word], kind, to: out)
    } else if element.signedness == .unsigned {
      out.append(word)
    } else {
      out.append(Int64(bitPattern: word))
    }
  }

  private func strided(_ attribute: Attribute) {
    guard let (offset, strides) = attribute.strided else { return }
    let size = { (value: Int) in
      if value == Type.dynamic { self.out.append("?") } else { self.out.append(Int64(value)) }
    }
    out.append("strided<[")
    for (i, stride) in strides.enumerated() {
      if i > 0 { out.append(", ") }
      size(stride)
    }
    out.append("]")
    if offset != 0 {
      out.append(", offset: ")
      size(offset)
    }
    out.append(">")
  }

  // MARK: Elements

  private func denseElements(_ attribute: Attribute, _ elision: TypeElision) {
    guard let type = attribute.type else { return }
    let count = type.elementCount ?? 0
    if let limit = options.elideElementsOver, !attribute.isSplat, count > limit {
      out.append("dense_resource<__elided__>")
      typeSuffix(attribute, elision)
      return
    }
    out.append("dense<")
    if count == 0, attribute.isSplat, let elements = attribute.denseElements {
      // Nothing, but written with the value it would have.
      element(elements, 0)
    } else if let strings = attribute.denseStrings {
      nested(type.shape, isSplat: attribute.isSplat) { self.quoted(strings[$0].bytes) }
    } else if let elements = attribute.denseElements {
      let useHex = options.hexElementsOver.map { !elements.isSplat && count > $0 } ?? false
      if useHex {
        hex(elements)
      } else {
        nested(type.shape, isSplat: elements.isSplat) { self.element(elements, $0) }
      }
    }
    out.append(">")
    typeSuffix(attribute, elision)
  }

  private func element(_ elements: DenseElements, _ i: Int) {
    let type = elements.type.elementType
    if type.kind == .complex {
      let size = DenseElements.elementSize(type.elementType)
      let start = elements.isSplat ? 0 : i * 2 * size
      out.append("(")
      wide(elements.bytes, start, size, type.elementType)
      out.append(",")
      wide(elements.bytes, start + size, size, type.elementType)
      out.append(")")
      return
    }
    let size = elements.elementSize
    wide(elements.bytes, elements.isSplat ? 0 : i * size, size, type)
  }

  private func wide(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ size: Int, _ type: Type) {
    var words: [UInt64] = Array(repeating: 0, count: max(1, (size + 7) / 8))
    for byte in 0..<size {
      words[byte / 8] |= UInt64(bytes[start + byte]) << UInt64(8 * (byte % 8))
    }
    if let kind = type.floatKind {
      FloatText.write(words, kind, to: out)
    } else if words.count > 1 {
      out.append(Printer.decimal(words, isSigned: type.signedness != .unsigned))
    } else {
      let value = type.context.integerAttribute(Int64(bitPattern: words[0]), type)
      scalar(UInt64(bitPattern: value.integerValue ?? 0), type)
    }
  }

  /// The elements in nested brackets; a splat is its one element.
  private func nested(_ shape: [Int], isSplat: Bool, _ element: (Int) -> Void) {
    if isSplat || shape.isEmpty {
      if !(shape.contains(0)) { element(0) }
      return
    }
    var position = 0
    func level(_ depth: Int) {
      out.append("[")
      for i in 0..<shape[depth] {
        if i > 0 { out.append(", ") }
        if depth + 1 == shape.count {
          element(position)
          position += 1
        } else {
          level(depth + 1)
        }
      }
      out.append("]")
    }
    if shape.contains(0) { return }
    level(0)
  }

  private func hex(_ elements: DenseElements) {
    out.append("\"0x")
    let digits = Array("0123456789ABCDEF".utf8)
    let write = { (byte: UInt8) in
      self.out.append(digits[Int(byte >> 4)])
      self.out.append(digits[Int(byte & 15)])
    }
    if elements.type.elementType.isInteger(1) {
      for start in stride(from: 0, to: elements.count, by: 8) {
        var byte: UInt8 = 0
        for bit in 0..<min(8, elements.count - start) where elements.bytes[start + bit] & 1 == 1 {
          byte |= 1 << UInt8(bit)
        }
        write(byte)
      }
    } else {
      for byte in elements.bytes { write(byte) }
    }
    out.append("\"")
  }

  private func sparseElements(_ attribute: Attribute, _ elision: TypeElision) {
    out.append("sparse<")
    if let indices = attribute.attributeWord(1), let values = attribute.attributeWord(2),
      values.type?.elementCount ?? 0 > 0
    {
      if let elements = indices.denseElements {
        nested(elements.type.shape, isSplat: elements.isSplat) { self.element(elements, $0) }
      }
      out.append(", ")
      if let elements = values.denseElements {
        nested(elements.type.shape, isSplat: elements.isSplat) { self.element(elements, $0) }
      }
    }
    out.append(">")
    typeSuffix(attribute, elision)
  }

  // MARK: Affine

  public func affineMap(_ map: AffineMap) {
    affineNames(map.dimensionCount, map.symbolCount)
    out.append(" -> (")
    for (i, result) in map.results.enumerated() {
      if i > 0 { out.append(", ") }
      affineExpr(result, parent: nil)
    }
    out.append(")")
  }

  /// The results of a map over SSA values, `%i + 1, symbol(%n)`; the values are those of the dimensions, then
  /// of the symbols.
  public func inlineAffineMap(_ map: AffineMap, _ operands: [Value]) {
    inlineAffine = (operands, map.dimensionCount)
    defer { inlineAffine = nil }
    for (i, result) in map.results.enumerated() {
      if i > 0 { out.append(", ") }
      affineExpr(result, parent: nil)
    }
  }

  func integerSet(_ set: IntegerSet) {
    affineNames(set.dimensionCount, set.symbolCount)
    out.append(" : (")
    for (i, constraint) in set.constraints.enumerated() {
      if i > 0 { out.append(", ") }
      affineExpr(constraint.expr, parent: nil)
      out.append(constraint.isEquality ? " == 0" : " >= 0")
    }
    out.append(")")
  }

  private func affineNames(_ dimensions: Int, _ symbols: Int) {
    out.append("(")
    for i in 0..<dimensions {
      if i > 0 { out.append(", ") }
      out.append("d")
      out.append(UInt64(i))
    }
    out.append(")")
    if symbols == 0 { return }
    out.append("[")
    for i in 0..<symbols {
      if i > 0 { out.append(", ") }
      out.append("s")
      out.append(UInt64(i))
    }
    out.append("]")
  }

  /// Inside a product, sums and products are put in parentheses.
  func affineExpr(_ expr: AffineExpr, parent: AffineExpr.Kind?) {
    let isStrong = parent != nil && parent != .add
    switch expr.kind {
    case .dimension:
      if let inline = inlineAffine, expr.position < inline.operands.count {
        operand(inline.operands[expr.position])
        return
      }
      out.append("d")
      out.append(UInt64(expr.position))
      return
    case .symbol:
      if let inline = inlineAffine, inline.dimensions + expr.position < inline.operands.count {
        out.append("symbol(")
        operand(inline.operands[inline.dimensions + expr.position])
        out.append(")")
        return
      }
      out.append("s")
      out.append(UInt64(expr.position))
      return
    case .constant:
      out.append(Int64(expr.constantValue ?? 0))
      return
    default: break
    }
    if isStrong { out.append("(") }
    defer { if isStrong { out.append(")") } }
    let left = expr.left
    let right = expr.right
    switch expr.kind {
    case .add: affineSum(left, right)
    case .mul:
      if right.constantValue == -1 {
        out.append("-")
        affineExpr(left, parent: .mul)
        return
      }
      affineExpr(left, parent: .mul)
      out.append(" * ")
      affineExpr(right, parent: .mul)
    case .mod, .floorDiv, .ceilDiv:
      affineExpr(left, parent: expr.kind)
      out.append(expr.kind == .mod ? " mod " : expr.kind == .floorDiv ? " floordiv " : " ceildiv ")
      affineExpr(right, parent: expr.kind)
    default: break
    }
  }

  /// `a + b`, with a negative second term written as a difference.
  private func affineSum(_ left: AffineExpr, _ right: AffineExpr) {
    affineExpr(left, parent: .add)
    if right.kind == .mul, let factor = right.right.constantValue, factor < 0 {
      out.append(" - ")
      if factor == -1 {
        affineExpr(right.left, parent: right.left.kind == .add ? .mul : .add)
      } else {
        affineExpr(right.left, parent: .mul)
        out.append(" * ")
        out.append(Int64(0 &- factor))
      }
      return
    }
    if let value = right.constantValue, value < 0 {
      out.append(" - ")
      out.append(UInt64(value.magnitude))
      return
    }
    out.append(" + ")
    affineExpr(right, parent: .add)
  }

  // MARK: Locations

  func locationInstance(_ location: Location) {
    if options.prettyDebugInfo {
      self.location(location.attribute)
      return
    }
    out.append("loc(")
    self.location(location.attribute)
    out.append(")")
  }

  func location(_ attribute: Attribute) {
    switch attribute.kind {
    case .fileLocation:
      if options.prettyDebugInfo {
        out.append(attribute.identifierWord(0).bytes)
      } else {
        quoted(attribute.identifierWord(0).bytes)
      }
      out.append(":")
      out.append(attribute.words[1])
      out.append(":")
      out.append(attribute.words[2])
      if attribute.words.count > 3 {
        out.append(" to ")
        if attribute.words[3] != attribute.words[1] { out.append(attribute.words[3]) }
        out.append(":")
        out.append(attribute.words[4])
      }
    case .nameLocation:
      quoted(attribute.identifierWord(0).bytes)
      if let child = attribute.attributeWord(1), child.kind != .unknownLocation {
        out.append("(")
        location(child)
        out.append(")")
      }
    case .callSiteLocation:
      out.append("callsite(")
      if let callee = attribute.attributeWord(0) { location(callee) }
      out.append(" at ")
      if let caller = attribute.attributeWord(1) { location(caller) }
      out.append(")")
    case .fusedLocation:
      out.append("fused")
      if let metadata = attribute.attributeWord(0) {
        out.append("<")
        self.attribute(metadata)
        out.append(">")
      }
      out.append("[")
      for i in 1..<attribute.words.count {
        if i > 1 { out.append(", ") }
        if let part = attribute.attributeWord(i) { location(part) }
      }
      out.append("]")
    default: out.append("unknown")
    }
  }
}
