import MartletIR
import MartletSupport

extension Linalg {
  /// The shape of a tensor or memref; anything else, a vector too, is one element.
  static func shape(_ type: Type) -> [Int] { type.isTensor || type.isMemRef ? type.shape : [] }
}

extension LinalgOp {
  /// The checks common to all structured operations, with MLIR's messages.
  func verifyStructure() throws(Reported) {
    try verifyDestinations()
    if operation.operandCount > 0, !hasTensorSemantics, !hasBufferSemantics {
      throw operation.emitOpError("expected to have pure tensor or buffer semantics")
    }
    let maps = indexingMaps
    try verifyMaps(maps)
    try verifyBody()
  }

  private func verifyDestinations() throws(Reported) {
    let tensors = outputs.filter { $0.type.isTensor }
    if tensors.count != operation.resultCount {
      throw operation.emitOpError(
        "expected the number of tensor results (\(operation.resultCount)) to be equal to the number of output tensors (\(tensors.count))"
      )
    }
    for (i, (output, result)) in zip(tensors, operation.results).enumerated()
    where output.type != result.type {
      throw operation.emitOpError(
        "expected type of operand #\(inputCount + i) ('\(output.type)') to match type of corresponding result ('\(result.type)')"
      )
    }
  }

  private func verifyMaps(_ maps: [AffineMap]) throws(Reported) {
    if maps.count != operation.operandCount {
      throw operation.emitOpError(
        "expected the number of indexing_map (\(maps.count)) to be equal to the number of input/output operands (\(operation.operandCount))"
      )
    }
    for (i, map) in maps.enumerated() {
      if map.symbolCount != 0 {
        throw operation.emitOpError("unexpected symbols in indexing_map #\(i)")
      }
      let rank = Linalg.shape(operation.operand(i).type).count
      if map.resultCount != rank {
        throw operation.emitOpError(
          "expected operand #\(i) rank (\(rank)) to match the result rank of indexing_map (\(map.resultCount))"
        )
      }
    }
    let loops = loopCount
    for (i, map) in maps.enumerated() where map.dimensionCount != loops {
      throw operation.emitOpError(
        "expected indexing_map #\(i) to have \(loops) dim(s) to match the number of loops")
    }
    guard let inverse = shapesToLoops else {
      let text = maps.map { context.text.attribute(context.affineMapAttribute($0)) }
        .map { $0.hasPrefix("affine_map<") ? String($0.dropFirst(11).dropLast()) : $0 }
      throw operation.emitOpError(
        "invalid indexing maps are non-invertible: (\(text.joined(separator: ", ")))")
    }
    try verifyRanges(maps, inverse)
  }

  /// Checks that every operand has the extents the static loops need.
  private func verifyRanges(_ maps: [AffineMap], _ inverse: AffineMap) throws(Reported) {
    let shapes = operandShapes
    let ends = inverse.results.map { shapes[$0.position] }
    if ends.contains(Type.dynamic) { return }
    let starts = ends.map { _ in 0 }
    let last = ends.map { $0 - 1 }
    for (i, map) in maps.enumerated() {
      guard let first = map.evaluate(starts), let final = map.evaluate(last) else { continue }
      let shape = Linalg.shape(operation.operand(i).type)
      for (d, result) in map.results.enumerated() where shape[d] != Type.dynamic && shape[d] != 0 {
        let (size, overflow) = max(first[d], final[d]).addingReportingOverflow(1)
        if overflow { continue }
        if min(first[d], final[d]) < 0 {
          throw operation.emitOpError(
            "unexpected result less than 0 at expression #\(d) in \(text(map))")
        }
        let what = "inferred input/output operand #\(i) has shape's dimension #\(d) to be "
        if result.kind == .dimension, size != shape[d] {
          throw operation.emitOpError("\(what)\(size), but found \(shape[d])")
        }
        if result.kind != .dimension, size > shape[d] {
          throw operation.emitOpError(
            "\(what)greater than or equal to \(size), but found \(shape[d])")
        }
      }
    }
  }

  private func text(_ map: AffineMap) -> String {
    let text = context.text.attribute(context.affineMapAttribute(map))
    return text.hasPrefix("affine_map<") ? String(text.dropFirst(11).dropLast()) : text
  }

  private func verifyBody() throws(Reported) {
    guard operation.region(0).hasOneBlock, let body else {
      throw operation.emitOpError("expects to have 1 region with 1 block")
    }
    if body.argumentCount != operation.operandCount {
      throw operation.emitOpError(
        "expected as many non-induction variable region arguments as the number of input/output operands"
      )
    }
    for (i, operand) in operation.operands.enumerated() {
      let element = LinalgOp.elementType(operand.type)
      let found = body.argument(i).type
      if element != found {
        throw operation.emitOpError(
          "expected type of bb argument #\(i) ('\(found)') to match element or self type of the corresponding operand ('\(element)')"
        )
      }
    }
  }

  /// Checks what the body hands back against the outputs.
  func verifyYield(_ yield: Operation) throws(Reported) {
    if yield.operandCount != outputCount {
      throw yield.emitOpError(
        "expected number of yield values (\(yield.operandCount)) to match the number of inits / outs operands of the enclosing LinalgOp (\(outputCount))"
      )
    }
    for (i, (value, output)) in zip(yield.operands, outputs).enumerated() {
      let element = LinalgOp.elementType(output.type)
      if value.type != element {
        throw yield.emitOpError(
          "type of yield operand \(i + 1) ('\(value.type)') doesn't match the element type of the enclosing linalg.generic op ('\(element)')"
        )
      }
    }
  }
}
