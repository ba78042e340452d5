import MartletSupport

/// A list of blocks inside an operation; the first is the entry.
public struct Region: Hashable {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  public let raw: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ raw: UInt32) {
    self.state = state
    self.raw = raw
  }

  @inlinable public static func == (a: Region, b: Region) -> Bool { a.raw == b.raw }
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(raw) }

  @inlinable var pointer: UnsafeMutablePointer<RegionRecord> { state.pointee.regions.address(raw) }

  public var context: Context { state.pointee.context }
  @inlinable public var parentOperation: Operation {
    Operation(state, pointer.pointee.operation)
  }
  /// Which of its operation's regions this is.
  public var index: Int { Int(raw - parentOperation.record.firstRegion) }
  @inlinable public var isEmpty: Bool { pointer.pointee.firstBlock == none }
  @inlinable public var firstBlock: Block? {
    isEmpty ? nil : Block(state, pointer.pointee.firstBlock)
  }
  @inlinable public var lastBlock: Block? {
    isEmpty ? nil : Block(state, pointer.pointee.lastBlock)
  }
  public var hasOneBlock: Bool {
    !isEmpty && pointer.pointee.firstBlock == pointer.pointee.lastBlock
  }

  /// The blocks in order. The one being visited may be erased or moved while iterating.
  @inlinable public var blocks: BlockList { BlockList(state, pointer.pointee.firstBlock) }

  /// The entry block's arguments.
  public var arguments: ArgumentList {
    firstBlock?.arguments ?? ArgumentList(state, 0, 0)
  }

  public func append(_ block: Block) {
    block.remove()
    state.pointee.linkBlock(block.raw, region: raw, before: none)
  }
  public func insert(_ block: Block, after other: Block) {
    block.remove()
    state.pointee.linkBlock(block.raw, region: raw, before: other.record.next)
  }
  public func insert(_ block: Block, before other: Block) {
    block.remove()
    state.pointee.linkBlock(block.raw, region: raw, before: other.raw)
  }

  /// Adds an empty block at the end.
  @discardableResult
  public func addBlock(arguments: [Type] = []) -> Block {
    let block = context.createBlock(arguments: arguments)
    append(block)
    return block
  }

  /// Moves all blocks of `other` to the end of this region.
  public func takeBody(of other: Region) {
    while let block = other.firstBlock { append(block) }
  }

  public func eraseBlocks() {
    for block in blocks { for operation in block.operations { operation.dropAllReferences() } }
    while let block = lastBlock { block.erase() }
  }

  /// Whether `other` is this region or nested in it.
  public func isAncestor(of other: Region) -> Bool {
    var current: Region? = other
    while let region = current {
      if region == self { return true }
      current = region.parentOperation.block?.region
    }
    return false
  }
}

public struct BlockList: Sequence, IteratorProtocol {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline var following: UInt32

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32) {
    self.state = state
    following = first
  }

  @inlinable public mutating func next() -> Block? {
    if following == none { return nil }
    let block = Block(state, following)
    following = block.record.next
    return block
  }
}

public struct RegionList: RandomAccessCollection {
  @usableFromInline let state: UnsafeMutablePointer<IRState>
  @usableFromInline let first: UInt32
  public let count: Int

  @inlinable init(_ state: UnsafeMutablePointer<IRState>, _ first: UInt32, _ count: Int) {
    self.state = state
    self.first = first
    self.count = count
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  @inlinable public subscript(i: Int) -> Region {
    precondition(UInt(bitPattern: i) < UInt(bitPattern: count), "region index out of range")
    return Region(state, first + UInt32(i))
  }
}
