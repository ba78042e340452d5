/// All results ever recorded, samples and all, in an SQLite database.
///
///     run     one call of `martlet bench --record`: where, when, of which commit
///     result  one benchmark of a run
///     sample  one sample of a result: nanoseconds, instructions, bytes
final class History {
  private let database: Database

  /// Opens the history in the file at `path`, making it where it is missing.
  init(path: String) throws {
    database = try Database(path: path)
    let version = try database.run("PRAGMA user_version").first?.first?.integer ?? 0
    if version > 1 {
      throw BenchFailure("\(path): written by a newer martlet (form \(version), known is 1)")
    }
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS run (
        id INTEGER PRIMARY KEY, machine TEXT NOT NULL, cpu TEXT, cores INTEGER, memory INTEGER,
        system TEXT, commit_hash TEXT NOT NULL, commit_date INTEGER, dirty INTEGER NOT NULL,
        toolchain TEXT, llvm TEXT, quick INTEGER NOT NULL, date INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS run_commit ON run (commit_hash, machine);
      CREATE TABLE IF NOT EXISTS result (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), name TEXT NOT NULL,
        size INTEGER, item TEXT NOT NULL, count INTEGER, program INTEGER NOT NULL,
        runs_per_sample INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS result_run ON result (run);
      CREATE TABLE IF NOT EXISTS sample (
        result INTEGER NOT NULL REFERENCES result (id), number INTEGER NOT NULL,
        wall REAL NOT NULL, cpu REAL NOT NULL, instructions REAL, peak REAL,
        PRIMARY KEY (result, number)) WITHOUT ROWID;
      PRAGMA user_version = 1;
      """)
  }

  /// Adds a run; all of it or, where something fails, nothing.
  func record(_ info: RunInfo, _ results: [BenchResult]) throws {
    try database.transaction {
      let run = try database.insert(
        """
        INSERT INTO run (machine, cpu, cores, memory, system, commit_hash, commit_date, dirty, toolchain,
        llvm, quick, date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(info.machine), .text(info.cpu), .integer(Int64(info.cores)),
          .integer(Int64(info.memory)), .text(info.system), .text(info.commit),
          .optional(info.commitDate), .integer(info.isDirty ? 1 : 0), .text(info.toolchain),
          .text(info.llvm), .integer(info.isQuick ? 1 : 0), .integer(Int64(info.date)),
        ])
      for result in results {
        let row = try database.insert(
          """
          INSERT INTO result (run, name, size, item, count, program, runs_per_sample)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
          [
            .integer(Int64(run)), .text(result.name), .optional(result.size), .text(result.item),
            .optional(result.count), .integer(result.isProgram ? 1 : 0),
            .integer(Int64(result.samples.runsPerSample)),
          ])
        for (i, cost) in result.samples.costs.enumerated() {
          try database.run(
            "INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?)",
            [
              .integer(Int64(row)), .integer(Int64(i)), .real(cost.wall), .real(cost.cpu),
              .optional(cost.instructions), .optional(cost.peak),
            ])
        }
      }
    }
  }

  /// The commits there are results of on `machine`, or on any, in the order they were made.
  func commits(machine: String? = nil) throws -> [String] {
    try database.run(
      """
      SELECT commit_hash FROM run WHERE ? IS NULL OR machine = ?
      GROUP BY commit_hash ORDER BY min(ifnull(commit_date, date)), min(id)
      """, [.optional(machine), .optional(machine)]
    ).compactMap { $0[0].text }
  }

  /// The runs there are, of `commit` where given; those of changed working trees are left out unless asked for.
  func runs(commit: String? = nil, machine: String? = nil, dirty: Bool = false) throws -> [(
    id: Int, info: RunInfo
  )] {
    try database.run(
      """
      SELECT id, machine, cpu, cores, memory, system, commit_hash, commit_date, dirty, toolchain, llvm,
      quick, date FROM run WHERE (? IS NULL OR commit_hash = ?) AND (? IS NULL OR machine = ?)
      AND (dirty = 0 OR ?) ORDER BY id
      """,
      [
        .optional(commit), .optional(commit), .optional(machine), .optional(machine),
        .integer(dirty ? 1 : 0),
      ]
    ).map { row in
      var info = RunInfo(machine: row[1].text)
      info.cpu = row[2].text ?? ""
      info.cores = row[3].integer ?? 0
      info.memory = row[4].integer ?? 0
      info.system = row[5].text ?? ""
      info.commit = row[6].text ?? ""
      info.commitDate = row[7].integer
      info.isDirty = row[8].integer == 1
      info.toolchain = row[9].text ?? ""
      info.llvm = row[10].text ?? ""
      info.isQuick = row[11].integer == 1
      info.date = row[12].integer ?? 0
      return (row[0].integer ?? 0, info)
    }
  }

  /// The results of some runs; of a benchmark that several have measured, all samples together.
  func results(of runs: [Int]) throws -> [BenchResult] {
    var order: [String] = []
    var found: [String: BenchResult] = [:]
    for run in runs {
      let rows = try database.run(
        """
        SELECT id, name, size, item, count, program, runs_per_sample FROM result WHERE run = ?
        ORDER BY id
        """, [.integer(Int64(run))])
      for row in rows {
        var samples = Samples(runsPerSample: row[6].integer ?? 1)
        samples.costs = try database.run(
          "SELECT wall, cpu, instructions, peak FROM sample WHERE result = ? ORDER BY number",
          [row[0]]
        ).map {
          Cost(
            wall: $0[0].real ?? 0, cpu: $0[1].real ?? 0, instructions: $0[2].real, peak: $0[3].real)
        }
        if samples.costs.isEmpty { continue }
        let name = row[1].text ?? ""
        let size = row[2].integer
        let id = size.map { "\(name)/\($0)" } ?? name
        if let known = found[id] {
          samples.costs = known.samples.costs + samples.costs
        } else {
          order.append(id)
        }
        found[id] = BenchResult(
          name: name, size: size, item: row[3].text ?? "op", count: row[4].integer,
          isProgram: row[5].integer == 1, samples: samples)
      }
    }
    return order.compactMap { found[$0] }
  }
}
