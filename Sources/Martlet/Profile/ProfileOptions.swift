import MartletSupport

/// What the command line of `martlet profile` asks for.
struct ProfileOptions {
  var filter = TraceFilter()
  var trace: String?
  var speedscope: String?
  var firefox: String?
  var flamegraph: String?
  var report: String?
  var rows = 20
  var countsAllocations = true
  var readsCounters = false
  var measuresMachine = false
  var showsHelp = false
  /// The command line to be profiled.
  var command: [String] = []

  static let table = CommandOptions<ProfileOptions>([
    (
      "",
      [
        .value("o", "output", as: "FILE", help: "write the table to FILE instead of standard error")
        { $0.report = $1 },
        .number("rows", atLeast: 1, help: "rows of each table (default 20)") { $0.rows = $1 },
        .value("trace", as: "FILE", help: "for Perfetto and chrome://tracing (Trace Event JSON)") {
          $0.trace = $1
        },
        .value("speedscope", as: "FILE", help: "for speedscope") { $0.speedscope = $1 },
        .value("firefox", as: "FILE", help: "for the Firefox Profiler (processed format)") {
          $0.firefox = $1
        },
        .value("flamegraph", as: "FILE", help: "a flame graph, one SVG file") {
          $0.flamegraph = $1
        },
        .value("only", as: "KIND:GLOB,...", help: ProfileOptions.onlyHelp) {
          (options, text) throws(UsageError) in
          do throws(Diagnostic) {
            options.filter.rules = try TraceFilter(text).rules
          } catch {
            throw UsageError("option '--only': \(error.message)")
          }
        },
        .value(
          "min-duration", as: "TIME",
          help: "leave shorter spans, 10us, out of the files; tables keep them"
        ) { (options, text) throws(UsageError) in
          options.filter.minimumNanoseconds = try ProfileOptions.nanoseconds(text)
        },
        .flag("allocations", help: "count allocations (default true)") {
          $0.countsAllocations = $1
        },
        .flag("counters", help: "read the processor's counters around each kernel") {
          $0.readsCounters = $1
        },
        .flag("machine", help: "measure what the machine can do at best, and keep it") {
          $0.measuresMachine = $1
        },
        .flag("h", "help", help: "print this and exit") { $0.showsHelp = $1 },
      ]
    )
  ])

  private static let onlyHelp =
    "record only spans of these kinds and names: 'pass:canonicalize,pattern:arith.*,kernel:*'; kinds are "
    + TraceCategory.allCases.map(\.name).joined(separator: ", ")

  static var help: String {
    """
    usage: martlet profile [options] COMMAND ...

    Runs a martlet command and tells where the time went: opt, run and the others, written as without
    'martlet profile' before them. The command's results go where they always go; the table goes to standard
    error.

    """ + table.help
  }

  /// Options end at the first word that is none, which is the command.
  init(_ arguments: [String]) throws(UsageError) {
    var own: [String] = []
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-") {
      own.append(argument)
      rest = rest.dropFirst()
      let name = String(argument.drop { $0 == "-" })
      if argument == "--" {
        own.removeLast()
        break
      }
      if let option = ProfileOptions.table.option(named: name), case .required = option.value,
        let value = rest.first
      {
        own.append(value)
        rest = rest.dropFirst()
      }
    }
    try ProfileOptions.table.parse(own, into: &self) { (_, argument) throws(UsageError) in
      throw UsageError("'\(argument)' is no option")
    }
    command = Array(rest)
    if showsHelp { return }
    if command.isEmpty, !measuresMachine { throw UsageError("no command to profile") }
    if let name = command.first, !MartletTool.commands.contains(where: { $0.name == name }) {
      let hint =
        nearestWord(to: name, among: MartletTool.commands.map(\.name))
        .map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("there is no command '\(name)' to profile\(hint)")
    }
    if command.first == "profile" { throw UsageError("'profile' does not profile itself") }
  }

  /// `10us` as nanoseconds.
  static func nanoseconds(_ text: String) throws(UsageError) -> UInt64 {
    let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9)]
    for (unit, scale) in units where text.hasSuffix(unit) {
      if let value = Double(text.dropLast(unit.count)), value >= 0, value * scale < 1e18 {
        return UInt64(value * scale)
      }
    }
    throw UsageError("option '--min-duration' takes a time such as 10us, not '\(text)'")
  }

  /// Whether a file wants spans one by one.
  var keepsEvents: Bool { trace != nil || speedscope != nil || firefox != nil }
}
