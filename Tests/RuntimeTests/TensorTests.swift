import MartletSupport
import Testing

@testable import MartletRuntime

@Suite struct TensorTests {
  @Test func elementTypesHaveMLIRsNames() {
    for type in ElementType.allCases { #expect(ElementType(name: type.name) == type) }
    #expect(ElementType(name: "index") == .i64)
    #expect(ElementType(name: "si32") == .i32)
    #expect(ElementType(name: "f31") == nil)
    #expect(ElementType.bf16.byteSize == 2)
  }

  @Test func holdsElements() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(tensor.elementType == .f32)
    #expect(tensor.typeText == "2x3xf32")
    #expect(tensor.byteCount == 24)
    #expect(tensor.elements(as: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(tensor.elements(as: Int32.self) == nil)
    #expect(tensor.withUnsafeBytes { Int(bitPattern: $0.baseAddress) % 64 } == 0)
    let scalar = try Tensor([7] as [Int64], shape: [])
    #expect(scalar.elementCount == 1)
    #expect(scalar.elements(as: Int.self) == [7])
    #expect(try Tensor([Float](), shape: [0, 5]).elementCount == 0)
    #expect(try Tensor([3, 0, 1] as [UInt8]).elements(as: Bool.self) == nil)
    #expect(throws: Diagnostic.self) { try Tensor([1, 2] as [Float], shape: [3]) }
  }

  @Test func largeTensorsStartAsZeros() throws {
    let tensor = try Tensor(zeros: .f32, shape: [1 << 19])
    #expect(tensor.elements(as: Float.self)?.allSatisfy { $0 == 0 } == true)
    #expect(tensor.withUnsafeBytes { Int(bitPattern: $0.baseAddress) % 64 } == 0)
  }

  @Test func boolsAreReadFromAnyByte() throws {
    var tensor = try Tensor([false, true, false])
    tensor.withUnsafeMutableBytes { $0[2] = 0xff }
    #expect(tensor.elements(as: Bool.self) == [false, true, true])
  }

  @Test func copiesAreIndependent() throws {
    for count in [4, 1 << 18] {
      let original = try Tensor([Int64](repeating: 1, count: count))
      var copy = original
      copy.withUnsafeMutableBytes { $0[0] = 9 }
      #expect(original.elements(as: Int64.self)?[0] == 1)
      #expect(copy.elements(as: Int64.self)?[0] == 9)
      #expect(copy.elements(as: Int64.self)?[1] == 1)
    }
  }

  @Test func viewsShareTheCallersMemory() throws {
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4)
    defer { memory.deallocate() }
    memory.initialize(repeating: 2)
    let raw = UnsafeMutableRawBufferPointer(memory)
    var view = try Tensor(viewing: raw, elementType: .f32, shape: [2, 2], owner: nil)
    memory[3] = 5
    #expect(view.elements(as: Float.self) == [2, 2, 2, 5])
    view.withUnsafeMutableBytes { $0.bindMemory(to: Float.self)[0] = 8 }
    #expect(memory[0] == 8)
    #expect(view.withUnsafeBytes { $0.baseAddress } == UnsafeRawPointer(memory.baseAddress))

    var fixed = try Tensor(
      viewing: UnsafeRawBufferPointer(raw), elementType: .f32, shape: [4], owner: nil)
    fixed.withUnsafeMutableBytes { $0.bindMemory(to: Float.self)[0] = 1 }
    #expect(memory[0] == 8)
    #expect(fixed.elements(as: Float.self) == [1, 2, 2, 5])
  }

  @Test func anOwnerLivesAsLongAsTheView() throws {
    final class Owner {
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
      deinit { memory.deallocate() }
    }
    weak var watched: Owner?
    do {
      var owner: Owner? = Owner()
      watched = owner
      let bytes = try #require(owner).memory
      let view = try Tensor(viewing: bytes, elementType: .i64, shape: [], owner: owner)
      owner = nil
      #expect(watched != nil)
      view.withUnsafeBytes { #expect($0.count == 8) }
    }
    #expect(watched == nil)
  }

  @Test func unfitMemoryIsDiagnosed() {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 64)
    defer { memory.deallocate() }
    #expect(throws: Diagnostic.self) {
      try Tensor(viewing: memory, elementType: .f64, shape: [9], owner: nil)
    }
    #expect(throws: Diagnostic.self) {
      let odd = UnsafeMutableRawBufferPointer(rebasing: memory[1...])
      return try Tensor(viewing: odd, elementType: .f64, shape: [2], owner: nil)
    }
  }

  @Test(arguments: [
    [-1], [Int.max, 2], [1 << 40, 1 << 40], [Int.max], [1 << 61], [1 << 50],
  ])
  func absurdShapesAreDiagnosed(_ shape: [Int]) {
    #expect(throws: Diagnostic.self) { try Tensor(zeros: .f64, shape: shape) }
  }

  @Test func anEmptyExtentMakesAnyShapeEmpty() throws {
    #expect(try Tensor(zeros: .f64, shape: [Int.max, 2, 0]).byteCount == 0)
  }
}
