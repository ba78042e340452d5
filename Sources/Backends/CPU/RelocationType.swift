/// The relocations of code of the small, position-independent model, by their ABI numbers.
enum RelocationType: UInt32 {
  case none = 0
  case absolute64 = 1
  case relative32 = 2
  case plt32 = 4
  case tableRelative = 9
  case absolute32 = 10
  case absolute32Signed = 11
  case relative64 = 24
  case tableRelativeRelaxable = 41
  case tableRelativeRelaxableREX = 42
  case tableRelativeRelaxableREX2 = 43

  var usesAddressTable: Bool {
    switch self {
    case .tableRelative, .tableRelativeRelaxable, .tableRelativeRelaxableREX,
      .tableRelativeRelaxableREX2:
      true
    default: false
    }
  }

  var isRelative: Bool {
    switch self {
    case .none, .absolute64, .absolute32, .absolute32Signed: false
    default: true
    }
  }

  var width: Int {
    switch self {
    case .none: 0
    case .absolute64, .relative64: 8
    default: 4
    }
  }

  func fits(_ value: Int) -> Bool {
    switch self {
    case .none, .absolute64, .relative64: true
    case .absolute32: UInt32(exactly: value) != nil
    default: Int32(exactly: value) != nil
    }
  }

  func store(_ value: Int, at place: UnsafeMutableRawPointer) {
    if width == 8 {
      place.storeBytes(of: UInt64(bitPattern: Int64(value)), as: UInt64.self)
    } else {
      place.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    }
  }
}
