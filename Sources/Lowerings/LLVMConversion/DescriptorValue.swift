import MartletDialects
import MartletIR
import MartletRewriting

/// The structure that stands for a memref: allocated and aligned pointer, offset, sizes and strides.
enum DescriptorValue {
  static let allocated = [0]
  static let aligned = [1]
  static let offset = [2]
  static func size(_ i: Int) -> [Int] { [3, i] }
  static func stride(_ i: Int) -> [Int] { [4, i] }

  /// The descriptor made of its parts in the order in which they are passed to functions.
  static func pack(
    _ type: Type, _ parts: [Value], _ types: LLVMTypes, _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let converted = types.convert(type) else { return nil }
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    if type.kind == .unrankedMemRef {
      for (i, part) in parts.enumerated() {
        value = rewriter.insertValue(part, into: value, [i])
      }
      return value
    }
    guard parts.count == 3 + 2 * type.rank else { return nil }
    for i in 0..<3 { value = rewriter.insertValue(parts[i], into: value, [i]) }
    for i in 0..<type.rank {
      value = rewriter.insertValue(parts[3 + i], into: value, size(i))
      value = rewriter.insertValue(parts[3 + type.rank + i], into: value, stride(i))
    }
    return value
  }

  static func unpack(_ type: Type, _ value: Value, _ rewriter: ConversionRewriter) -> [Value] {
    if type.kind == .unrankedMemRef {
      return [rewriter.extractValue(value, [0]), rewriter.extractValue(value, [1])]
    }
    var parts = [allocated, aligned, offset].map { rewriter.extractValue(value, $0) }
    for i in 0..<type.rank { parts.append(rewriter.extractValue(value, size(i))) }
    for i in 0..<type.rank { parts.append(rewriter.extractValue(value, stride(i))) }
    return parts
  }

  /// The descriptor of memory at `pointer` whose type says all else; nil where it does not.
  static func fromStaticShape(
    _ type: Type, _ pointer: Value, _ types: LLVMTypes, _ rewriter: ConversionRewriter
  ) -> Value? {
    guard let converted = types.convert(type), type.hasStaticShape,
      let layout = type.stridedLayout, layout.isKnown
    else { return nil }
    let index = types.indexType
    var value = rewriter.llvm("mlir.poison", [], [converted]).result()
    value = rewriter.insertValue(pointer, into: value, allocated)
    value = rewriter.insertValue(pointer, into: value, aligned)
    value = rewriter.insertValue(
      rewriter.llvmConstant(layout.offset, index), into: value, offset)
    for i in 0..<type.rank {
      value = rewriter.insertValue(
        rewriter.llvmConstant(type.shape[i], index), into: value, size(i))
      value = rewriter.insertValue(
        rewriter.llvmConstant(layout.strides[i], index), into: value, stride(i))
    }
    return value
  }
}
