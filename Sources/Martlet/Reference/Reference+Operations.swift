import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Pages of operations.
extension Reference {
  func page(_ definition: OpDefinition) -> ReferencePage {
    var page = ReferencePage(definition.name)
    page.paragraph(sentence(definition.summary))
    page.paragraph(
      "Of the dialect [`\(definition.dialectName)`](../dialects/\(definition.dialectName).md).")
    page.heading("Text")
    if let format = definition.format {
      page.code("\(definition.name) \(format)", language: "")
    } else if definition.interface(CustomAssembly.self) != nil {
      page.paragraph("Its own form is written and read by code; the generic form is")
    } else {
      page.paragraph("It is written in generic form only.")
    }
    if definition.format == nil { page.code(generic(definition)) }
    values(&page, "Operands", definition.operands)
    attributes(&page, definition)
    values(&page, "Results", definition.results)
    page.table(
      "Regions", ["region", "what it holds"],
      definition.regions.map { region in
        ["`\(region.name)`", described(region)]
      })
    page.table(
      "Successors", ["successor", "how many"],
      definition.successors.map { ["`\($0.name)`", described($0.arity)] })
    rules(&page, definition)
    return page
  }

  /// The generic form with the declaration's names for values and blocks.
  private func generic(_ definition: OpDefinition) -> String {
    func list(_ values: [ValueDefinition]) -> String {
      values.map { "%" + $0.name + ($0.arity == .variadic ? "..." : "") }.joined(separator: ", ")
    }
    func types(_ values: [ValueDefinition]) -> String {
      values.map { "type(%\($0.name))" }.joined(separator: ", ")
    }
    var text = definition.results.isEmpty ? "" : list(definition.results) + " = "
    text += "\"\(definition.name)\"(\(list(definition.operands)))"
    if !definition.successors.isEmpty {
      text += "[" + definition.successors.map { "^" + $0.name }.joined(separator: ", ") + "]"
    }
    if !definition.attributes.isEmpty {
      text +=
        " <{" + definition.attributes.map { "\($0.name) = ..." }.joined(separator: ", ") + "}>"
    }
    if !definition.regions.isEmpty {
      text += " (" + definition.regions.map { _ in "{ ... }" }.joined(separator: ", ") + ")"
    }
    return text + " : (\(types(definition.operands))) -> (\(types(definition.results)))"
  }

  private func described(_ arity: Arity) -> String {
    switch arity {
    case .one: "one"
    case .optional: "one or none"
    case .variadic: "any number"
    }
  }

  private func described(_ region: RegionDefinition) -> String {
    let blocks = region.hasOneBlock ? "one block" : "any blocks"
    return region.arity == .one ? blocks : "\(blocks); \(described(region.arity)) of these regions"
  }

  private func values(
    _ page: inout ReferencePage, _ title: String, _ values: [ValueDefinition]
  ) {
    page.table(
      title, ["name", "type", "how many"],
      values.map { ["`\($0.name)`", $0.constraint.summary, described($0.arity)] })
  }

  private func attributes(_ page: inout ReferencePage, _ definition: OpDefinition) {
    page.table(
      "Attributes", ["name", "what it is", "where it is left out"],
      definition.attributes.map { slot in
        var missing = slot.isOptional ? "nothing" : "an error"
        if let value = slot.defaultValue {
          missing = "`\(Printer.text(value(context)))`"
        } else if slot.name.hasSuffix("SegmentSizes") {
          missing = "counted"
        }
        var meaning = slot.constraint.summary
        if case .keyword(let enumeration) = slot.constraint.form {
          meaning += ": " + enumeration.cases.map { "`\($0.name)`" }.joined(separator: ", ")
        }
        return ["`\(slot.name)`", meaning, missing]
      })
  }

  private func rules(_ page: inout ReferencePage, _ definition: OpDefinition) {
    var rules: [String] = []
    for relation in definition.relations {
      switch relation {
      case .same(let names):
        rules.append(names.map { "`\($0)`" }.joined(separator: ", ") + " have the same type")
      case .derived(_, _, let summary, _): rules.append(summary)
      case .inferred(let target, let source, _):
        rules.append("the type of `\(target)` follows from that of `\(source)` where it is left out")
      }
    }
    if !definition.parents.isEmpty {
      rules.append(
        "it stands directly in "
          + definition.parents.map { "[`\($0)`](\($0).md)" }.joined(separator: " or "))
    }
    if let terminator = definition.implicitTerminator {
      rules.append("`\(terminator)` ends its blocks where the text leaves it out")
    }
    if definition.inferResultTypes != nil { rules.append("its result types follow from the rest") }
    rules += OpTraits.described.filter { definition.traits.contains($0.trait) }.map(\.meaning)
    if let effects = definition.effects {
      let words = [
        (MemoryEffects.read, "reads"), (.write, "writes"), (.allocate, "allocates"),
        (.free, "frees"),
      ].filter { effects.contains($0.0) }.map(\.1)
      rules.append(
        words.isEmpty ? "it touches no memory" : "it \(words.joined(separator: ", ")) memory")
    }
    if definition.fold != nil { rules.append("it folds") }
    if definition.interface(CanonicalizationPatterns.self) != nil {
      rules.append("`canonicalize` has patterns of its own for it")
    }
    if rules.isEmpty { return }
    page.heading("Rules")
    page.list(rules.map(sentence))
  }
}

extension OpTraits {
  /// What traits mean, in the order declared.
  static let described: [(trait: OpTraits, meaning: String)] = [
    (.terminator, "it ends a block"),
    (.isolatedFromAbove, "its regions use no values from outside"),
    (.symbol, "it is a symbol: others refer to it by its `sym_name`"),
    (.symbolTable, "its region holds symbols, no two of one name"),
    (.pure, "it is pure: no effects, and harmless to execute needlessly"),
    (.noMemoryEffect, "it touches no memory"),
    (.commutative, "its operands may be swapped"),
    (.constantLike, "it is a constant"),
    (.destinationStyle, "each tensor result has a destination among the operands"),
    (.loopLike, "it executes its region repeatedly"),
    (.sameOperandsAndResultType, "operands and results have one type"),
    (.sameOperandsAndResultShape, "operands and results have one shape"),
    (.sameOperandsAndResultElementType, "operands and results have one element type"),
    (.sameTypeOperands, "operands have one type"),
    (.sameOperandsShape, "operands have one shape"),
    (.sameOperandsElementType, "operands have one element type"),
    (.elementwise, "it applies to vectors and tensors element by element"),
    (.attrSizedOperandSegments, "the sizes of operand groups are in `operandSegmentSizes`"),
    (.attrSizedResultSegments, "the sizes of result groups are in `resultSegmentSizes`"),
    (.singleBlock, "each region has at most one block"),
    (.noTerminator, "blocks of its regions need no terminator"),
    (.noRegionArguments, "blocks of its regions have no arguments"),
    (.recursiveMemoryEffects, "its effects are those of what its regions hold"),
    (.recursivelySpeculatable, "it is harmless to execute needlessly where its regions are"),
    (.speculatable, "it is harmless to execute needlessly"),
    (.returnLike, "it hands its operands to the operation around it"),
    (.branch, "it hands operands to blocks"),
    (.call, "it calls a function"),
    (.callable, "it may be called"),
    (.idempotent, "applying it twice is applying it once"),
    (.involution, "applying it twice is applying it not at all"),
    (.graphRegion, "the order of operations in its region carries no meaning"),
    (.affineScope, "values defined at its top level are symbols of affine expressions"),
    (.allocationScope, "what is allocated on the stack lives until its end"),
    (.structured, "it is a structured operation of linalg"),
    (.parallelRegion, "its iterations may run in any order"),
  ]
}
