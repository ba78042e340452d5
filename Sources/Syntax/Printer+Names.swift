import MartletIR

extension Printer {
  /// The names that values below `root` have where its text is printed.
  public static func valueNames(in root: Operation) -> (Value) -> String {
    let names = ValueNames(root, PrintOptions())
    return { value in
      let out = TextBuffer()
      names.write(value, to: out)
      return out.string
    }
  }
}
