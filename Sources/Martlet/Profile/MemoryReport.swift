import MartletRuntime
import MartletSupport

/// A plan's memory over its steps: how much is in use, where it is most, and what is in use there.
struct MemoryReport {
  let plan: Plan
  let rowLimit: Int

  var text: String {
    let live = plan.liveBytes
    guard let most = live.max(), most > 0, let peak = live.firstIndex(of: most) else { return "" }
    var text = "memory: \(ProfileText.bytes(most)) in use at most, at step \(peak) "
    text += "(\(plan.steps[peak])); \(ProfileText.bytes(plan.arenaByteCount)) planned, "
    text += "\(ProfileText.bytes(plan.intermediateByteCount)) if nothing were shared, "
    let constants = plan.constants.reduce(0) { $0 + $1.byteCount }
    text += "\(ProfileText.bytes(constants)) of constants\n"
    text += timeline(live, most, peak)
    let slots = plan.slots.filter { $0.firstStep <= peak && peak <= $0.lastStep }
      .sorted { ($1.byteCount, $0.offset) < ($0.byteCount, $1.offset) }
    text += "  in use at the peak:\n"
    let cells = slots.prefix(rowLimit).map { slot in
      [
        ProfileText.bytes(slot.byteCount),
        ProfileText.share(Double(slot.byteCount), of: Double(most)),
        "\(slot.offset)", "\(slot.firstStep)...\(slot.lastStep)", slot.name,
      ]
    }
    text += ProfileText.table(["size", "share %", "offset", "steps", "buffer"], cells, left: [4])
    if slots.count > rowLimit { text += "  ... \(slots.count - rowLimit) more (--rows)\n" }
    return text
  }

  /// A bar per step; of many steps, per run of steps with the most in it.
  private func timeline(_ live: [Int], _ most: Int, _ peak: Int) -> String {
    let group = (live.count + rowLimit - 1) / max(rowLimit, 1)
    var cells: [[String]] = []
    var first = 0
    while first < live.count {
      let last = min(first + max(group, 1), live.count) - 1
      let step = (first...last).max { live[$0] < live[$1] } ?? first
      let name = first == last ? "\(first)" : "\(first)...\(last)"
      let mark = (first...last).contains(peak) ? " <- peak" : ""
      cells.append([
        name, ProfileText.bytes(live[step]),
        ProfileText.bar(Double(live[step]), of: Double(most)) + mark, plan.steps[step],
      ])
      first = last + 1
    }
    return ProfileText.table(["step", "in use", "", "kernel"], cells, left: [2, 3])
  }
}
