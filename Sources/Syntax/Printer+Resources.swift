import MartletIR
import MartletSupport

extension Printer {
  /// The `{-# ... #-}` behind a module: blobs the text refers to, then what tools keep with it.
  func writeResources() {
    var sections:
      [(name: String, groups: [(name: String, entries: [(key: String, text: [UInt8])])])]
    sections = []
    let keys = resourceKeys.sorted { $0.string < $1.string }
    let blobs = keys.compactMap { key in blobText(key).map { (key: key.string, text: $0) } }
      .filter(isShown)
    if !blobs.isEmpty { sections.append(("dialect_resources", [("builtin", blobs)])) }
    let external = options.externalResources.map { group in
      (name: group.name, entries: group.entries.map { ($0.key, text($0.value)) }.filter(isShown))
    }.filter { !$0.entries.isEmpty }
    if !external.isEmpty { sections.append(("external_resources", external)) }
    if sections.isEmpty { return }
    out.append("\n{-#\n")
    for (i, section) in sections.enumerated() {
      out.append("  \(section.name): {\n")
      for (j, group) in section.groups.enumerated() {
        out.append("    ")
        keywordOrString(group.name)
        out.append(": {\n")
        for (k, entry) in group.entries.enumerated() {
          out.append("      ")
          keywordOrString(entry.key)
          out.append(": ")
          entry.text.withUnsafeBufferPointer { out.append($0) }
          out.append(k + 1 < group.entries.count ? ",\n" : "\n")
        }
        out.append(j + 1 < section.groups.count ? "    },\n" : "    }\n")
      }
      out.append(i + 1 < sections.count ? "  },\n" : "  }\n")
    }
    out.append("#-}\n")
  }

  private func isShown(_ entry: (key: String, text: [UInt8])) -> Bool {
    guard let limit = options.elideResourcesOver else { return true }
    return entry.text.count <= limit || entry.text.first != UInt8(ascii: "\"")
  }

  private func text(_ value: ExternalResources.Value) -> [UInt8] {
    switch value {
    case .bool(let value): return Array((value ? "true" : "false").utf8)
    case .string(let text):
      let printer = Printer(context)
      printer.string(text)
      return Array(printer.out.string.utf8)
    }
  }

  /// Alignment and bytes in hexadecimal, in quotes; nil where there is no such blob.
  private func blobText(_ key: Identifier) -> [UInt8]? {
    guard let bytes = context.resource(key) else { return nil }
    let hex = Array("0123456789ABCDEF".utf8)
    var text = Array("\"0x".utf8)
    text.reserveCapacity(bytes.count * 2 + 12)
    let alignment = UInt32(truncatingIfNeeded: context.resourceAlignment(key))
    let header = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: alignment >> UInt32($0)) }
    for byte in header + Array(bytes) {
      text.append(hex[Int(byte >> 4)])
      text.append(hex[Int(byte & 15)])
    }
    text.append(UInt8(ascii: "\""))
    return text
  }
}
