import MartletDialects
import MartletIR
import MartletSupport
import Testing

@Suite struct MemRefTests {
  @Test(arguments: [TextCase(name: "memref/ops"), TextCase(name: "bufferization/ops")])
  func text(_ test: TextCase) throws { try test.check() }

  @Test func layouts() throws {
    let context = IRText.makeContext()
    let plain = context.memRef([2, 3, 4], context.f32)
    #expect(plain.stridedLayout == MemRefLayout(offset: 0, strides: [12, 4, 1]))
    let dynamic = context.memRef([2, Type.dynamic, 4], context.f32)
    #expect(dynamic.stridedLayout?.strides == [Type.dynamic, 4, 1])
    let d = (0..<2).map(context.affineDimension)
    let map = context.affineMap(
      dimensions: 2, symbols: 0, [d[0] * 8 + d[1] * 2 + context.affineConstant(5)])
    let mapped = context.memRef([2, 3], context.f32, layout: context.affineMapAttribute(map))
    #expect(mapped.stridedLayout == MemRefLayout(offset: 5, strides: [8, 2]))
    let tiled = context.affineMap(
      dimensions: 1, symbols: 0,
      [
        context.affineBinary(.floorDiv, d[0], context.affineConstant(2)),
        context.affineBinary(.mod, d[0], context.affineConstant(2)),
      ])
    let type = context.memRef([4], context.f32, layout: context.affineMapAttribute(tiled))
    #expect(type.stridedLayout == nil)
  }

  @Test func subviewTypes() throws {
    let context = IRText.makeContext()
    let source = context.memRef([8, 16], context.f32)
    let part = MemRef.subviewType(source, offsets: [2, 4], sizes: [1, 8], strides: [1, 2])
    #expect(part?.stridedLayout == MemRefLayout(offset: 36, strides: [16, 2]))
    let row = MemRef.rankReducedSubviewType(
      source, shape: [8], offsets: [2, 4], sizes: [1, 8], strides: [1, 2])
    #expect(row?.stridedLayout == MemRefLayout(offset: 36, strides: [2]))
    #expect(MemRef.keptDimensions(of: [1, 4, 1], in: [4, 1]) == [1, 2])
    #expect(MemRef.keptDimensions(of: [1, 4, 1], in: [5]) == nil)
  }

  @Test func folds() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      func.func @f(%n: index, %m: memref<4x8xf32>) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %a = memref.alloc(%n) : memref<4x?xf32>
        %d0 = memref.dim %a, %c0 : memref<4x?xf32>
        %d1 = memref.dim %a, %c1 : memref<4x?xf32>
        %c = memref.cast %m : memref<4x8xf32> to memref<?x?xf32>
        %b = memref.cast %c : memref<?x?xf32> to memref<4x8xf32>
        %s = memref.subview %m[0, 0] [4, 8] [1, 1] : memref<4x8xf32> to memref<4x8xf32, strided<[8, 1]>>
        %l = memref.load %a[%c0, %c1] : memref<4x?xf32>
        return
      }
      """, context)
    func fold(_ name: String, _ i: Int = 0) -> Folded? {
      let operation = IRText.operations(name, in: module)[i]
      guard let values = operation.definition?.fold?(operation).replacements else { return nil }
      return values.first
    }
    let function = IRText.operations("func.func", in: module)[0]
    if case .attribute(let size)? = fold("memref.dim") {
      #expect(size.integerValue == 4)
    } else {
      Issue.record("static dim does not fold")
    }
    if case .value(let size)? = fold("memref.dim", 1) {
      #expect(size == function.region(0).arguments[0])
    } else {
      Issue.record("dim of alloc does not fold")
    }
    if case .value(let memory)? = fold("memref.cast", 1) {
      #expect(memory == function.region(0).arguments[1])
    } else {
      Issue.record("cast and back does not fold")
    }
    #expect(fold("memref.subview") == nil)
    #expect(IRText.operations("memref.load", in: module)[0].memoryEffects == .read)
  }

  @Test(arguments: [
    (
      "%x = memref.load %m[%i] : memref<4x8xf32>",
      "'memref.load' op incorrect number of indices for load, expected 2 but got 1"
    ),
    (
      "%x = memref.alloc() : memref<?xf32>",
      "'memref.alloc' op incorrect number of dynamic sizes, has 0, expected 1"
    ),
    (
      "%x = memref.cast %m : memref<4x8xf32> to memref<4x9xf32>",
      "'memref.cast' op operand type 'memref<4x8xf32>' and result type 'memref<4x9xf32>' are cast incompatible"
    ),
    (
      "%x = memref.subview %m[0, 0] [2, 2] [1, 1] : memref<4x8xf32> to memref<2x2xf32>",
      "expected result type to be 'memref<2x2xf32, strided<[8, 1]>>' or a rank-reduced version. (mismatch of result layout), but got 'memref<2x2xf32>'"
    ),
    (
      "%x = memref.collapse_shape %m [[0, 1]] : memref<4x8xf32> into memref<31xf32>",
      "'memref.collapse_shape' op collapsed dim size (31) must equal reassociation group size (32)"
    ),
    (
      "%x = memref.get_global @none : memref<2xf32>",
      "'memref.get_global' op 'none' does not reference a valid global memref"
    ),
  ])
  func verifierMessages(_ text: String, _ expected: String) {
    let module = "func.func @f(%m: memref<4x8xf32>, %i: index) {\n  \(text)\n  return\n}"
    #expect(IRText.message(module) == expected)
  }
}
