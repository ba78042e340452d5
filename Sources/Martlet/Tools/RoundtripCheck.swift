import MartletIR
import MartletSupport
import MartletSyntax

/// Writes a module, reads it back and compares: `--verify-roundtrip`.
struct RoundtripCheck {
  let options: OptOptions

  /// Writes `module` in its custom form and in its generic one and compares what comes back with it.
  /// - Throws: where a text cannot be read or gives another module; that is then reported to the context.
  func check(_ module: Operation) throws(Reported) {
    for isGeneric in [false, true] {
      var printing = PrintOptions()
      printing.debugInfo = true
      printing.generic = isGeneric
      let text = Printer.text(module, options: printing)
      let name = isGeneric ? "<generic round trip>" : "<round trip>"
      let engine = DiagnosticEngine()
      let context = Registration.makeContext(engine)
      context.allowsUnregisteredDialects = module.context.allowsUnregisteredDialects
      do throws(Reported) {
        let parser = try Parser(SourceFile(name: name, text: text), context: context)
        let again = try parser.parseModule(implicit: options.addsModule)
        // Terminators that the custom form leaves out come back with another location.
        try compare(module, again, name, locations: isGeneric)
      } catch {
        for diagnostic in engine.diagnostics { module.context.diagnostics.report(diagnostic) }
        throw module.emitError("the module cannot be read back from its own text, \(name)")
      }
    }
  }

  private func compare(_ module: Operation, _ again: Operation, _ name: String, locations: Bool)
    throws(Reported)
  {
    var printing = PrintOptions()
    printing.generic = true
    printing.debugInfo = locations
    printing.localScope = true
    let first = Printer.text(module, options: printing).split(separator: "\n")
    let second = Printer.text(again, options: printing).split(separator: "\n")
    guard first != second else { return }
    let i = zip(first, second).enumerated().first { $1.0 != $1.1 }?.offset
    let line = i ?? min(first.count, second.count)
    throw again.emitError(
      "reading the module back gives another one: line \(line + 1) of its generic form was "
        + "'\(line < first.count ? first[line] : "")' and is '\(line < second.count ? second[line] : "")'"
    )
  }
}
