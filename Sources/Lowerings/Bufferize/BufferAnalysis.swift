import MartletDialects
import MartletIR
import MartletSupport

/// Memory that tensors of a function lie in.
struct BufferRoot {
  enum Kind {
    /// A parameter of the function: read only.
    case argument(Value)
    /// A constant: read only.
    case constant(Attribute)
    /// The memory result `number` of the function goes to.
    case output(Int)
    /// Memory to be allocated.
    case allocation
    /// A memref of the program.
    case external(Value)
  }

  let kind: Kind
  /// The tensor type the memory is for, row-major.
  let type: Type
  /// The tensor that lies in an allocation from its start.
  let owner: Value?
  var isWritable: Bool
  /// Which memory it is changes while the program runs: buffers a loop exchanges.
  var isFloating = false
  /// Where it may lie is up to a callee that takes memory without offset or strides.
  var mustBeWhole = false
  /// The tensors that lie in it.
  var members: [Value] = []
  var writes: [BufferWrite] = []

  var isAllocation: Bool { if case .allocation = kind { true } else { false } }
  var isStatic: Bool { type.hasStaticShape }
}

/// Where a tensor lies.
struct BufferPlace {
  var root: Int
  /// Tensors of one root and number lie in the same place, also where the layout is not known.
  var number: Int
  /// Nil where shapes are dynamic.
  var layout: BufferLayout?
}

/// A change of memory that an operation makes.
struct BufferWrite {
  enum Kind {
    /// A destination-style operation fills, or changes, its destination `operand`.
    case destination(operand: Int)
    /// A slice is put into a tensor.
    case slice
    /// What region `region` yields at position `operand` is put in place.
    case yielded(operand: Int)
    /// The initial value, operand `operand`, of what a loop carries is put in place.
    case entered(operand: Int)
    /// A copy or a call makes a tensor.
    case made
  }
  let operation: Operation
  /// The tensor written.
  let target: Value
  let kind: Kind

  var isYield: Bool { if case .yielded = kind { true } else { false } }
}

/// Use of a tensor's content.
struct BufferRead {
  let operation: Operation
  let operand: Int
  let value: Value
}

/// Decides for each tensor of a function in which memory it lies.
///
/// Each tensor starts out in memory of its own. Then, following the program, the memory of a result is
/// made one with that of the operand it replaces, and the memory of a value that is to be put somewhere
/// (returned, inserted into a slice, yielded) is made one with the place it goes to: each time the two
/// are one only where no read of a tensor finds it overwritten. Reads are of SSA values, so "overwritten"
/// means: between the point where the value's content was made and the read lies a write to memory they
/// share. After One-Shot Bufferize of MLIR, in which views are never copied and in which places are
/// known as strided layouts, so that disjoint slices are told apart.
final class BufferAnalysis {
  let function: FuncOp
  let context: Context
  private(set) var roots: [BufferRoot] = []
  private(set) var places: [Value: BufferPlace] = [:]
  /// The root of each result of the function, by number; nil for results that are no tensors.
  private(set) var outputs: [Int?] = []
  /// Destinations written in place: no memory of their own, no copy.
  private(set) var inPlace: Set<OperandKey> = []
  /// Loop-carried values that exchange their buffer with another at the end of each iteration; the value's
  /// root, and the root of the spare buffer.
  private(set) var exchanges: [OperandKey: Int] = [:]
  /// Views that strides cannot describe, so that they are copies.
  var copied: Set<Operation> = []
  private var nextNumber = 0

  struct OperandKey: Hashable {
    let operation: Operation
    let operand: Int
  }

  /// The least bytes of a tensor for which two buffers that change places are better than a copy.
  let leastExchange: Int

  init(_ function: FuncOp, leastExchange: Int = 4096) {
    self.function = function
    self.leastExchange = leastExchange
    context = function.operation.context
  }

  // MARK: Places

  func place(_ value: Value) -> BufferPlace {
    guard let place = places[value] else { preconditionFailure("tensor without a place") }
    return place
  }

  func root(_ value: Value) -> BufferRoot { roots[place(value).root] }

  func isInPlace(_ operation: Operation, _ operand: Int) -> Bool {
    inPlace.contains(OperandKey(operation: operation, operand: operand))
  }

  func number() -> Int {
    nextNumber += 1
    return nextNumber
  }

  func put(_ value: Value, _ place: BufferPlace) {
    places[value] = place
    roots[place.root].members.append(value)
  }

  @discardableResult
  func addRoot(
    _ kind: BufferRoot.Kind, _ type: Type, owner: Value? = nil, isWritable: Bool = true
  ) -> Int {
    roots.append(BufferRoot(kind: kind, type: type, owner: owner, isWritable: isWritable))
    return roots.count - 1
  }

  func wholePlace(_ root: Int) -> BufferPlace {
    let type = roots[root].type
    return BufferPlace(
      root: root, number: number(),
      layout: type.hasStaticShape && type.elementCount != nil
        ? BufferLayout(contiguous: type.shape) : nil)
  }

  /// Gives `value` memory of its own.
  func allocate(_ value: Value) {
    put(value, wholePlace(addRoot(.allocation, value.type, owner: value)))
  }

  func addOutput(_ type: Type?) {
    outputs.append(type.map { addRoot(.output(outputs.count), $0) })
  }

  func addWrite(_ operation: Operation, _ target: Value, _ kind: BufferWrite.Kind) {
    roots[place(target).root].writes.append(
      BufferWrite(operation: operation, target: target, kind: kind))
  }

  /// Whether both lie in the same place.
  func areEquivalent(_ a: BufferPlace, _ b: BufferPlace) -> Bool {
    if a.root != b.root { return false }
    if a.number == b.number { return true }
    guard let x = a.layout, let y = b.layout else { return false }
    return x.coincides(with: y)
  }

  func areEquivalent(_ a: Value, _ b: Value) -> Bool { areEquivalent(place(a), place(b)) }

  /// The place of the slice that `operation` (extract_slice, insert_slice) takes of a tensor at `place`.
  func slice(_ operation: Operation, of place: BufferPlace, shape: [Int]) -> BufferPlace {
    let sizes = operation.mixedSizes
    let kept = MemRef.keptDimensions(
      of: sizes.map { $0.constantValue ?? Type.dynamic }, in: shape)
    let layout = kept.flatMap { kept in
      place.layout?.slice(
        offsets: operation.mixedOffsets, sizes: sizes, strides: operation.mixedStrides, kept: kept)
    }
    return BufferPlace(root: place.root, number: number(), layout: layout)
  }

  /// Where the source of an insert_slice has to lie to be in its destination already.
  func slicePlace(_ operation: Operation) -> BufferPlace {
    slice(operation, of: place(operation.result()), shape: operation.operand(0).type.shape)
  }

  // MARK: Uniting

  /// Makes memory `root` the part `target` of other memory, if no read finds what it reads overwritten.
  func move(_ root: Int, to target: BufferPlace) -> Bool {
    let moved = roots[root]
    let goal = roots[target.root]
    guard root != target.root, moved.isAllocation,
      goal.isWritable || !moved.writes.contains(where: { !isIdle($0) })
    else { return false }
    // Exchanged buffers are memrefs without offset or strides.
    if moved.isFloating || goal.isFloating {
      guard goal.type.shape == moved.type.shape,
        target.layout == BufferLayout(contiguous: goal.type.shape)
      else { return false }
    }
    var previous: [BufferPlace] = []
    var new: [BufferPlace] = []
    let ownNumber = moved.owner.map { place($0).number }
    for member in moved.members {
      let old = place(member)
      var place = BufferPlace(root: target.root, number: old.number, layout: nil)
      if old.number == ownNumber { place.number = target.number }
      if let layout = old.layout {
        guard let goal = target.layout,
          let composed = layout.moved(from: moved.type.shape, to: goal)
        else { return false }
        place.layout = composed
      }
      previous.append(old)
      new.append(place)
    }
    for (member, place) in zip(moved.members, new) { places[member] = place }
    let conflicts =
      hasConflict(writes: moved.writes, members: goal.members)
      || hasConflict(writes: goal.writes, members: moved.members)
      // What is no longer copied when yielded must not be overwritten by what is.
      || hasConflict(writes: moved.writes.filter(\.isYield), members: moved.members)
      || hasConflict(writes: goal.writes.filter(\.isYield), members: goal.members)
    if conflicts {
      for (member, place) in zip(moved.members, previous) { places[member] = place }
      return false
    }
    roots[target.root].members += moved.members
    roots[target.root].writes += moved.writes
    if moved.isFloating { roots[target.root].isFloating = true }
    roots[root].members = []
    roots[root].writes = []
    return true
  }

  /// Puts result `value` of `operation` in the place of its operand.
  func unite(_ value: Value, with operation: Operation, _ operand: Int) -> Bool {
    let key = OperandKey(operation: operation, operand: operand)
    // The decision is assumed while it is checked: an initial value in place is not copied.
    inPlace.insert(key)
    let root = place(value).root
    if roots[root].owner == value, move(root, to: place(operation.operand(operand))) { return true }
    inPlace.remove(key)
    return false
  }

  /// Lets `value` be made in the place it is to be put.
  /// - Returns: whether it lies there.
  @discardableResult
  func tie(_ value: Value, to target: BufferPlace) -> Bool {
    let current = place(value)
    if areEquivalent(current, target) { return true }
    let root = roots[current.root]
    guard current.root != target.root, root.isAllocation, !root.isFloating, root.isStatic,
      !roots[target.root].isFloating, roots[target.root].isWritable, let owner = root.owner,
      let layout = current.layout, let goal = target.layout, layout.offset == 0,
      layout.terms.isEmpty, layout.isContiguous,
      root.type.elementCount == value.type.elementCount,
      let whole = goal.reshaped(to: root.type.shape),
      goal.terms.allSatisfy({ isAvailable($0.value, for: owner) })
    else { return false }
    if root.mustBeWhole {
      guard roots[target.root].type == root.type,
        whole == BufferLayout(contiguous: root.type.shape)
      else { return false }
    }
    let isTied = move(
      current.root, to: BufferPlace(root: target.root, number: target.number, layout: whole))
    if isTied, root.mustBeWhole { roots[target.root].mustBeWhole = true }
    return isTied
  }

  /// Whether `value` is defined where the memory of `owner` has to be at hand.
  private func isAvailable(_ value: Value, for owner: Value) -> Bool {
    guard let point = owner.definingOperation ?? owner.owningBlock?.parentOperation,
      let region = value.block?.region, let user = point.ancestor(in: region)
    else { return false }
    guard let definition = value.definingOperation else { return user.block == value.owningBlock }
    return definition != user && definition.block == user.block && definition.isBefore(user)
  }

  func markExchange(_ operation: Operation, _ operand: Int, spare: Int, carried: Int) {
    exchanges[OperandKey(operation: operation, operand: operand)] = spare
    roots[spare].isFloating = true
    roots[carried].isFloating = true
  }

  func markWhole(_ value: Value) { roots[place(value).root].mustBeWhole = true }
}
