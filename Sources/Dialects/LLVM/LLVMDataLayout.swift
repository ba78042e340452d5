import MartletIR

/// Sizes and alignments of llvm's types where the module says nothing of them, in bytes, as MLIR's default data
/// layout has them.
public enum LLVMDataLayout {
  /// The size of a value in bits; nil for types without one.
  public static func bitSize(_ type: Type, depth: Int = 0) -> Int? {
    if depth > 64 { return nil }
    if type.isLLVMPointer { return 64 }
    if type.kind == .index { return 64 }
    if type.isInteger || type.isFloat { return type.bitWidth }
    if type.isVector {
      guard let element = bitSize(type.elementType, depth: depth + 1),
        let count = type.elementCount
      else { return nil }
      return product(element, count)
    }
    return byteSize(type, depth: depth).flatMap { product($0, 8) }
  }

  /// The number of bytes a value takes, without padding behind it.
  public static func byteSize(_ type: Type, depth: Int = 0) -> Int? {
    if depth > 64 { return nil }
    if let (element, count) = type.llvmArray {
      guard let size = byteSize(element, depth: depth + 1),
        let alignment = alignment(element, depth: depth + 1)
      else { return nil }
      return product(align(size, alignment), count)
    }
    if let structure = type.llvmStruct {
      guard let elements = structure.elements else { return nil }
      var size = 0
      var largest = 1
      for element in elements {
        guard let bytes = byteSize(element, depth: depth + 1),
          let alignment = alignment(element, depth: depth + 1)
        else { return nil }
        if !structure.isPacked {
          size = align(size, alignment)
          largest = max(largest, alignment)
        }
        let (sum, overflow) = size.addingReportingOverflow(bytes)
        if overflow { return nil }
        size = sum
      }
      return align(size, largest)
    }
    return bitSize(type, depth: depth + 1).map { ($0 + 7) / 8 }
  }

  /// The alignment of the ABI.
  public static func alignment(_ type: Type, depth: Int = 0) -> Int? {
    if depth > 64 { return nil }
    if type.isLLVMPointer || type.kind == .index { return 8 }
    if type.isInteger {
      guard let width = type.bitWidth else { return nil }
      // The default for wide integers is that of old 32-bit targets.
      return width < 64 ? powerOfTwo((width + 7) / 8) : 4
    }
    if type.isFloat || type.isVector { return byteSize(type, depth: depth + 1).map(powerOfTwo) }
    if let (element, _) = type.llvmArray { return alignment(element, depth: depth + 1) }
    if let structure = type.llvmStruct {
      if structure.isPacked { return 1 }
      var largest = 1
      for element in structure.elements ?? [] {
        guard let alignment = alignment(element, depth: depth + 1) else { return nil }
        largest = max(largest, alignment)
      }
      return largest
    }
    return nil
  }

  static func align(_ size: Int, _ alignment: Int) -> Int {
    let rest = size % max(1, alignment)
    return rest == 0 ? size : size &+ (alignment - rest)
  }

  private static func powerOfTwo(_ size: Int) -> Int {
    var power = 1
    while power < size, power < 1 << 30 { power *= 2 }
    return power
  }

  private static func product(_ a: Int, _ b: Int) -> Int? {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : result
  }
}
