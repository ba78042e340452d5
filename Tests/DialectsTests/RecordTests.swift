import Foundation
import MartletDialects
import MartletIR
import Testing

/// Holds the declarations against MLIR's own records, where LLVM 22's tools and files are installed.
@Suite struct RecordTests {
  /// Dialects and the files that declare them, below `mlir/`.
  static let files: [(dialect: Dialect, file: String)] = [
    (Builtin.dialect, "IR/BuiltinOps.td"), (Func.dialect, "Dialect/Func/IR/FuncOps.td"),
    (Affine.dialect, "Dialect/Affine/IR/AffineOps.td"),
    (Complex.dialect, "Dialect/Complex/IR/ComplexOps.td"),
    (GPU.dialect, "Dialect/GPU/IR/GPUOps.td"),
    (Transform.dialect, "Dialect/Transform/IR/TransformOps.td"),
    (Arith.dialect, "Dialect/Arith/IR/ArithOps.td"), (Math.dialect, "Dialect/Math/IR/MathOps.td"),
    (ControlFlow.dialect, "Dialect/ControlFlow/IR/ControlFlowOps.td"),
    (SCF.dialect, "Dialect/SCF/IR/SCFOps.td"), (UB.dialect, "Dialect/UB/IR/UBOps.td"),
    (Index.dialect, "Dialect/Index/IR/IndexOps.td"),
    (TensorDialect.dialect, "Dialect/Tensor/IR/TensorOps.td"),
    (VectorDialect.dialect, "Dialect/Vector/IR/VectorOps.td"),
  ]

  /// Further files that declare operations of a dialect.
  static let extensions: [String: [String]] = [
    "transform": [
      "Dialect/Transform/DebugExtension/DebugExtensionOps.td",
      "Dialect/Transform/IRDLExtension/IRDLExtensionOps.td",
      "Dialect/Transform/LoopExtension/LoopExtensionOps.td",
      "Dialect/Transform/PDLExtension/PDLExtensionOps.td",
      "Dialect/Transform/SMTExtension/SMTExtensionOps.td",
      "Dialect/Transform/TuneExtension/TuneExtensionOps.td",
      "Dialect/Affine/TransformOps/AffineTransformOps.td",
      "Dialect/ArmNeon/TransformOps/ArmNeonVectorTransformOps.td",
      "Dialect/ArmSVE/TransformOps/ArmSVEVectorTransformOps.td",
      "Dialect/Bufferization/TransformOps/BufferizationTransformOps.td",
      "Dialect/DLTI/TransformOps/DLTITransformOps.td",
      "Dialect/Func/TransformOps/FuncTransformOps.td",
      "Dialect/GPU/TransformOps/GPUTransformOps.td",
      "Dialect/Linalg/TransformOps/LinalgMatchOps.td",
      "Dialect/Linalg/TransformOps/LinalgTransformOps.td",
      "Dialect/MemRef/TransformOps/MemRefTransformOps.td",
      "Dialect/NVGPU/TransformOps/NVGPUTransformOps.td",
      "Dialect/SCF/TransformOps/SCFTransformOps.td",
      "Dialect/SparseTensor/TransformOps/SparseTensorTransformOps.td",
      "Dialect/Tensor/TransformOps/TensorTransformOps.td",
      "Dialect/Vector/TransformOps/VectorTransformOps.td",
      "Dialect/X86Vector/TransformOps/X86VectorTransformOps.td",
      "Dialect/XeGPU/TransformOps/XeGPUTransformOps.td",
    ]
  ]

  /// Operations that MLIR declares in C++, so that no record tells of them.
  static let withoutRecord: Set<String> = ["affine.dma_start", "affine.dma_wait"]

  static let include = "/usr/lib/llvm-22/include"

  /// The records of a file; nil where tool or file is not installed.
  static func records(_ file: String) throws -> [String: Any]? {
    let path = "\(include)/mlir/\(file)"
    guard FileManager.default.fileExists(atPath: path),
      let data = try TextSupport.run("llvm-tblgen", ["--dump-json", "-I", include, path])
    else { return nil }
    return try JSONSerialization.jsonObject(with: data) as? [String: Any]
  }

  /// One line for each part of an operation, as a declaration and a record both give it.
  static func describe(_ definition: OpDefinition) -> [String] {
    func word(_ arity: Arity) -> String {
      switch arity {
      case .one: "one"
      case .optional: "optional"
      case .variadic: "variadic"
      }
    }
    var lines = definition.operands.map { "operand \($0.name) \(word($0.arity))" }
    lines += definition.results.map { "result \($0.name) \(word($0.arity))" }
    lines += definition.attributes.filter { !$0.name.hasSuffix("SegmentSizes") }.map {
      let kind = $0.defaultValue != nil ? "default" : $0.isOptional ? "optional" : "required"
      return "attribute \($0.name) \(kind)"
    }
    lines += definition.regions.map { "region \($0.name) \(word($0.arity))" }
    lines += definition.successors.map { "successor \($0.name) \(word($0.arity))" }
    let traits: [(String, OpTraits)] = [
      ("Pure", .pure), ("Commutative", .commutative), ("Terminator", .terminator),
      ("ConstantLike", .constantLike), ("Elementwise", .elementwise),
      ("SameOperandsAndResultType", .sameOperandsAndResultType),
      ("IsolatedFromAbove", .isolatedFromAbove), ("NoMemoryEffect", .noMemoryEffect),
      ("AttrSizedOperandSegments", .attrSizedOperandSegments),
      ("RecursiveMemoryEffects", .recursiveMemoryEffects), ("ReturnLike", .returnLike),
    ]
    lines += traits.filter { definition.traits.contains($0.1) }.map { "trait \($0.0)" }
    return lines.sorted()
  }

  static func describe(_ record: [String: Any], _ all: [String: Any]) -> [String] {
    func definition(_ value: Any?) -> (name: String, record: [String: Any])? {
      guard let name = (value as? [String: Any])?["def"] as? String,
        let found = all[name] as? [String: Any]
      else { return nil }
      return (name, found)
    }
    func entries(_ key: String) -> [(type: [String: Any], defName: String, name: String)] {
      let list = (record[key] as? [String: Any])?["args"] as? [[Any]] ?? []
      return list.compactMap { entry in
        guard var found = definition(entry.first) else { return nil }
        // A decorated operand, `Arg<...>`, wraps its constraint.
        if let inner = definition(found.record["constraint"]) { found = inner }
        return (found.record, found.name, entry.last as? String ?? "")
      }
    }
    func classes(_ type: [String: Any]) -> [String] { type["!superclasses"] as? [String] ?? [] }
    func arity(_ type: [String: Any]) -> String {
      let names = classes(type)
      if names.contains(where: { $0.hasPrefix("Optional") && !$0.hasSuffix("Attr") }) {
        return "optional"
      }
      return names.contains(where: { $0.hasPrefix("Variadic") }) ? "variadic" : "one"
    }
    var lines: [String] = []
    for entry in entries("arguments") {
      let names = classes(entry.type)
      if names.contains("TypeConstraint") || names.contains("NamedTypeConstraint") {
        lines.append("operand \(entry.name) \(arity(entry.type))")
      } else if names.contains("Attr") {
        let isOptional = entry.type["isOptional"] as? Int == 1
        let hasDefault =
          (entry.type["defaultValue"] as? String ?? "").isEmpty == false
        let kind =
          entry.defName == "UnitAttr" || isOptional
          ? "optional" : hasDefault ? "default" : "required"
        lines.append("attribute \(entry.name) \(kind)")
      }
    }
    lines += entries("results").map { "result \($0.name) \(arity($0.type))" }
    lines += entries("regions").map { "region \($0.name) \(arity($0.type))" }
    lines += entries("successors").map { "successor \($0.name) \(arity($0.type))" }
    let known: Set<String> = [
      "Pure", "Commutative", "Terminator", "ConstantLike", "Elementwise",
      "SameOperandsAndResultType", "IsolatedFromAbove", "NoMemoryEffect",
      "AttrSizedOperandSegments", "RecursiveMemoryEffects", "ReturnLike",
    ]
    let traits = (record["traits"] as? [[String: Any]] ?? []).compactMap { $0["def"] as? String }
    lines += traits.filter(known.contains).map { "trait \($0)" }
    return lines.sorted()
  }

  /// Lines that differ on purpose, each with its reason.
  static let deliberate: [String: Set<String>] = [
    // `DefaultValuedOptionalAttr`: absent in generic text where false, so that the slot has no default.
    "vector.load": ["attribute nontemporal default", "attribute nontemporal optional"],
    "vector.store": ["attribute nontemporal default", "attribute nontemporal optional"],
    // A property in MLIR, of which the record's arguments list no attribute.
    "affine.linearize_index": [
      "attribute disjoint optional", "attribute disjoint default",
    ],
    // Confined defaults, of which records tell either way: as generic text has them.
    "transform.structured.interchange": [
      "attribute iterator_interchange optional", "attribute iterator_interchange default",
    ],
    "transform.structured.pad": [
      "attribute use_prescribed_tensor_shapes optional",
      "attribute use_prescribed_tensor_shapes default",
    ],
    "transform.structured.pad_tiling_interface": [
      "attribute pad_to_multiple_of optional", "attribute pad_to_multiple_of default",
    ],
    "transform.xegpu.set_op_layout_attr": [
      "attribute result optional", "attribute result default",
    ],
  ]

  @Test(arguments: files.indices) func declarationsAreThoseOfMLIR(_ index: Int) throws {
    let (dialect, file) = Self.files[index]
    var checked = Self.withoutRecord.intersection(dialect.operations.map(\.name))
    for file in [file] + (Self.extensions[dialect.name] ?? []) {
      guard let all = try Self.records(file) else { return }
      Self.compare(all, dialect, &checked)
    }
    let missing = Set(dialect.operations.map(\.name)).subtracting(checked)
    #expect(missing.isEmpty, "not MLIR's: \(missing.sorted().joined(separator: ", "))")
  }

  /// Holds the operations that the records of a file declare against those of `dialect`.
  static func compare(_ all: [String: Any], _ dialect: Dialect, _ checked: inout Set<String>) {
    let instances = all["!instanceof"] as? [String: Any]
    for name in instances?["Op"] as? [String] ?? [] {
      guard let record = all[name] as? [String: Any], let opName = record["opName"] as? String,
        let owner = (record["opDialect"] as? [String: Any])?["def"] as? String,
        (all[owner] as? [String: Any])?["name"] as? String == dialect.name
      else { continue }
      let full = "\(dialect.name).\(opName)"
      let definition = dialect.operations.first { $0.name == full }
      #expect(definition != nil, "\(full) is not declared")
      guard let definition else { continue }
      checked.insert(full)
      let allowed = deliberate[full] ?? []
      let ours = describe(definition).filter { !allowed.contains($0) }
      let theirs = describe(record, all).filter { !allowed.contains($0) }
      let difference = ours.difference(from: theirs).map { change -> String in
        switch change {
        case .insert(_, let line, _): "only here: \(line)"
        case .remove(_, let line, _): "only in MLIR: \(line)"
        }
      }
      #expect(difference.isEmpty, "\(full): \(difference.joined(separator: "; "))")
    }
  }
}
