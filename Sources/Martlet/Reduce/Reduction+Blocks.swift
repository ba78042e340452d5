import MartletDialects
import MartletIR

/// Making functions and their graphs of blocks smaller.
extension Reduction {
  /// Bodies of functions: a declaration stays.
  static let dropBodies = Reduction("drop bodies") { module in
    operations(module).filter { $0.has(.callable) && $0.has(.symbol) && $0.regionCount == 1 }
      .filter { !$0.region().isEmpty }.map { function in
        {
          guard isPart(function, of: module) else { return }
          for block in function.region().blocks {
            for operation in block.operations { operation.dropAllReferences() }
          }
          function.region().eraseBlocks()
          if function.is(Func.func) {
            function.setAttribute("sym_visibility", function.context.string("private"))
          }
        }
      }
  }

  /// Blocks that end in a branch end as the last block of the region does.
  static let endBlocksEarly = Reduction("end blocks early") { module in
    var places: [() -> Void] = []
    for operation in operations(module) {
      for region in operation.regions where !region.isEmpty && !region.hasOneBlock {
        let blocks = Array(region.blocks)
        guard
          let end = blocks.compactMap(\.terminator).first(where: { $0.successors.isEmpty })
        else { continue }
        for block in blocks where block.terminator?.successors.isEmpty == false {
          places.append { if isPart(end, of: module) { Reduction.end(block, as: end) } }
        }
      }
    }
    return places
  }

  private static func end(_ block: Block, as model: Operation) {
    guard let branch = block.terminator, branch != model else { return }
    var mapping = IRMapping()
    for operand in model.operands {
      guard let value = StandIns.value(operand.type, at: branch) else { return }
      mapping.values[operand] = value
    }
    let copy = model.clone(&mapping)
    detach(branch)
    block.append(copy)
  }

  /// Branches with several successors go to one.
  static let takeOneSuccessor = Reduction("take one successor") { module in
    var places: [() -> Void] = []
    for operation in operations(module) where operation.successors.count > 1 {
      for i in 0..<operation.successors.count {
        places.append {
          guard isPart(operation, of: module), let block = operation.block,
            let operands = operation.successorOperands(i)
          else { return }
          let builder = Builder(
            module.context, at: .atEnd(of: block), location: operation.location)
          let values = Array(operands)
          let target = operation.successors[i]
          detach(operation)
          builder.create(ControlFlow.br, values, successors: [target])
        }
      }
    }
    return places
  }

  /// A block and the only one that goes to it become one.
  static let mergeBlocks = Reduction("merge blocks") { module in
    var places: [() -> Void] = []
    for operation in operations(module) where operation.successors.count == 1 {
      places.append {
        guard isPart(operation, of: module), let block = operation.block else { return }
        let target = operation.successors[0]
        guard target != block, target.predecessors == [block],
          let values = operation.successorOperands(0).map(Array.init),
          values.count == target.argumentCount
        else { return }
        for (argument, value) in zip(target.arguments, values) {
          argument.replaceAllUses(with: value)
        }
        detach(operation)
        while let inner = target.firstOperation {
          inner.remove()
          block.append(inner)
        }
        target.erase()
      }
    }
    return places
  }

  // MARK: Signatures

  /// Arguments of functions that nothing uses.
  static let dropArguments = Reduction("drop arguments") { module in
    var places: [() -> Void] = []
    for function in operations(module) where function.is(Func.func) {
      guard let entry = function.region().firstBlock else { continue }
      for i in (0..<entry.argumentCount).reversed() where !entry.argument(i).hasUses {
        places.append {
          guard isPart(function, of: module), let entry = function.region().firstBlock,
            i < entry.argumentCount, !entry.argument(i).hasUses,
            let type = function.attribute("function_type")?.typeValue, type.isFunction
          else { return }
          var inputs = type.inputs
          guard i < inputs.count else { return }
          inputs.remove(at: i)
          entry.eraseArgument(i)
          setType(function, inputs, type.results)
          function.setAttribute("arg_attrs", nil)
        }
      }
    }
    return places
  }

  /// Results of functions, with the operands of what returns them.
  static let dropResults = Reduction("drop results") { module in
    var places: [() -> Void] = []
    for function in operations(module) where function.is(Func.func) {
      guard let type = function.attribute("function_type")?.typeValue, type.isFunction else {
        continue
      }
      for i in type.results.indices.reversed() {
        places.append {
          guard isPart(function, of: module),
            let type = function.attribute("function_type")?.typeValue,
            i < type.results.count
          else { return }
          var results = type.results
          results.remove(at: i)
          for block in function.region().blocks {
            guard let end = block.terminator, end.is(Func.return), i < end.operandCount else {
              continue
            }
            var operands = Array(end.operands)
            operands.remove(at: i)
            end.setOperands(operands)
          }
          setType(function, type.inputs, results)
          function.setAttribute("res_attrs", nil)
        }
      }
    }
    return places
  }

  private static func setType(_ function: Operation, _ inputs: [Type], _ results: [Type]) {
    let context = function.context
    function.setAttribute(
      "function_type", context.typeAttribute(context.function(inputs, results)))
  }
}
