import MartletIR

/// Line tables, the least debug information that leads from machine code back to operations. The lines
/// are of a text that only the caller knows.
extension LLVMIRWriter {
  /// What `DIFile` calls that text.
  static let debugFile = "module"

  private var compileUnit: Int {
    let file = node("!DIFile(filename: \"\(Self.debugFile)\", directory: \"\")")
    return node(
      "distinct !DICompileUnit(language: DW_LANG_C, file: !\(file), producer: \"martlet\", "
        + "isOptimized: true, runtimeVersion: 0, emissionKind: LineTablesOnly)")
  }

  /// Makes the node of a function and writes its mention behind the signature.
  func beginDebugInformation(_ function: Operation, _ lines: [Operation: Int]) {
    let unit = compileUnit
    let file = node("!DIFile(filename: \"\(Self.debugFile)\", directory: \"\")")
    let type = node("!DISubroutineType(types: !{})")
    let line = lines[function] ?? 0
    // Each function's node is its own, whatever it is called.
    subprogram = metadata.count
    metadata.append(
      "distinct !DISubprogram(name: \"f\(subprogram)\", scope: !\(file), file: !\(file), "
        + "line: \(line), type: !\(type), scopeLine: \(line), "
        + "spFlags: DISPFlagDefinition | DISPFlagOptimized, unit: !\(unit))")
    out.append(" !dbg !\(subprogram)")
  }

  func debugLocation(_ operation: Operation, _ lines: [Operation: Int]) {
    let number = node("!DILocation(line: \(lines[operation] ?? 0), scope: !\(subprogram))")
    out.append(", !dbg !")
    out.append(Int64(number))
  }

  /// What makes LLVM heed the nodes.
  func writeDebugRoots() {
    let unit = compileUnit
    let version = node("!{i32 2, !\"Debug Info Version\", i32 3}")
    out.append("!llvm.dbg.cu = !{!\(unit)}\n!llvm.module.flags = !{!\(version)}\n")
  }
}
