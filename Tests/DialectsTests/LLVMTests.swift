import MartletDialects
import MartletIR
import MartletSupport
import Testing

@Suite struct LLVMTests {
  @Test func text() throws { try TextCase(name: "llvm/ops").check() }

  @Test func types() throws {
    let context = IRText.makeContext()
    let pair = LLVM.structType(context, [context.i32, LLVM.pointer(context)])
    #expect(pair.description == "!llvm.struct<(i32, ptr)>")
    let nested = LLVM.arrayType(pair, 4)
    #expect(nested.description == "!llvm.array<4 x struct<(i32, ptr)>>")
    #expect(nested.llvmElement(at: [3, 1]) == LLVM.pointer(context))
    #expect(nested.llvmElement(at: [4]) == nil && nested.llvmElement(at: [0, 2]) == nil)
    let function = LLVM.functionType(LLVM.voidType(context), [pair], isVariadic: true)
    #expect(function.description == "!llvm.func<void (struct<(i32, ptr)>, ...)>")
  }

  @Test func namedStructuresMayContainThemselves() throws {
    let context = IRText.makeContext()
    let text =
      "llvm.func @f(!llvm.struct<\"list\", (i32, array<2 x struct<\"list\">>)>)"
    let module = try IRText.parse(text, context)
    let function = IRText.operations("llvm.func", in: module)[0]
    let type = try #require(function.attribute("function_type")?.typeValue?.llvmFunction).inputs[0]
    #expect(type.llvmStruct?.name == "list")
    #expect(type.llvmElement(at: [1, 0]) == type)
    #expect(type.description == "!llvm.struct<\"list\", (i32, array<2 x struct<\"list\">>)>")
    #expect(
      LLVM.namedStruct(context, "list", body: .init(elements: [context.i32])) == nil)
  }

  @Test func deepTypesAreAnError() {
    let deep = String(repeating: "array<1 x ", count: 100_000)
    #expect(IRText.message("llvm.func @f(!llvm.\(deep)i8)")?.contains("nesting") ?? false)
  }

  @Test func bundleSizesAreChecked() {
    let message = IRText.message(
      """
      llvm.func @f(%c: i1) {
        "llvm.intr.assume"(%c) <{op_bundle_sizes = array<i32: -1>, op_bundle_tags = ["a"]}>
          : (i1) -> ()
        llvm.return
      }
      """)
    #expect(
      message
        == "'llvm.intr.assume' op operand bundle sizes do not fit the bundle operands")
  }

  @Test func extractFindsWhatWasInserted() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      llvm.func @f(%a: i32, %b: i32) -> i32 {
        %u = llvm.mlir.undef : !llvm.struct<(i32, i32)>
        %s = llvm.insertvalue %a, %u[0] : !llvm.struct<(i32, i32)>
        %t = llvm.insertvalue %b, %s[1] : !llvm.struct<(i32, i32)>
        %y = llvm.extractvalue %t[1] : !llvm.struct<(i32, i32)>
        %x = llvm.extractvalue %s[0] : !llvm.struct<(i32, i32)>
        llvm.return %y : i32
      }
      """, context)
    let arguments = IRText.operations("llvm.func", in: module)[0].region(0).arguments
    for (i, operation) in IRText.operations("llvm.extractvalue", in: module).enumerated() {
      guard let values = operation.definition?.fold?(operation).replacements,
        case .value(let value)? = values.first
      else {
        Issue.record("extractvalue does not fold")
        continue
      }
      #expect(value == arguments[1 - i])
    }
  }

  @Test func switchPassesOperands() throws {
    let context = IRText.makeContext()
    let module = try IRText.parse(
      """
      llvm.func @f(%a: i32, %b: i64) {
        llvm.switch %a : i32, ^bb1(%a : i32) [
          1: ^bb2(%a, %b : i32, i64),
          2: ^bb1(%a : i32)
        ]
      ^bb1(%x: i32):
        llvm.return
      ^bb2(%y: i32, %z: i64):
        llvm.return
      }
      """, context)
    let operation = IRText.operations("llvm.switch", in: module)[0]
    #expect(operation.successorOperands(0)?.count == 1)
    #expect(operation.successorOperands(1)?.count == 2)
    #expect(operation.successorOperands(2)?.count == 1)
    #expect(operation.setSuccessorOperands(1, []))
    #expect(operation.successorOperands(2)?.count == 1)
    #expect(operation.attribute("case_operand_segments")?.integers == [0, 1])
  }

  @Test(arguments: [
    (
      "%x = llvm.extractvalue %s[2] : !llvm.struct<(i32, f32)>",
      "custom op 'llvm.extractvalue' position out of bounds: 2"
    ),
    (
      "%x = llvm.getelementptr %p[0, 1] : (!llvm.ptr) -> !llvm.ptr, i32",
      "'llvm.getelementptr' op type 'i32' cannot be indexed (index #1)"
    ),
    (
      "%x = llvm.zext %i : i32 to i16",
      "integer width of the output type is smaller or equal to the integer width of the input type"
    ),
    (
      "llvm.call @none() : () -> ()",
      "'llvm.call' op 'none' does not reference a symbol in the current scope"
    ),
    (
      "%x = llvm.mlir.addressof @none : !llvm.ptr",
      "'llvm.mlir.addressof' op must reference a global defined by 'llvm.mlir.global', 'llvm.mlir.alias' or 'llvm.func' or 'llvm.mlir.ifunc'"
    ),
    (
      "%x = llvm.load %p atomic acquire : !llvm.ptr -> i32",
      "'llvm.load' op expected alignment for atomic access"
    ),
    (
      "%x = llvm.icmp \"lt\" %i, %i : i32",
      "custom op 'llvm.icmp' 'lt' is an incorrect value of the 'predicate' attribute"
    ),
  ])
  func messages(_ text: String, _ expected: String) {
    let module =
      "llvm.func @f(%s: !llvm.struct<(i32, f32)>, %p: !llvm.ptr, %i: i32) {\n  \(text)\n  llvm.return\n}"
    #expect(IRText.message(module) == expected)
  }
}
