import MartletDialectLoading
import MartletIR
import MartletSupport

/// Dialects that the command line brings: `--ods=`, `--irdl-file=` and what goes with them.
struct DialectOptions {
  var odsFiles: [String] = []
  var includes: [String] = []
  var irdlFiles: [String] = []
  var reportsRemarks = false

  /// Reads the files, once for all contexts of a run.
  /// - Throws: the first file's problem.
  func load() throws(Diagnostic) -> LoadedDialects? {
    if odsFiles.isEmpty && irdlFiles.isEmpty { return nil }
    let files = odsFiles.map { RecordFile($0, includes: includes) }
    let records = files.isEmpty ? nil : try DialectLoader(files)
    var declared: [IRDLLoader] = []
    for path in irdlFiles {
      let source = try SourceFile.open(path)
      let engine = DiagnosticEngine()
      let context = Registration.makeContext(engine)
      records?.register(in: context)
      do throws(Reported) {
        declared.append(try IRDLLoader(source, context: context))
      } catch {
        throw engine.diagnostics.first { $0.severity == .error }
          ?? Diagnostic(.error, "cannot load dialects", subject: path)
      }
    }
    return LoadedDialects(records: records, declared: declared)
  }
}

/// The dialects of a run that come from files.
struct LoadedDialects {
  let records: DialectLoader?
  let declared: [IRDLLoader]

  func register(in context: Context) {
    records?.register(in: context)
    for loader in declared { loader.register(in: context) }
  }

  /// What could not be had, dialect by dialect.
  var remarks: [Diagnostic] {
    guard let records else { return [] }
    return records.dialectNames.flatMap { name -> [Diagnostic] in
      let loaded = records.dialect(name)
      let generic = loaded.genericOnly.map {
        Diagnostic(
          .remark, "'\($0)' is read and written in generic form: its text is written in C++",
          subject: name)
      }
      return generic + loaded.remarks.map { Diagnostic(.remark, $0, subject: name) }
    }
  }
}
