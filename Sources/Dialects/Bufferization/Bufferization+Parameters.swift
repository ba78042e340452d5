import MartletIR
import MartletSupport

extension Bufferization {
  /// Checks the `bufferization.` attributes of a function's parameters.
  static func verifyParameterAttributes(_ operation: Operation) throws(Reported) {
    let isExternal = operation.region().isEmpty
    for dictionary in operation.attribute("arg_attrs")?.elements ?? [] {
      for entry in dictionary.entries {
        switch entry.name.string {
        case "bufferization.writable":
          if entry.value.boolValue == nil {
            throw operation.emitError(
              "'bufferization.writable' is expected to be a boolean attribute")
          }
          if isExternal {
            throw operation.emitError("'bufferization.writable' is invalid on external functions")
          }
        case "bufferization.access":
          guard let word = entry.value.stringValue else {
            throw operation.emitError("'bufferization.access' is expected to be a string attribute")
          }
          if !["none", "read", "write", "read-write"].contains(word) {
            throw operation.emitError("invalid value for 'bufferization.access'")
          }
        case "bufferization.buffer_layout":
          // Dialects may bring layouts of their own.
          let kind = entry.value.kind
          if kind != nil, kind != .affineMap, kind != .stridedLayout, kind != .opaque {
            throw operation.emitError(
              "'bufferization.buffer_layout' is expected to be a affine map attribute")
          }
        default: continue
        }
      }
    }
  }
}
