import MartletSupport

/// A recording's sums as a flame graph: one SVG file that needs nothing else. A click makes a frame as wide as
/// the picture, a click below it goes back, and a regular expression marks frames and says their share.
struct FlameGraph {
  private struct Frame {
    let title: String
    let hint: String
    let category: TraceCategory
    let depth: Int
    let x: Double
    let width: Double
  }

  private static let width = 1200.0
  private static let rowHeight = 18
  private static let top = 56
  /// Narrower frames, in parts of the whole, are left out.
  private static let narrowest = 0.0002

  private var frames: [Frame] = []
  private var deepest = 0
  private let command: String

  init(_ snapshot: TraceSnapshot, command: String) {
    self.command = command
    let whole = snapshot.threads.reduce(0) { $0 + ($1.end - $1.start) }
    guard whole > 0 else { return }
    add("martlet \(command)", whole, whole, 1, .other, depth: 0, x: 0, whole)
    var x = 0.0
    for (number, thread) in snapshot.threads.enumerated() {
      let time = thread.end - thread.start
      let isOnly = snapshot.threads.count == 1
      if !isOnly {
        add("thread \(thread.name)", time, time, 1, .other, depth: 1, x: x, whole)
      }
      var children = [[Int]](repeating: [], count: thread.nodes.count)
      var roots: [Int] = []
      for (i, node) in thread.nodes.enumerated() {
        if let parent = node.parent { children[parent].append(i) } else { roots.append(i) }
      }
      lay(roots, thread, children, depth: isOnly ? 1 : 2, x: x, room: time, whole, number)
      x += time
    }
  }

  private mutating func add(
    _ title: String, _ time: Double, _ own: Double, _ calls: Int, _ category: TraceCategory,
    depth: Int, x: Double, _ whole: Double
  ) {
    if time / whole < Self.narrowest { return }
    let share = ProfileText.share(own, of: whole)
    frames.append(
      Frame(
        title: title,
        hint:
          "\(title): \(ProfileText.time(own)), \(share) %, \(calls) call\(calls == 1 ? "" : "s")",
        category: category, depth: depth, x: x / whole, width: time / whole))
    deepest = max(deepest, depth)
  }

  private mutating func lay(
    _ nodes: [Int], _ thread: TraceSnapshot.Thread, _ children: [[Int]], depth: Int, x: Double,
    room: Double, _ whole: Double, _ number: Int
  ) {
    // Times of patterns are estimates: what does not fit is made to.
    let sum = nodes.reduce(0) { $0 + thread.nodes[$1].nanoseconds }
    let scale = sum > room && sum > 0 ? room / sum : 1
    var x = x
    for i in nodes {
      let node = thread.nodes[i]
      let time = node.nanoseconds * scale
      add(
        node.title, time, node.nanoseconds, node.calls, node.category, depth: depth, x: x, whole)
      lay(
        children[i], thread, children, depth: depth + 1, x: x, room: time, whole, number)
      x += time
    }
  }

  // MARK: Text

  private static let colors: [TraceCategory: String] = [
    .other: "#b8bcc4", .read: "#9bd08f", .parse: "#7fb0e8", .verify: "#c09be0", .pass: "#f0a868",
    .pattern: "#f2cf6b", .lowering: "#8fd0b4", .llvm: "#e58fc0", .load: "#a8d4e6",
    .run: "#c9c2b2", .kernel: "#ee8a80", .print: "#c8a58a",
  ]

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 32 && scalar != "\n" && scalar != "\t": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  var text: String {
    let height = Self.top + (deepest + 1) * Self.rowHeight + 30
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 \(height)" width="100%" \
      font-family="system-ui, sans-serif" font-size="12">
      <title>\(Self.escaped("martlet \(command)"))</title>
      <style>
      svg { background: #ffffff; } text { fill: #1c1c1c; pointer-events: none; }
      .frame { cursor: pointer; stroke: #ffffff; stroke-width: .5; } .frame:hover { stroke: #000; }
      .found { fill: #d63be0 !important; } .button { cursor: pointer; pointer-events: all; fill: #2456a6; }
      @media (prefers-color-scheme: dark) { svg { background: #1b1d21; } text.plain { fill: #e8e8e8; }
      .button { fill: #8ab4f8; } }
      </style>
      <text class="plain" x="8" y="20" font-size="15">\(Self.escaped("martlet \(command)"))</text>
      <text class="button" id="reset" x="8" y="42" role="button" tabindex="0">Whole</text>
      <text class="button" id="search" x="64" y="42" role="button" tabindex="0">Search (Ctrl+F)</text>
      <text class="plain" id="matched" x="180" y="42"></text>
      <text class="plain" id="hint" x="8" y="\(height - 10)"></text>
      <g id="frames">

      """
    for frame in frames {
      let y = Self.top + frame.depth * Self.rowHeight
      let width = frame.width * Self.width
      text += "<g data-x=\"\(decimal(frame.x, 9))\" data-w=\"\(decimal(frame.width, 9))\" "
      text += "data-d=\"\(frame.depth)\"><title>\(Self.escaped(frame.hint))</title>"
      text += "<rect class=\"frame\" x=\"\(decimal(frame.x * Self.width, 2))\" y=\"\(y)\" "
      text += "width=\"\(decimal(width, 2))\" height=\"\(Self.rowHeight - 1)\" rx=\"2\" "
      text += "fill=\"\(Self.colors[frame.category] ?? "#b8bcc4")\"/>"
      text += "<text x=\"\(decimal(frame.x * Self.width + 4, 2))\" y=\"\(y + 13)\" "
      text += "data-t=\"\(Self.escaped(frame.title))\">"
      text += Self.escaped(Self.fitted(frame.title, width)) + "</text></g>\n"
    }
    return text + "</g>\n<script><![CDATA[\n\(Self.script)]]></script>\n</svg>\n"
  }

  /// As much of a title as fits; the script does the same.
  private static func fitted(_ title: String, _ width: Double) -> String {
    let count = Int((width - 8) / 6.5)
    if count < 3 { return "" }
    return title.count <= count ? title : title.prefix(count - 2) + ".."
  }

  private static let script = """
    (function () {
      'use strict';
      var WIDTH = 1200;
      var groups = Array.prototype.slice.call(document.querySelectorAll('#frames > g'));
      var frames = groups.map(function (g) {
        return {
          g: g, rect: g.querySelector('rect'), text: g.querySelector('text'),
          x: +g.dataset.x, w: +g.dataset.w, d: +g.dataset.d,
          title: g.querySelector('text').dataset.t, hint: g.querySelector('title').textContent
        };
      });
      function show(id, text) { document.getElementById(id).textContent = text; }
      function fit(title, width) {
        var count = Math.floor((width - 8) / 6.5);
        if (count < 3) return '';
        return title.length <= count ? title : title.slice(0, count - 2) + '..';
      }
      function zoom(to) {
        var scale = 1 / to.w;
        frames.forEach(function (f) {
          var inside = f.x >= to.x - 1e-9 && f.x + f.w <= to.x + to.w + 1e-9 && f.d >= to.d;
          var around = f.d < to.d && f.x <= to.x + 1e-9 && f.x + f.w >= to.x + to.w - 1e-9;
          f.g.style.display = inside || around ? '' : 'none';
          var x = around ? 0 : (f.x - to.x) * scale * WIDTH;
          var w = around ? WIDTH : f.w * scale * WIDTH;
          f.rect.setAttribute('x', x.toFixed(2));
          f.rect.setAttribute('width', Math.max(0, w).toFixed(2));
          f.rect.style.opacity = around ? '0.5' : '';
          f.text.setAttribute('x', (x + 4).toFixed(2));
          f.text.textContent = fit(f.title, w);
        });
      }
      function reset() { if (frames.length) zoom(frames[0]); }
      function search(pattern) {
        var expression = null;
        try { if (pattern) expression = new RegExp(pattern, 'i'); } catch (e) {
          show('matched', 'not a regular expression');
          return;
        }
        var hits = frames.filter(function (f) {
          var found = expression !== null && expression.test(f.title);
          f.rect.classList.toggle('found', found);
          return found;
        });
        // A frame inside a marked one counts with it.
        var sum = 0, end = -1;
        hits.slice().sort(function (a, b) { return a.x - b.x || b.w - a.w; }).forEach(function (f) {
          if (f.x >= end - 1e-9) { sum += f.w; end = f.x + f.w; }
        });
        show('matched', expression ? 'marked: ' + (100 * sum).toFixed(1) + ' %' : '');
      }
      function ask() {
        var pattern = window.prompt('Mark frames whose name fits this regular expression:', '');
        if (pattern !== null) search(pattern);
      }
      function button(id, action) {
        var element = document.getElementById(id);
        element.addEventListener('click', action);
        element.addEventListener('keydown', function (e) {
          if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); action(); }
        });
      }
      frames.forEach(function (f) {
        f.rect.addEventListener('click', function () { zoom(f); });
        f.rect.addEventListener('mouseover', function () { show('hint', f.hint); });
      });
      button('reset', reset);
      button('search', ask);
      window.addEventListener('keydown', function (e) {
        if ((e.ctrlKey || e.metaKey) && e.key === 'f') { e.preventDefault(); ask(); }
        if (e.key === 'Escape') { reset(); search(''); }
      });
      // For tests and for bookmarks: #zoom=NAME and #search=REGEX.
      function follow() {
        var hash = decodeURIComponent((window.location.hash || '').slice(1));
        var at = hash.indexOf('=');
        if (at < 0) return;
        var key = hash.slice(0, at), value = hash.slice(at + 1);
        if (key === 'search') search(value);
        if (key === 'zoom') {
          var found = frames.filter(function (f) { return f.title === value; })[0];
          if (found) zoom(found);
        }
      }
      window.addEventListener('hashchange', follow);
      follow();
    })();

    """
}
