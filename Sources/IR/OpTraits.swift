import MartletSupport

/// Properties of operations that passes ask for instead of naming operations.
public struct OpTraits: OptionSet, Sendable {
  public let rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  private init(bit: UInt64) { rawValue = 1 << bit }

  /// Ends a block.
  public static let terminator = OpTraits(bit: 0)
  /// Regions do not use values from outside.
  public static let isolatedFromAbove = OpTraits(bit: 1)
  /// Has a `sym_name`.
  public static let symbol = OpTraits(bit: 2)
  /// Its region holds symbols.
  public static let symbolTable = OpTraits(bit: 3)
  /// Reads and writes no memory, and may be executed speculatively.
  public static let pure = OpTraits(bit: 4)
  /// Reads and writes no memory (but may, for instance, divide by zero).
  public static let noMemoryEffect = OpTraits(bit: 5)
  public static let commutative = OpTraits(bit: 6)
  /// Has no operands and folds to its `value` attribute.
  public static let constantLike = OpTraits(bit: 7)
  /// Takes destinations (`outs`) among its operands, one per tensor result, in order.
  public static let destinationStyle = OpTraits(bit: 8)
  /// Executes its region repeatedly.
  public static let loopLike = OpTraits(bit: 9)
  public static let sameOperandsAndResultType = OpTraits(bit: 10)
  public static let sameOperandsAndResultShape = OpTraits(bit: 11)
  public static let sameOperandsAndResultElementType = OpTraits(bit: 12)
  public static let sameTypeOperands = OpTraits(bit: 13)
  /// Applies to shaped operands element by element.
  public static let elementwise = OpTraits(bit: 14)
  public static let attrSizedOperandSegments = OpTraits(bit: 15)
  public static let attrSizedResultSegments = OpTraits(bit: 16)
  /// Each region is empty or has one block.
  public static let singleBlock = OpTraits(bit: 17)
  /// Blocks of its regions need no terminator.
  public static let noTerminator = OpTraits(bit: 18)
  /// Its effects are those of the operations in its regions.
  public static let recursiveMemoryEffects = OpTraits(bit: 19)
  /// Passes its operands on as results of the operation around it.
  public static let returnLike = OpTraits(bit: 20)
  /// Passes operands to successor blocks.
  public static let branch = OpTraits(bit: 21)
  public static let call = OpTraits(bit: 22)
  /// A function: a symbol whose region may be called.
  public static let callable = OpTraits(bit: 23)
  /// f(f(x)) = f(x).
  public static let idempotent = OpTraits(bit: 24)
  /// f(f(x)) = x.
  public static let involution = OpTraits(bit: 25)
  /// Regions are graphs: the order of operations carries no meaning and dominance is not asked.
  public static let graphRegion = OpTraits(bit: 26)
  /// Executing it when the program would not is harmless.
  public static let speculatable = OpTraits(bit: 27)
  public static let affineScope = OpTraits(bit: 28)
  public static let allocationScope = OpTraits(bit: 29)
  /// Blocks of its regions have no arguments.
  public static let noRegionArguments = OpTraits(bit: 30)
  /// A structured operation of linalg: iterators, indexing maps, one body block.
  public static let structured = OpTraits(bit: 31)
  public static let sameOperandsShape = OpTraits(bit: 32)
  public static let sameOperandsElementType = OpTraits(bit: 33)
  /// Speculatable where all operations of its regions are.
  public static let recursivelySpeculatable = OpTraits(bit: 34)
  /// Its regions may be parallel: iterations in any order.
  public static let parallelRegion = OpTraits(bit: 35)
  /// Its own `verify` counts operands, results and regions and checks their types.
  public static let checksOwnCounts = OpTraits(bit: 36)
}

/// What an operation may do to memory.
public struct MemoryEffects: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let read = MemoryEffects(rawValue: 1)
  public static let write = MemoryEffects(rawValue: 2)
  public static let allocate = MemoryEffects(rawValue: 4)
  public static let free = MemoryEffects(rawValue: 8)
}

/// Effects that depend on the operation, e.g. on whether its operands are tensors or memrefs. They count
/// as the operation's own, in place of those declared.
public struct OwnEffects: OpInterface {
  /// The effects; nil where they are unknown.
  public let of: @Sendable (Operation) -> MemoryEffects?

  public init(of effects: @escaping @Sendable (Operation) -> MemoryEffects?) { of = effects }
}

/// Says of an operation whose operands decide it whether executing it needlessly is harmless.
public struct Speculation: OpInterface {
  public let isHarmless: @Sendable (Operation) -> Bool

  public init(_ isHarmless: @escaping @Sendable (Operation) -> Bool) {
    self.isHarmless = isHarmless
  }
}

extension Operation {
  /// The operation's own effects and those of what it contains; nil where they are unknown.
  public var memoryEffects: MemoryEffects? {
    guard let definition else { return nil }
    var effects: MemoryEffects = []
    if let computed = definition.interface(OwnEffects.self) {
      guard let own = computed.of(self) else { return nil }
      effects.formUnion(own)
    } else if let own = definition.effects {
      effects.formUnion(own)
    } else if !has(.pure) && !has(.noMemoryEffect) && !has(.recursiveMemoryEffects) {
      return nil
    }
    if has(.recursiveMemoryEffects) {
      for region in regions {
        for block in region.blocks {
          for operation in block.operations {
            guard let inner = operation.memoryEffects else { return nil }
            effects.formUnion(inner)
          }
        }
      }
    }
    return effects
  }

  public var isMemoryEffectFree: Bool { memoryEffects?.isEmpty ?? false }

  public var isSpeculatable: Bool {
    if has(.pure) || has(.speculatable) { return true }
    guard has(.recursivelySpeculatable) else {
      return interface(Speculation.self)?.isHarmless(self) ?? false
    }
    for region in regions {
      for block in region.blocks {
        for operation in block.operations where !operation.isSpeculatable { return false }
      }
    }
    return true
  }

  /// Whether the operation can be removed once its results are unused: it is no terminator or symbol and
  /// does no more than read or allocate memory.
  public var isTriviallyDead: Bool {
    guard isUnused, !has(.terminator), !has(.symbol), let effects = memoryEffects else {
      return false
    }
    return effects.isSubset(of: [.read, .allocate])
  }

  /// Whether the operation could be removed if its results were unused.
  public var wouldBeTriviallyDead: Bool {
    guard !has(.terminator), !has(.symbol), let effects = memoryEffects else { return false }
    return effects.isSubset(of: [.read, .allocate])
  }
}
