import MartletIR
import MartletSupport
import MartletSyntax

/// Units that read, check and write text and bytecode.
extension BenchSuite {
  /// What kinds of text are read and written, and in which sizes.
  private static let texts: [(kind: BenchInputs.Kind, sizes: [Int])] = [
    (.chain, [0, 1000, 10_000, 100_000, 1_000_000]), (.nested, [1000, 28_000]),
    (.unregistered, [1000, 86_415]), (.denseList, [32, 1024]), (.denseHex, [32, 1024]),
  ]

  static var textUnits: [Benchmark] {
    var units: [Benchmark] = []
    for (kind, sizes) in texts {
      units += family(
        "lex.\(kind.rawValue)", "cutting text into tokens", sizes: sizes.filter { $0 > 0 },
        item: "token", lex(kind))
    }
    for (kind, sizes) in texts {
      units += family(
        "parse.\(kind.rawValue)", "reading text into a new context, without verifying",
        sizes: sizes, item: kind.item, parse(kind))
    }
    for (kind, sizes) in texts {
      units += family(
        "verify.\(kind.rawValue)", "the verifier", sizes: sizes, verify(kind))
    }
    for (kind, sizes) in texts {
      units += family(
        "print.\(kind.rawValue)", "writing text", sizes: sizes, item: kind.item,
        print(kind, PrintOptions()))
    }
    units += family(
      "print_generic.nested", "writing text in generic form", sizes: [1000, 28_000],
      print(.nested, genericForm))
    let binary: [(kind: BenchInputs.Kind, sizes: [Int])] = [
      (.chain, [1000, 10_000, 100_000, 1_000_000]), (.nested, [1000, 28_000]),
    ]
    for (kind, sizes) in binary {
      units += family(
        "bytecode_write.\(kind.rawValue)", "writing bytecode", sizes: sizes, writeBytecode(kind))
    }
    for (kind, sizes) in binary {
      units += family(
        "bytecode_read.\(kind.rawValue)", "reading bytecode into a new context", sizes: sizes,
        readBytecode(kind))
    }
    return units
  }

  private typealias Make = @Sendable (BenchInputs, Int) throws -> UnitWork

  private static func lex(_ kind: BenchInputs.Kind) -> Make {
    { inputs, size in
      let source = inputs.source(kind, size)
      return UnitWork(count: max(1, source.tokenCount)) { keep(source.tokenCount) }
    }
  }

  private static func verify(_ kind: BenchInputs.Kind) -> Make {
    { inputs, size in
      let parsed = try ParsedModule(inputs.source(kind, size))
      return UnitWork(count: parsed.operationCount) {
        try parsed.checked { () throws(Reported) in try Verifier().verify(parsed.module) }
      }
    }
  }

  private static func writeBytecode(_ kind: BenchInputs.Kind) -> Make {
    { inputs, size in
      let parsed = try ParsedModule(inputs.source(kind, size))
      return UnitWork(count: count(parsed, kind, size)) {
        try parsed.checked { () throws(Reported) in
          try BytecodeWriter.withBytes(parsed.module) { keep($0.count) }
        }
      }
    }
  }

  private static func count(_ parsed: ParsedModule?, _ kind: BenchInputs.Kind, _ size: Int) -> Int {
    kind.item == "op" ? parsed?.operationCount ?? 1 : kind.itemCount(size)
  }

  private static var genericForm: PrintOptions {
    var options = PrintOptions()
    options.generic = true
    return options
  }

  private static func parse(_ kind: BenchInputs.Kind) -> Make {
    { inputs, size in
      let source = inputs.source(kind, size)
      var kept: ParsedModule? = try ParsedModule(source)
      return UnitWork(count: count(kept, kind, size)) {
        kept = nil
      } run: {
        kept = try ParsedModule(source)
      }
    }
  }

  private static func print(_ kind: BenchInputs.Kind, _ options: PrintOptions) -> Make {
    { inputs, size in
      let parsed = try ParsedModule(inputs.source(kind, size))
      return UnitWork(count: count(parsed, kind, size)) {
        Printer.withText(parsed.module, options: options) { keep($0.count) }
      }
    }
  }

  private static func readBytecode(_ kind: BenchInputs.Kind) -> Make {
    { inputs, size in
      let parsed = try ParsedModule(inputs.source(kind, size))
      var bytes: [UInt8] = []
      try parsed.checked { () throws(Reported) in bytes = try BytecodeWriter.bytes(parsed.module) }
      let source = SourceFile(name: "\(kind.rawValue)-\(size).mlirbc", bytes: bytes)
      var kept: ParsedModule?
      return UnitWork(count: count(parsed, kind, size)) {
        kept = nil
      } run: {
        kept = try ParsedModule(source)
        keep(kept == nil ? 0 : 1)
      }
    }
  }
}

/// Keeps the compiler from leaving out work whose result nobody reads.
@inline(never) @_optimize(none) func keep(_ value: Int) {}
