"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const d3 = window.d3;
  const rowHeight = 20;
  const $ = (id) => document.getElementById(id);

  /** Makes an element; `attributes` may hold `on`, an object of event handlers. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") {
        for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
      } else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) {
        node.setAttribute(name, value);
      }
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  const count = (n) => n.toLocaleString("en-US");
  const plural = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;
  function time(seconds) {
    if (seconds === null) return "";
    if (seconds >= 1) return `${seconds.toFixed(2)} s`;
    if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(seconds >= 0.1 ? 0 : 1)} ms`;
    return `${(seconds * 1e6).toFixed(seconds >= 1e-5 ? 0 : 1)} µs`;
  }
  function bytes(n) {
    if (n < 1024) return `${n} B`;
    if (n < 1048576) return `${(n / 1024).toFixed(n < 10240 ? 1 : 0)} KiB`;
    return `${(n / 1048576).toFixed(1)} MiB`;
  }
  function metric(n, unit) {
    if (n === null) return "–";
    for (const [scale, prefix] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (n >= scale) return `${Number((n / scale).toPrecision(3))} ${prefix}${unit}`;
    }
    return `${Number(n.toPrecision(3))} ${unit}`;
  }

  // MARK: Listings

  const stages = data.stages;
  const isIR = (stage) => stage.kind !== "source";

  /** Builds each step's lines from those of the step before and what is new. */
  function decode() {
    let before = { text: [], ops: [], sets: [] };
    for (const stage of stages) {
      const fresh = stage.ops.length ? stage.text.split("\n") : [];
      const view = { text: [], ops: [], sets: [], from: [] };
      let next = 0;
      let op = 0;
      for (let i = 0; i < stage.runs.length; i += 2) {
        const [start, length] = [stage.runs[i], stage.runs[i + 1]];
        for (let k = 0; k < length; k++) {
          if (start < 0) {
            op += stage.ops[next];
            view.text.push(fresh[next]);
            view.ops.push(op);
            view.sets.push(stage.sets[next]);
            view.from.push(-1);
            next++;
          } else {
            view.text.push(before.text[start + k]);
            view.ops.push(before.ops[start + k]);
            view.sets.push(before.sets[start + k]);
            view.from.push(start + k);
          }
        }
      }
      stage.view = before = view;
      delete stage.text;
    }
  }

  /** Pairs of equal lines of two short texts, by the longest common subsequence. */
  function common(a, b) {
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let endA = a.length;
    let endB = b.length;
    while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
    const pairs = [];
    for (let i = 0; i < start; i++) pairs.push([i, i]);
    const n = endA - start;
    const m = endB - start;
    if (n * m > 0 && n * m <= 1e6) {
      const table = new Int32Array((n + 1) * (m + 1));
      for (let i = n - 1; i >= 0; i--) {
        for (let j = m - 1; j >= 0; j--) {
          table[i * (m + 1) + j] = a[start + i] === b[start + j]
            ? table[(i + 1) * (m + 1) + j + 1] + 1
            : Math.max(table[(i + 1) * (m + 1) + j], table[i * (m + 1) + j + 1]);
        }
      }
      let i = 0;
      let j = 0;
      while (i < n && j < m) {
        if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++]);
        else if (table[(i + 1) * (m + 1) + j] >= table[i * (m + 1) + j + 1]) i++;
        else j++;
      }
    }
    for (let k = 0; endA + k < a.length; k++) pairs.push([endA + k, endB + k]);
    return pairs;
  }

  const canDiff = (i) => i > 0 && stages[i].kind === stages[i - 1].kind && isIR(stages[i]);

  /** The rows of a step beside those of the step before: `{mark, line}`, `line` of the step before for "-". */
  function difference(i) {
    const stage = stages[i];
    if (stage.rows) return stage.rows;
    const now = stage.view;
    const old = stages[i - 1].view;
    const rows = [];
    let oldStart = 0;
    let newStart = 0;
    const gap = (oldEnd, newEnd) => {
      const a = old.text.slice(oldStart, oldEnd);
      const b = now.text.slice(newStart, newEnd);
      let x = 0;
      let y = 0;
      for (const [p, q] of [...common(a, b), [a.length, b.length]]) {
        while (x < p) rows.push({ mark: "-", line: oldStart + x++ });
        while (y < q) rows.push({ mark: "+", line: newStart + y++ });
        if (p < a.length && q < b.length) { rows.push({ mark: " ", line: newStart + q }); x++; y++; }
      }
      oldStart = oldEnd;
      newStart = newEnd;
    };
    for (let j = 0; j < now.from.length; j++) {
      if (now.from[j] < 0) continue;
      if (now.from[j] > oldStart || j > newStart) gap(now.from[j], j);
      rows.push({ mark: " ", line: j });
      oldStart = now.from[j] + 1;
      newStart = j + 1;
    }
    gap(old.text.length, now.text.length);
    stage.rows = rows;
    return rows;
  }

  /** Rows with long unchanged runs folded away, but for those opened. */
  function folded(rows, opened) {
    const context = 3;
    const out = [];
    let i = 0;
    while (i < rows.length) {
      if (rows[i].mark !== " ") { out.push(rows[i++]); continue; }
      let end = i;
      while (end < rows.length && rows[end].mark === " ") end++;
      const head = i === 0 ? 0 : context;
      const tail = end === rows.length ? 0 : context;
      if (end - i <= head + tail + 2 || opened.has(i)) out.push(...rows.slice(i, end));
      else {
        out.push(...rows.slice(i, i + head));
        out.push({ mark: "fold", id: i, hidden: end - i - head - tail });
        out.push(...rows.slice(end - tail, end));
      }
      i = end;
    }
    return out;
  }

  // MARK: Colours

  const tokens = {
    mlir: /("(?:[^"\\]|\\.)*")|(\/\/.*)|(%[\w$.-]+(?:#\d+)?)|(@[\w$.-]+|\^\w+|[!#][\w$.-]+)|(-?\b\d[\w.+]*)|([A-Za-z_][\w$.]*)/g,
    llvm: /("(?:[^"\\]|\\.)*")|(;.*)|(%[\w$.-]+)|(@[\w$.-]+|[!#][\w$.]+|^\w+:)|(-?\b\d[\w.+]*)|([A-Za-z_][\w$.]*)/g,
    assembly: /("(?:[^"\\]|\\.)*")|(#.*)|(%[\w$.-]+)|(^[\w$.]+:|\.L\w+|@\w+)|(\$?-?\b\d[\w.+]*)|([A-Za-z_.][\w$.]*)/g,
  };
  tokens.source = tokens.mlir;
  const typeWord = /^(tensor|memref|vector|complex|tuple|index|none|ptr|void|double|float|half|[su]?i\d+|b?f\d+|f8\w+)$/;
  const classes = ["q", "m", "v", "y", "d"];

  /** The coloured nodes of a line; `find` is marked. */
  function coloured(text, kind, find) {
    const out = document.createDocumentFragment();
    const put = (piece, name) => {
      if (!find || !piece.toLowerCase().includes(find)) {
        out.append(name ? el("span", { class: name }, piece) : piece);
        return;
      }
      const span = el("span", { class: name || null });
      let rest = piece;
      for (let at; (at = rest.toLowerCase().indexOf(find)) >= 0;) {
        span.append(rest.slice(0, at), el("mark", {}, rest.slice(at, at + find.length)));
        rest = rest.slice(at + find.length);
      }
      span.append(rest);
      out.append(span);
    };
    if (text.length > 4000) { put(text, null); return out; }
    if (find && text.toLowerCase().includes(find)) {
      // A match may span tokens: mark it in plain text.
      put(text, null);
      return out;
    }
    let last = 0;
    let isFirst = true;
    for (const match of text.matchAll(tokens[kind])) {
      if (match.index > last) put(text.slice(last, match.index), null);
      last = match.index + match[0].length;
      let name = null;
      for (let k = 0; k < 5; k++) if (match[k + 1] !== undefined) name = classes[k];
      if (match[6] !== undefined) {
        name = typeWord.test(match[6]) ? "ty" : isFirst ? "k" : null;
        if (name !== "ty") isFirst = false;
      } else if (name === "q" && isFirst) { name = "k"; isFirst = false; }
      put(match[0], name);
    }
    if (last < text.length) put(text.slice(last), null);
    return out;
  }

  // MARK: State

  const state = {
    view: "ir", stage: 0, mode: "text", op: -1, leaves: null, from: -1, find: "", hit: -1,
    opened: new Set(), rows: [],
  };
  const views = [
    ["ir", "IR"], ["graph", "Graph"], ["memory", "Memory"], ["roofline", "Roofline"],
    ["remarks", "Remarks"],
  ];

  function address() {
    let hash = state.view;
    if (state.view === "ir") {
      hash += `/${state.stage}`;
      if (state.op >= 0) hash += `/${state.op}`;
    }
    return `#${hash}`;
  }
  function remember() {
    const hash = address();
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }
  function restore() {
    const [view, stage, op] = location.hash.slice(1).split("/");
    state.view = views.some(([name]) => name === view) ? view : "ir";
    if (state.view === "ir") showStage(stages[+stage] ? +stage : Math.max(0, firstIR), true);
    showView();
    if (state.view === "ir") {
      const line = op === undefined ? -1 : stages[state.stage].view.ops.indexOf(+op);
      if (line >= 0) selectLine(state.stage, line, true);
    }
  }

  // MARK: Steps

  const longest = Math.max(...stages.map((stage) => stage.seconds || 0), 1e-9);
  const buttons = [];

  function makeSteps() {
    let level = null;
    let before = null;
    stages.forEach((stage, i) => {
      if (stage.level !== level) {
        level = stage.level;
        $("stepList").append(el("li", { class: "level" }, level));
        $("stepSelect").append(el("optgroup", { label: level }));
      }
      const change = stage.count !== null && before !== null ? stage.count - before : null;
      const ops = stage.count === null ? plural(stage.lines, "line")
        : plural(stage.count, "op") + (change ? ` (${change > 0 ? "+" : "−"}${count(Math.abs(change))})` : "");
      if (stage.count !== null) before = stage.count;
      const button = el("button", {
        type: "button", class: (stage.unchanged ? "unchanged " : "") + (stage.failed ? "failed" : ""),
        title: stage.title + stage.options + (stage.summary ? `\n${stage.summary}` : "")
          + (stage.unchanged ? "\nchanged nothing" : ""),
        on: { click: () => { showStage(i); remember(); } },
      },
        el("span", { class: "n" }, String(i + 1)),
        el("span", { class: "t" }, stage.kind === "source" ? "source text" : stage.title),
        el("span", { class: "ms" }, time(stage.seconds)),
        el("span", { class: "sub" }, stage.unchanged ? "no change" : ops,
          el("span", { class: "meter" },
            el("i", { style: `width:${Math.round(((stage.seconds || 0) / longest) * 100)}%` })),
          el("span", { class: "hits", hidden: true })));
      buttons.push(button);
      $("stepList").append(el("li", {}, button));
      $("stepSelect").lastChild.append(el("option", { value: i },
        `${i + 1}. ${stage.kind === "source" ? "source text" : stage.title}`));
    });
    $("stepSelect").addEventListener("change", (event) => {
      showStage(+event.target.value);
      remember();
    });
    $("previousStep").addEventListener("click", () => move(-1));
    $("nextStep").addEventListener("click", () => move(1));
  }
  function move(by) {
    const next = Math.min(stages.length - 1, Math.max(0, state.stage + by));
    if (next !== state.stage) { showStage(next); remember(); }
  }

  // MARK: Listing

  const listing = $("listing");
  const sizer = el("div", { class: "sizer" });
  const rowsBox = el("div", { class: "rows" });
  sizer.append(rowsBox);
  listing.append(sizer);

  function showStage(i, keepScroll) {
    const stage = stages[i];
    const anchor = state.op;
    state.stage = i;
    state.opened = new Set();
    if (!canDiff(i) && state.mode === "diff") state.wantsDiff = true;
    buttons.forEach((button, k) => {
      if (k === i) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    buttons[i].scrollIntoView({ block: "nearest" });
    $("stepSelect").value = String(i);
    $("stepTitle").replaceChildren(
      stage.kind === "source" ? stage.title : stage.title, el("code", {}, stage.options));
    const facts = [];
    if (stage.summary) facts.push(stage.summary);
    if (stage.count !== null) facts.push(plural(stage.count, "operation"));
    if (stage.seconds !== null) facts.push(time(stage.seconds));
    if (stage.unchanged) facts.push("changed nothing");
    if (stage.failed) facts.push("failed");
    if (stage.kept < stage.lines) {
      facts.push(`the first ${count(stage.kept)} of ${count(stage.lines)} lines (--max-lines)`);
    }
    $("stepFacts").textContent = facts.join(" · ");
    $("histogram").hidden = !stage.histogram.length;
    $("histogramBody").replaceChildren(el("table", {}, ...stage.histogram.map(([name, n]) =>
      el("tr", {}, el("td", {}, name), el("td", {}, count(n))))));
    $("showDiff").disabled = !canDiff(i);
    fill();
    if (state.leaves) {
      const line = stage.view.ops.indexOf(anchor);
      const row = line >= 0 ? line : firstRelated(i);
      if (row >= 0) scrollToLine(row);
      else if (!keepScroll) listing.scrollTop = 0;
    } else if (!keepScroll) listing.scrollTop = 0;
    drawTrace();
  }

  /** What is listed: `{mark, line}` for each row. */
  function fill() {
    const i = state.stage;
    const stage = stages[i];
    const isDiff = state.mode === "diff" && canDiff(i);
    $("showText").setAttribute("aria-pressed", String(!isDiff));
    $("showDiff").setAttribute("aria-pressed", String(isDiff));
    if (isDiff) {
      state.rows = folded(difference(i), state.opened);
      if (state.rows.every((row) => row.mark === " " || row.mark === "fold")) {
        state.rows = [{ mark: "note", text: "Nothing changed in this step." }];
      }
    } else {
      const marks = canDiff(i) && stage.view.text.length <= 20000
        ? new Set(difference(i).filter((row) => row.mark === "+").map((row) => row.line)) : new Set();
      state.rows = stage.view.text.map((_, line) => ({ mark: marks.has(line) ? "new" : " ", line }));
      if (marks.size === stage.view.text.length) for (const row of state.rows) row.mark = " ";
    }
    const width = stage.view.text.reduce((most, text) => Math.max(most, text.length), 0);
    sizer.style.height = `${state.rows.length * rowHeight + 40}px`;
    sizer.style.width = `calc(${Math.min(width, 5000)}ch + 90px)`;
    findMatches();
    draw(true);
  }

  let drawn = [-1, -1];
  function draw(force) {
    const first = Math.max(0, Math.floor(listing.scrollTop / rowHeight) - 12);
    const last = Math.min(
      state.rows.length, Math.ceil((listing.scrollTop + listing.clientHeight) / rowHeight) + 12);
    if (!force && first === drawn[0] && last === drawn[1]) return;
    drawn = [first, last];
    rowsBox.style.transform = `translateY(${first * rowHeight}px)`;
    const out = document.createDocumentFragment();
    for (let k = first; k < last; k++) out.append(drawRow(k));
    rowsBox.replaceChildren(out);
  }
  listing.addEventListener("scroll", () => draw(false), { passive: true });
  new ResizeObserver(() => draw(true)).observe(listing);

  function drawRow(k) {
    const row = state.rows[k];
    if (row.mark === "fold") {
      return el("div", { class: "r fold", "data-row": k }, el("span", { class: "g" }, "⋯"),
        `${plural(row.hidden, "line")} unchanged`);
    }
    if (row.mark === "note") return el("div", { class: "r fold" }, el("span", { class: "g" }), row.text);
    const stage = row.mark === "-" ? stages[state.stage - 1] : stages[state.stage];
    const view = stage.view;
    let name = "r";
    if (isSelectable(stage, row.line)) name += " o";
    if (row.mark === "new") name += " new";
    if (row.mark === "+") name += " plus";
    if (row.mark === "-") name += " minus";
    if (state.leaves) {
      if (state.op >= 0 && view.ops[row.line] === state.op) name += " selected";
      else if (isRelated(stage, row.line)) name += " related";
    }
    const sign = row.mark === "+" ? "+" : row.mark === "-" ? "−" : String(row.line + 1);
    return el("div", { class: name, "data-row": k }, el("span", { class: "g" }, sign),
      el("span", { class: "c" }, coloured(view.text[row.line], stage.kind, state.find)));
  }

  listing.addEventListener("click", (event) => {
    const target = event.target.closest("[data-row]");
    if (!target || String(getSelection()).length) return;
    const row = state.rows[+target.dataset.row];
    if (row.mark === "fold") {
      state.opened.add(row.id);
      fill();
      return;
    }
    const i = row.mark === "-" ? state.stage - 1 : state.stage;
    if (isSelectable(stages[i], row.line)) selectLine(i, row.line, false);
  });

  function scrollToLine(line) {
    const k = state.rows.findIndex((row) => row.line === line && row.mark !== "-");
    if (k >= 0) scrollToRow(k);
  }
  function scrollToRow(k) {
    const top = k * rowHeight;
    if (top < listing.scrollTop + 40 || top > listing.scrollTop + listing.clientHeight - 60) {
      listing.scrollTop = Math.max(0, top - listing.clientHeight / 3);
    }
    listing.scrollLeft = 0;
    draw(true);
  }

  // MARK: Search

  let matches = [];
  function findMatches() {
    matches = [];
    if (state.find) {
      state.rows.forEach((row, k) => {
        if (row.line === undefined) return;
        const view = (row.mark === "-" ? stages[state.stage - 1] : stages[state.stage]).view;
        if (view.text[row.line].toLowerCase().includes(state.find)) matches.push(k);
      });
    }
    state.hit = -1;
    $("searchCount").textContent = state.find ? count(matches.length) : "";
  }
  function nextMatch(by) {
    if (!matches.length) return;
    state.hit = (state.hit + by + matches.length) % matches.length;
    $("searchCount").textContent = `${state.hit + 1} / ${count(matches.length)}`;
    scrollToRow(matches[state.hit]);
  }
  $("search").addEventListener("input", (event) => {
    state.find = event.target.value.toLowerCase();
    findMatches();
    draw(true);
    if (matches.length) nextMatch(1);
  });
  $("searchForm").addEventListener("submit", (event) => { event.preventDefault(); nextMatch(1); });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); nextMatch(-1); }
    if (event.key === "Escape") { event.target.value = ""; state.find = ""; fill(); listing.focus(); }
  });

  /** The rows where a run of changes begins. */
  function nextChange(by) {
    if (state.find) { nextMatch(by); return; }
    const isChange = (row) => "+-new".includes(row.mark.trim() || "x");
    const starts = [];
    state.rows.forEach((row, k) => {
      if (isChange(row) && (k === 0 || !isChange(state.rows[k - 1]))) starts.push(k);
    });
    if (!starts.length) return;
    const here = Math.round((listing.scrollTop + listing.clientHeight / 3) / rowHeight);
    const next = by > 0 ? starts.find((k) => k > here) ?? starts[0]
      : starts.filter((k) => k < here - 1).pop() ?? starts[starts.length - 1];
    listing.scrollTop = Math.max(0, next * rowHeight - listing.clientHeight / 3);
    draw(true);
  }

  // MARK: Origins

  const sourceLines = new Map();
  data.leaves.forEach((leaf, i) => {
    if (leaf.length < 3 || leaf[0] !== data.path) return;
    if (!sourceLines.has(leaf[1])) sourceLines.set(leaf[1], []);
    sourceLines.get(leaf[1]).push(i);
  });
  const leavesOf = (stage, line) => stage.kind === "source"
    ? sourceLines.get(line + 1) || [] : data.sets[stage.view.sets[line]] || [];
  const isSelectable = (stage, line) => stage.kind === "source"
    ? sourceLines.has(line + 1) : stage.view.ops[line] >= 0;

  /** For each set, whether it shares a place with what is selected. */
  let touched = [];
  function isRelated(stage, line) {
    if (!state.leaves) return false;
    if (stage.kind === "source") {
      return (sourceLines.get(line + 1) || []).some((leaf) => state.leaves.has(leaf));
    }
    return touched[stage.view.sets[line]] === true;
  }

  function selectLine(i, line, scroll) {
    const stage = stages[i];
    select(stage.kind === "source" ? -1 : stage.view.ops[line], leavesOf(stage, line), i);
    if (scroll) scrollToLine(line);
  }
  function select(op, leaves, from) {
    state.op = op;
    state.leaves = new Set(leaves);
    state.from = from;
    touched = data.sets.map((set) => set.some((leaf) => state.leaves.has(leaf)));
    for (const stage of stages) stage.traced = related(stage);
    buttons.forEach((button, i) => {
      const badge = button.querySelector(".hits");
      badge.hidden = !stages[i].traced.length;
      badge.textContent = count(stages[i].traced.length);
      badge.title = "lines that belong to the operation selected";
    });
    remember();
    drawTrace();
    draw(true);
  }
  function release() {
    state.op = -1;
    state.leaves = null;
    touched = [];
    for (const button of buttons) button.querySelector(".hits").hidden = true;
    remember();
    drawTrace();
    draw(true);
  }

  /** The first lines of the operations of a step that belong to what is selected: the operation itself where it
   * is still there, and all that come from its places. */
  function related(stage) {
    const lines = [];
    const seen = new Set();
    const view = stage.view;
    for (let line = 0; line < view.text.length; line++) {
      const op = view.ops[line];
      const isSame = op >= 0 && op === state.op;
      if (!isSame && !isRelated(stage, line)) continue;
      // Machine code has several lines for one operation; IR has one line where it begins.
      if (stage.kind === "mlir" && op >= 0) {
        if (seen.has(op)) continue;
        seen.add(op);
      }
      lines.push(line);
    }
    return lines;
  }
  function firstRelated(i) {
    const traced = stages[i].traced || [];
    return traced.length ? traced[0] : -1;
  }

  function place(leaf) {
    const entry = data.leaves[leaf];
    if (entry.length < 3) return { label: entry[0], text: "", line: -1 };
    const file = entry[0].split("/").pop();
    const isHere = entry[0] === data.path && stages[0].kind === "source";
    return {
      label: `${file}:${entry[1]}:${entry[2]}`, line: isHere ? entry[1] - 1 : -1,
      text: isHere ? stages[0].view.text[entry[1] - 1] || "" : "",
    };
  }

  function drawTrace() {
    const box = $("trace");
    $("view-ir").classList.toggle("traced", state.leaves !== null);
    if (!state.leaves) { box.replaceChildren(); return; }
    const origin = stages[state.from];
    const at = origin.kind === "source" ? firstRelated(state.from) : origin.view.ops.indexOf(state.op);
    const out = [
      el("div", { class: "head" }, el("h2", {}, state.op >= 0 ? "Operation" : "Source line"),
        el("button", { type: "button", "aria-label": "Let the operation go (Esc)", on: { click: release } }, "×")),
    ];
    if (at >= 0) {
      out.push(el("span", { class: "code", title: origin.view.text[at].trim() },
        coloured(origin.view.text[at].trim(), origin.kind, "")));
      out.push(el("small", {}, `in step ${state.from + 1}, ${origin.kind === "source" ? "the source text" : origin.title}`));
    }
    out.push(el("h3", {}, "Comes from"));
    const leaves = [...state.leaves];
    if (!leaves.length) out.push(el("p", { class: "gone" }, "Its place is not known."));
    for (const leaf of leaves.slice(0, 40)) {
      const from = place(leaf);
      if (from.line >= 0) {
        out.push(el("button", {
          type: "button", class: "code", title: from.text.trim(),
          on: { click: () => { showStage(0); scrollToLine(from.line); remember(); } },
        }, el("small", {}, `${from.label}  `), coloured(from.text.trim(), "mlir", "")));
      } else out.push(el("span", { class: "code", title: from.label }, from.label));
    }
    if (leaves.length > 40) out.push(el("small", {}, `and ${count(leaves.length - 40)} more places`));
    out.push(el("h3", {}, "Through the steps"));
    let shown = null;
    let last = null;
    stages.forEach((stage, i) => {
      if (stage.kind === "source") return;
      // Constants say least, so they come last.
      const isConstant = (line) => /= (arith|llvm\.mlir)\.constant/.test(stage.view.text[line]);
      const samples = stage.traced.filter((line) => !isConstant(line)).slice(0, 4);
      if (samples.length < 4) samples.push(...stage.traced.filter(isConstant).slice(0, 4 - samples.length));
      const texts = samples.map((line) => stage.view.text[line].trim());
      const key = `${stage.kind} ${stage.traced.length}\n${texts.join("\n")}`;
      if (key === shown && i !== state.stage && last) {
        last.querySelector("small").textContent =
          ` to ${i + 1}, ${stage.title}: the same`;
        return;
      }
      shown = key;
      const n = stage.traced.length;
      const unit = stage.kind === "mlir" ? "operation"
        : stage.kind === "llvm" ? "instruction" : "line of assembly";
      last = el("div", { class: i === state.stage ? "step now" : "step" },
        el("button", {
          type: "button", class: "name",
          on: { click: () => { showStage(i); remember(); } },
        }, `${i + 1}. ${stage.title}`), el("small", {}, ""));
      if (!n) last.append(el("div", { class: "gone" }, "nothing left of it here"));
      samples.forEach((line, k) => last.append(el("button", {
        type: "button", class: "code", title: texts[k],
        on: { click: () => { showStage(i); scrollToLine(line); remember(); } },
      }, coloured(texts[k], stage.kind, ""))));
      if (n > 4) {
        last.append(el("small", {}, `${count(n)} ${unit.replace("line of", n === 1 ? "line of" : "lines of")}`
          + (unit.startsWith("line") ? "" : "s")));
      }
      out.push(last);
    });
    box.replaceChildren(...out);
  }

  // MARK: Graph

  const graph = data.graph;
  const firstIR = stages.findIndex((stage) => stage.kind === "mlir");

  /** For each node, the group with the most operations that come from it. */
  function assignGroups() {
    const work = new Map(data.kernels.map((kernel) => [kernel.name, kernel.flops || 0]));
    const groups = graph.groups.map((group) => ({
      name: group.name, weights: new Map(group.leaves.map((leaf, i) => [leaf, group.weights[i]])),
      nodes: [], helpers: [], work: work.get(group.name) || 0,
    }));
    const shares = graph.nodes.map((node) => node[0] !== "operation" ? null
      : groups.map((group) => data.sets[node[3]].reduce((sum, leaf) => sum + (group.weights.get(leaf) || 0), 0)));
    const home = new Map();
    shares.forEach((share, i) => {
      if (!share) return;
      let best = -1;
      share.forEach((n, k) => {
        if (n > 0 && (best < 0 || n > share[best] || (n === share[best] && groups[k].work > groups[best].work))) best = k;
      });
      if (best < 0) return;
      groups[best].nodes.push(i);
      home.set(i, groups[best]);
    });
    // Kernels that are the home of none prepare for one: they pad, or set to zero.
    groups.forEach((group, k) => {
      if (group.nodes.length) return;
      let most = null;
      for (const i of home.keys()) {
        if (shares[i][k] > 0 && (most === null || shares[i][k] > shares[most][k])) most = i;
      }
      if (most !== null) home.get(most).helpers.push(group.name);
    });
    return groups;
  }

  /** Boxes of nodes in rows: each box below those it takes from. */
  function layoutGraph() {
    const groups = assignGroups();
    const boxes = [];
    const boxOf = new Array(graph.nodes.length);
    for (const group of groups) {
      if (!group.nodes.length) continue;
      boxes.push({
        name: group.name + (group.helpers.length ? ` + ${group.helpers.length}` : ""),
        title: [group.name, ...group.helpers].join("\n"), nodes: group.nodes, isGroup: true,
      });
    }
    const grouped = new Set(boxes.flatMap((box) => box.nodes));
    graph.nodes.forEach((node, i) => {
      if (!grouped.has(i)) boxes.push({ name: "", nodes: [i], isGroup: false });
    });
    boxes.sort((a, b) => a.nodes[0] - b.nodes[0]);
    boxes.forEach((box, k) => box.nodes.forEach((i) => { boxOf[i] = k; }));
    const width = 196;
    const height = 40;
    const links = [];
    for (let e = 0; e < graph.edges.length; e += 2) {
      links.push([graph.edges[e], graph.edges[e + 1]]);
    }
    const incoming = boxes.map(() => new Set());
    const outgoing = boxes.map(() => new Set());
    for (const [from, to] of links) {
      const [a, b] = [boxOf[from], boxOf[to]];
      // Boxes are in the order of the program; a loop's way back does not count.
      if (a < b || graph.nodes[from][0] === "input" || graph.nodes[to][0] === "output") {
        if (a !== b) { incoming[b].add(a); outgoing[a].add(b); }
      }
    }
    const isInput = (k) => graph.nodes[boxes[k].nodes[0]][0] === "input";
    boxes.forEach((box, k) => {
      box.rank = 0;
      if (!isInput(k)) {
        for (const a of incoming[k]) if (a < k || isInput(a)) box.rank = Math.max(box.rank, (boxes[a].rank || 0) + 1);
      }
    });
    boxes.forEach((box, k) => {
      if (isInput(k) && outgoing[k].size) {
        box.rank = Math.max(0, Math.min(...[...outgoing[k]].map((b) => boxes[b].rank)) - 1);
      }
      box.width = width + (box.isGroup ? 20 : 0);
      box.height = box.nodes.length * (height + 14) - 14 + (box.isGroup ? 36 : 0);
    });
    const rows = [];
    for (const box of boxes) (rows[box.rank] = rows[box.rank] || []).push(box);
    const index = new Map(boxes.map((box, k) => [box, k]));
    for (const row of rows) {
      let x = 0;
      for (const box of row || []) { box.x = x; x += box.width + 26; }
      for (const box of row || []) box.x -= x / 2;
    }
    const settle = (row, neighbours) => {
      if (!row) return;
      for (const box of row) {
        const near = [...neighbours[index.get(box)]].map((k) => boxes[k].x + boxes[k].width / 2);
        box.wish = near.length ? near.reduce((a, b) => a + b, 0) / near.length - box.width / 2 : box.x;
      }
      row.sort((a, b) => a.wish - b.wish || index.get(a) - index.get(b));
      let edge = -Infinity;
      for (const box of row) { box.x = Math.max(box.wish, edge); edge = box.x + box.width + 26; }
      const drift = row.reduce((sum, box) => sum + box.x - box.wish, 0) / row.length;
      for (const box of row) box.x -= drift;
    };
    for (let pass = 0; pass < 4; pass++) {
      for (const row of rows) settle(row, incoming);
      for (const row of [...rows].reverse()) settle(row, outgoing);
    }
    let y = 0;
    for (const row of rows) {
      const tallest = Math.max(0, ...(row || []).map((box) => box.height));
      for (const box of row || []) box.y = y + (tallest - box.height) / 2;
      y += tallest + 46;
    }
    const places = [];
    for (const box of boxes) {
      box.nodes.forEach((i, k) => {
        places[i] = {
          x: box.x + (box.isGroup ? 10 : 0), y: box.y + (box.isGroup ? 28 : 0) + k * (height + 14),
          width, height, lone: !box.isGroup,
        };
      });
    }
    return { boxes, places, links, boxOf };
  }

  function makeGraph() {
    const section = $("view-graph");
    section.replaceChildren();
    if (!graph || !graph.nodes.length) {
      section.append(el("div", { class: "page" }, el("p", { class: "empty" },
        "There is no function to draw: the module has none with a body.")));
      return;
    }
    const operations = graph.nodes.filter((node) => node[0] === "operation").length;
    const boxed = graph.groups.length;
    const what = data.pipeline === null ? "kernel" : "fused operation";
    section.append(el("div", { class: "bar" },
      el("h2", {}, "The program"),
      el("p", {}, `${plural(operations, "computation")} as written, boxed by the ${plural(boxed, what)} they became`
        + (graph.omitted ? `; ${count(graph.omitted)} more are not drawn` : "")
        + (what === "kernel" ? "; + n: with n more that prepare for it" : "") + ". Dashed: nothing was left to do."),
      el("div", { class: "segmented", style: "margin-left:auto" },
        el("button", { type: "button", id: "fit" }, "Fit"),
        el("button", { type: "button", id: "zoomIn", "aria-label": "Larger" }, "+"),
        el("button", { type: "button", id: "zoomOut", "aria-label": "Smaller" }, "−"))));
    const box = el("div", { id: "graphBox" });
    section.append(box);
    if (!d3) {
      box.append(tableOfGroups());
      return;
    }
    const { boxes, places, links } = layoutGraph();
    const svg = d3.select(box).append("svg").attr("role", "group").attr("aria-label", "Graph of the program");
    const root = svg.append("g");
    const zoom = d3.zoom().scaleExtent([0.02, 3]).on("zoom", (event) => root.attr("transform", event.transform));
    svg.call(zoom).on("dblclick.zoom", null);
    root.append("g").selectAll("rect").data(boxes.filter((b) => b.isGroup)).join("rect")
      .attr("class", "cluster").attr("x", (b) => b.x).attr("y", (b) => b.y).attr("rx", 8)
      .attr("width", (b) => b.width).attr("height", (b) => b.height);
    root.append("g").selectAll("text").data(boxes.filter((b) => b.isGroup)).join("text")
      .attr("class", "cluster-name").attr("x", (b) => b.x + 10).attr("y", (b) => b.y + 18)
      .text((b) => short(b.name, 32)).append("title").text((b) => b.title);
    const link = d3.linkVertical();
    const path = ([from, to]) => {
      const a = places[from];
      const b = places[to];
      const target = [b.x + b.width / 2, b.y];
      const source = [a.x + a.width / 2, a.y + a.height];
      if (target[1] > source[1]) return link({ source, target });
      // A way back, around the side.
      const side = Math.max(a.x + a.width, b.x + b.width) + 24;
      return `M${a.x + a.width},${a.y + a.height / 2}C${side},${a.y + a.height / 2} ${side},${b.y + b.height / 2} ${b.x + b.width},${b.y + b.height / 2}`;
    };
    const edges = root.append("g").selectAll("path").data(links).join("path").attr("class", "edge").attr("d", path);
    const node = root.append("g").selectAll("g").data(graph.nodes.map((entry, i) => ({ entry, i, at: places[i] })))
      .join("g").attr("class", ({ entry, at }) => `node ${entry[0]}${at.lone && entry[0] === "operation" ? " lone" : ""}`)
      .attr("transform", ({ at }) => `translate(${at.x},${at.y})`)
      .attr("tabindex", 0).attr("role", "button")
      .attr("aria-label", ({ entry }) => `${entry[0]} ${entry[1]} ${entry[2]}`);
    node.append("rect").attr("rx", 6).attr("width", ({ at }) => at.width).attr("height", ({ at }) => at.height);
    node.append("text").attr("x", 10).attr("y", 17)
      .text(({ entry }) => short((entry[5] ? "↻ ".repeat(Math.min(entry[5], 3)) : "") + entry[1], 28));
    node.append("text").attr("class", "type").attr("x", 10).attr("y", 32).text(({ entry }) => short(entry[2], 29));
    node.append("title").text(({ entry }) => `${entry[1]}\n${entry[2]}`);
    const choose = (event, { entry, i }) => {
      node.classed("chosen", (other) => other.i === i);
      edges.classed("hot", ([from, to]) => from === i || to === i);
      if (entry[4] < 0) return;
      const line = stages[graph.stage].view.ops.indexOf(entry[4]);
      if (line < 0) return;
      state.view = "ir";
      showStage(graph.stage, true);
      showView();
      selectLine(graph.stage, line, true);
    };
    node.on("mouseenter", (event, { i }) => edges.classed("hot", ([from, to]) => from === i || to === i))
      .on("mouseleave", () => edges.classed("hot", false))
      .on("click", choose)
      .on("keydown", (event, entry) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(event, entry); } });
    const fit = () => {
      const bounds = root.node().getBBox();
      const size = box.getBoundingClientRect();
      if (!bounds.width || !size.width) return;
      const fits = Math.min((size.width - 40) / bounds.width, (size.height - 40) / bounds.height);
      const scale = Math.min(1.2, Math.max(fits, Math.min(0.8, (size.width - 30) / bounds.width)));
      const top = fits < scale ? 20 - bounds.y * scale : (size.height - bounds.height * scale) / 2 - bounds.y * scale;
      svg.call(zoom.transform, d3.zoomIdentity.translate(
        size.width / 2 - (bounds.x + bounds.width / 2) * scale, top).scale(scale));
    };
    $("fit").addEventListener("click", fit);
    $("zoomIn").addEventListener("click", () => svg.call(zoom.scaleBy, 1.3));
    $("zoomOut").addEventListener("click", () => svg.call(zoom.scaleBy, 1 / 1.3));
    fit();
  }
  const short = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

  function tableOfGroups() {
    const rows = assignGroups().map((group) => [
      [group.name, "mono"], [group.nodes.map((i) => graph.nodes[i][1]).join(", "), "mono"]]);
    return el("div", { class: "page" }, table("What became one", ["group", "computations"], rows));
  }

  // MARK: Tables

  /** `rows` of cells: a text, or a text and a class. */
  function table(caption, heads, rows) {
    return el("div", { class: "scroll" }, el("table", { class: "data" }, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...heads.map((head) =>
        el("th", { scope: "col", class: head.endsWith(" ") ? "num" : null }, head.trim())))),
      el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) =>
        Array.isArray(cell) ? el("td", { class: cell[1] }, cell[0]) : el("td", {}, cell)))))));
  }
  const tiles = (...list) => el("div", { class: "tiles" }, ...list.map(([value, label]) =>
    el("div", { class: "tile" }, el("b", {}, value), el("span", {}, label))));
  const noPlots = () => el("p", { class: "lead" },
    "D3 was not at hand when this page was made, so there is no plot; the table has the figures.");

  // MARK: Memory

  function makeMemory() {
    const page = el("div", { class: "page" });
    $("view-memory").replaceChildren(page);
    page.append(el("h2", {}, "Memory plan"));
    const plan = data.plan;
    if (!plan) {
      page.append(el("p", { class: "empty" }, data.pipeline === null
        ? "There is no plan: the compilation did not come that far."
        : "Passes alone make no plan; without -p the program is compiled and its memory planned."));
      return;
    }
    page.append(el("p", { class: "lead" },
      "All intermediates lie in one block of memory. Each bar is one of them: from the step that first needs it to the "
      + "last, at the bytes it has. What is not needed at the same step shares bytes."));
    page.append(tiles([bytes(plan.arena), "planned"], [bytes(plan.live), "needed at once at most"],
      [bytes(plan.intermediates), "without sharing"], [count(plan.slots.length), "intermediates"],
      [count(plan.steps.length), "steps"]));
    const live = plan.steps.map(() => 0);
    for (const [, , size, first, last] of plan.slots) for (let s = first; s <= last; s++) live[s] += size;
    const peak = live.indexOf(Math.max(...live));
    if (!plan.slots.length) page.append(el("p", { class: "empty" }, "The program keeps no intermediates."));
    else if (!d3) page.append(noPlots());
    else drawMemory(page, plan, live, peak);
    page.append(table(`Alive at the peak: step ${peak + 1}, ${plan.steps[peak] || ""}`, ["name", "bytes "],
      plan.slots.filter((slot) => slot[3] <= peak && slot[4] >= peak).sort((a, b) => b[2] - a[2])
        .map((slot) => [[slot[0], "mono"], [count(slot[2]), "num"]])));
    page.append(table("All intermediates", ["name", "from byte ", "bytes ", "first step ", "last step "],
      plan.slots.map((slot) => [[slot[0], "mono"], [count(slot[1]), "num"], [count(slot[2]), "num"],
        [String(slot[3] + 1), "num"], [String(slot[4] + 1), "num"]])));
    page.append(table("Constants", ["name", "bytes "],
      plan.constants.map(([name, size]) => [[name, "mono"], [count(size), "num"]])));
  }

  /** About `n` numbers of bytes from 0 to `most`, a power of two apart. */
  function byteTicks(most, n) {
    const step = 2 ** Math.max(0, Math.ceil(Math.log2(most / n)));
    return d3.range(0, most + 1, step);
  }

  function drawMemory(page, plan, live, peak) {
    const steps = plan.steps.length;
    const room = Math.max(320, page.clientWidth - 42);
    const left = 74;
    const stepWidth = Math.max(14, Math.min(110, (room - left - 16) / steps));
    const width = left + stepWidth * steps + 16;
    const plotHeight = 260;
    const names = stepWidth >= 26;
    const top = 12;
    const labels = names ? 118 : 30;
    const height = top + plotHeight + labels + 84;
    const chart = el("div", { class: "chart" });
    page.append(chart);
    const svg = d3.select(chart).append("svg").attr("width", width).attr("height", height).attr("role", "img")
      .attr("aria-label", "Intermediates by step and place in memory; the table below has the same");
    const x = (step) => left + step * stepWidth;
    const y = d3.scaleLinear([0, plan.arena], [top + plotHeight, top]);
    const ticks = d3.axisLeft(y).tickValues(byteTicks(plan.arena, 6)).tickFormat(bytes).tickSizeOuter(0);
    svg.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`).call(ticks);
    svg.append("g").selectAll("rect").data(plan.slots).join("rect").attr("class", "slot")
      .attr("x", (s) => x(s[3]) + 1).attr("width", (s) => x(s[4] + 1) - x(s[3]) - 2)
      .attr("y", (s) => y(s[1] + s[2])).attr("height", (s) => Math.max(1, y(s[1]) - y(s[1] + s[2])))
      .attr("rx", 2).style("fill", (s, i) => `var(--s${i % 6})`)
      .append("title").text((s) => `${s[0]}\n${count(s[2])} bytes at ${count(s[1])}\nsteps ${s[3] + 1} to ${s[4] + 1}`);
    svg.append("g").selectAll("text").data(plan.slots.filter((s) => x(s[4] + 1) - x(s[3]) > 56 && y(s[1]) - y(s[1] + s[2]) > 15))
      .join("text").attr("x", (s) => x(s[3]) + 7).attr("y", (s) => (y(s[1]) + y(s[1] + s[2])) / 2 + 4)
      .style("pointer-events", "none").text((s) => short(s[0], Math.floor((x(s[4] + 1) - x(s[3]) - 10) / 7)));
    const base = top + plotHeight;
    svg.append("g").selectAll("text").data(plan.steps).join("text").attr("class", "muted")
      .attr("transform", (s, i) => names ? `translate(${x(i) + stepWidth / 2 + 4},${base + 12}) rotate(60)` : `translate(${x(i) + 3},${base + 16})`)
      .style("font-size", "11px").text((s, i) => names ? `${i + 1} ${short(s.replace(/^kernel_\d+_/, ""), 17)}` : i % 5 === 4 || steps < 12 ? i + 1 : "")
      .append("title").text((s) => s);
    const from = base + labels;
    const z = d3.scaleLinear([0, Math.max(...live, 1)], [from + 56, from]);
    svg.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`)
      .call(d3.axisLeft(z).tickValues(byteTicks(live[peak] || 1, 2)).tickFormat(bytes).tickSizeOuter(0));
    svg.append("g").selectAll("rect").data(live).join("rect").attr("class", (v, i) => i === peak ? "live peak" : "live")
      .attr("x", (v, i) => x(i) + 1).attr("width", stepWidth - 2).attr("y", (v) => z(v)).attr("height", (v) => z(0) - z(v))
      .append("title").text((v, i) => `step ${i + 1}: ${count(v)} bytes alive`);
    svg.append("text").attr("class", "muted").attr("x", left).attr("y", from + 74).style("font-size", "11px")
      .text("bytes alive at each step; the peak in red");
  }

  // MARK: Roofline

  /** What memory gives what goes through so many bytes, and the most a kernel could reach. */
  const bandwidth = (n) => (data.machine.bandwidths.find((entry) => entry[0] >= n)
    || data.machine.bandwidths[data.machine.bandwidths.length - 1])[1];
  const peak = (kernel) => kernel.bits > 32 ? data.machine.peak64 : data.machine.peak32;
  const roof = (kernel) => data.machine && kernel.intensity !== null
    ? Math.min(peak(kernel), bandwidth(kernel.bytes) * kernel.intensity) : null;

  function makeRoofline() {
    const page = el("div", { class: "page" });
    $("view-roofline").replaceChildren(page);
    page.append(el("h2", {}, "Kernels on the roofline"));
    if (!data.kernels.length) {
      page.append(el("p", { class: "empty" }, data.pipeline === null
        ? "The program has no kernels." : "Passes alone make no kernels; without -p the program is compiled."));
      return;
    }
    const machine = data.machine;
    page.append(el("p", { class: "lead" },
      "How fast each kernel ran, over how many operations it does for each byte it moves. Operations are counted from "
      + "its loops, bytes are its buffers moved once; the larger the circle, the longer it ran. "
      + (machine ? "The roofs are what one core of this machine was measured to do with as many bytes as fit its caches, and beyond."
        : "There is no roof: the machine was not measured.")));
    if (machine) {
      const [size, speed] = machine.bandwidths[machine.bandwidths.length - 1];
      page.append(tiles([metric(machine.peak32, "FLOP/s"), "peak in f32, one core"],
        [metric(machine.peak64, "FLOP/s"), "in f64"],
        [metric(machine.bandwidths[0][1], "B/s"), `up to ${bytes(machine.bandwidths[0][0])}`],
        [metric(speed, "B/s"), `up to ${bytes(size)}`]));
    }
    const kernels = data.kernels.map((kernel) => ({
      ...kernel, intensity: kernel.flops && kernel.bytes ? kernel.flops / kernel.bytes : null,
      rate: kernel.flops && kernel.seconds ? kernel.flops / kernel.seconds : null,
    }));
    const placed = kernels.filter((kernel) => kernel.intensity !== null && (kernel.rate || machine));
    if (!d3) page.append(noPlots());
    else if (placed.length) drawRoofline(page, placed, machine);
    const total = kernels.reduce((sum, kernel) => sum + (kernel.seconds || 0), 0);
    page.append(table("Kernels", ["kernel", "time ", "share ", "FLOP ", "bytes ", "FLOP/byte ", "FLOP/s ", "B/s ", "of the roof "],
      kernels.map((k) => [[k.name, "mono"], [k.seconds === null ? "–" : time(k.seconds), "num"],
        [k.seconds && total ? `${((k.seconds / total) * 100).toFixed(1)} %` : "–", "num"],
        [k.flops === null ? "by data" : metric(k.flops, ""), "num"],
        [k.bytes === null ? "by data" : bytes(k.bytes), "num"],
        [k.intensity === null ? "–" : k.intensity.toPrecision(3), "num"],
        [k.rate === null ? "–" : metric(k.rate, "FLOP/s"), "num"],
        [k.bytes && k.seconds ? metric(k.bytes / k.seconds, "B/s") : "–", "num"],
        [k.rate !== null && roof(k) ? `${((k.rate / roof(k)) * 100).toFixed(0)} %` : "–", "num"]])));
  }

  function drawRoofline(page, kernels, machine) {
    const width = Math.max(340, Math.min(980, page.clientWidth - 42));
    const height = Math.min(440, width * 0.6 + 60);
    const left = 78;
    const bottom = 46;
    const at = (kernel) => kernel.rate ?? roof(kernel);
    const isWide = kernels.some((kernel) => kernel.bits > 32);
    const top = machine ? (isWide && kernels.every((kernel) => kernel.bits > 32) ? machine.peak64 : machine.peak32) : 0;
    const memory = machine ? machine.bandwidths[machine.bandwidths.length - 1][1] : 1;
    const xs = kernels.map((kernel) => kernel.intensity).concat(machine ? [top / memory] : []);
    const ys = kernels.map(at).concat(machine ? [top] : []);
    const x = d3.scaleLog([Math.min(...xs) / 3, Math.max(...xs) * 3], [left, width - 20]);
    const y = d3.scaleLog([Math.min(...ys) / 3, Math.max(...ys) * 2], [height - bottom, 14]);
    const chart = el("div", { class: "chart" });
    page.append(chart);
    const svg = d3.select(chart).append("svg").attr("width", width).attr("height", height).attr("role", "img")
      .attr("aria-label", "Roofline plot; the table below has the same");
    const few = (scale) => scale.ticks().filter((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9);
    svg.append("g").selectAll("line").data(few(y)).join("line").attr("class", "gridline")
      .attr("x1", left).attr("x2", width - 20).attr("y1", y).attr("y2", y);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - bottom})`)
      .call(d3.axisBottom(x).tickValues(few(x)).tickFormat((v) => Number(v.toPrecision(2))).tickSizeOuter(0));
    svg.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`)
      .call(d3.axisLeft(y).tickValues(few(y)).tickFormat((v) => metric(v, "FLOP/s")).tickSizeOuter(0));
    svg.append("text").attr("class", "muted").attr("x", width - 20).attr("y", height - 10).attr("text-anchor", "end")
      .text("floating-point operations for each byte");
    if (machine) {
      const line = d3.line().x((p) => x(p[0])).y((p) => y(p[1]));
      const [low, high] = x.domain();
      const floor = y.domain()[0];
      machine.bandwidths.forEach(([size, speed], i) => {
        const isLast = i === machine.bandwidths.length - 1;
        const start = Math.max(low, floor / speed);
        const ridge = top / speed;
        if (ridge <= start) return;
        svg.append("path").attr("class", isLast ? "roof" : "roof cache")
          .attr("d", line([[start, speed * start], [Math.min(ridge, high), Math.min(top, speed * high)]]))
          .append("title").text(`${metric(speed, "B/s")} ${isLast ? "from memory" : `up to ${bytes(size)}`}`);
        if (width < 600) return;
        const end = Math.min(ridge, high);
        const angle = (Math.atan2(y(speed * end) - y(speed * start), x(end) - x(start)) * 180) / Math.PI;
        svg.append("text").attr("class", "muted").style("font-size", "10.5px")
          .attr("transform", `translate(${x(start) + 8},${y(speed * start) - 10}) rotate(${angle})`)
          .text(isLast ? `memory, ${metric(speed, "B/s")}` : i % 2 ? "" : `up to ${bytes(size)}, ${metric(speed, "B/s")}`);
      });
      const ridge = top / machine.bandwidths[0][1];
      svg.append("path").attr("class", "roof").attr("d", line([[Math.max(low, ridge), top], [high, top]]));
      svg.append("text").attr("class", "muted").attr("x", width - 22).attr("y", y(top) - 7).attr("text-anchor", "end")
        .text(`peak ${metric(top, "FLOP/s")}`);
    }
    const total = d3.sum(kernels, (kernel) => kernel.seconds || 0) || 1;
    svg.append("g").selectAll("circle").data(kernels).join("circle")
      .attr("class", (kernel) => kernel.rate === null ? "kernel guess" : "kernel")
      .attr("cx", (kernel) => x(kernel.intensity)).attr("cy", (kernel) => y(at(kernel)))
      .attr("r", (kernel) => 5 + 9 * Math.sqrt((kernel.seconds || 0) / total))
      .append("title").text((kernel) => `${kernel.name}\n${kernel.rate === null ? "not timed" : metric(kernel.rate, "FLOP/s")}`
        + `\n${kernel.intensity.toPrecision(3)} FLOP/byte\n${time(kernel.seconds)}`);
    const named = [...kernels].sort((a, b) => (b.seconds || 0) - (a.seconds || 0)).slice(0, width < 600 ? 3 : 8);
    const taken = [];
    svg.append("g").selectAll("text").data(named).join("text").style("font-size", "11px")
      .attr("x", (kernel) => Math.min(x(kernel.intensity) + 16, width - 130))
      .attr("y", (kernel) => {
        let label = y(at(kernel)) + 4;
        while (taken.some((other) => Math.abs(other - label) < 13)) label += 13;
        taken.push(label);
        return label;
      })
      .text((kernel) => short(kernel.name.replace(/^kernel_/, ""), 22));
  }

  // MARK: Remarks

  function makeRemarks() {
    const page = el("div", { class: "page" });
    $("view-remarks").replaceChildren(page);
    page.append(el("h2", {}, "Remarks"));
    if (!data.remarks.length) {
      page.append(el("p", { class: "empty" }, "No pass had anything to say about this program."));
      return;
    }
    page.append(el("p", { class: "lead" },
      "What passes did, what they could not do and why, and what they found. Click a place to follow it through the steps."));
    const filter = { kind: "", pass: "", text: "" };
    const body = el("div", {});
    const options = (label, key, values) => el("select", {
      "aria-label": label, on: { change: (event) => { filter[key] = event.target.value; fillRemarks(); } },
    }, el("option", { value: "" }, label), ...values.map((value) => el("option", { value }, value)));
    const unique = (key) => [...new Set(data.remarks.map((remark) => remark[key]))].sort();
    page.append(el("div", { class: "filters" }, options("Every kind", "kind", unique("kind")),
      options("Every pass", "pass", unique("pass")), el("input", {
        type: "search", placeholder: "Search remarks", "aria-label": "Search remarks",
        on: { input: (event) => { filter.text = event.target.value.toLowerCase(); fillRemarks(); } },
      })), body);
    function fillRemarks() {
      const shown = data.remarks.filter((remark) => (!filter.kind || remark.kind === filter.kind)
        && (!filter.pass || remark.pass === filter.pass)
        && (!filter.text || remark.text.toLowerCase().includes(filter.text)));
      const rows = shown.slice(0, 500).map((remark) => {
        const from = remark.leaf >= 0 ? place(remark.leaf) : null;
        return [el("span", { class: `kind ${remark.kind}` }, remark.kind),
          el("a", { href: `#ir/${remark.stage}`, on: { click: () => { state.view = "ir"; } } },
            `${remark.stage + 1}. ${remark.pass}`),
          remark.text + (remark.times > 1 ? ` (${count(remark.times)} times)` : ""),
          from ? el("a", { href: "#", on: { click: (event) => {
            event.preventDefault();
            state.view = "ir";
            showStage(firstIR >= 0 ? firstIR : 0, true);
            showView();
            select(-1, [remark.leaf], from.line >= 0 ? 0 : state.stage);
            const line = from.line >= 0 && state.stage === 0 ? from.line : firstRelated(state.stage);
            if (line >= 0) scrollToLine(line);
          } } }, from.label) : ""];
      });
      body.replaceChildren(table(`${plural(shown.length, "remark")}${shown.length > 500 ? ", the first 500" : ""}`,
        ["kind", "pass", "remark", "place"], rows));
    }
    fillRemarks();
  }

  // MARK: Views

  const made = new Set();
  const makers = { graph: makeGraph, memory: makeMemory, roofline: makeRoofline, remarks: makeRemarks };
  function makeTabs() {
    const extras = { remarks: data.remarks.length, roofline: data.kernels.length };
    for (const [name, title] of views) {
      $("tabs").append(el("a", { href: `#${name}`, "data-view": name }, title,
        extras[name] ? el("small", {}, count(extras[name])) : null));
    }
    $("tabs").addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      go(link.dataset.view);
    });
  }
  function go(view) {
    state.view = view;
    showView();
    remember();
  }
  function showView() {
    for (const [name] of views) $(`view-${name}`).hidden = name !== state.view;
    for (const link of $("tabs").children) {
      if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (makers[state.view] && !made.has(state.view)) {
      made.add(state.view);
      makers[state.view]();
    }
    if (state.view === "ir") draw(true);
  }
  addEventListener("resize", () => {
    for (const view of ["graph", "memory", "roofline"]) made.delete(view);
    if (makers[state.view] && !made.has(state.view)) { made.add(state.view); makers[state.view](); }
  });

  function makeHead() {
    const total = stages.reduce((sum, stage) => sum + (stage.seconds || 0), 0);
    const facts = [`${plural(stages.length, "step")} in ${time(total)}`];
    if (data.kernels.length) facts.push(plural(data.kernels.length, "kernel"));
    if (data.plan) facts.push(`${bytes(data.plan.arena)} for intermediates`);
    facts.push(data.pipeline !== null ? `passes: ${data.pipeline}` : data.path);
    facts.push(`martlet ${data.version}`);
    $("facts").textContent = facts.join(" · ");
    $("facts").title = $("facts").textContent;
    for (const problem of data.problems) $("alerts").append(el("div", { class: "error" }, problem));
    for (const note of data.notes) $("alerts").append(el("div", { class: "note" }, note));
  }

  // MARK: Theme and keys

  const themes = ["system", "light", "dark"];
  let theme = "system";
  try { theme = localStorage.getItem("martlet-theme") || theme; } catch { /* Not kept then. */ }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function applyTheme() {
    const isDark = theme === "dark" || (theme === "system" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    $("theme").textContent = { system: "◐ System", light: "☀ Light", dark: "☾ Dark" }[theme];
  }
  dark.addEventListener("change", applyTheme);
  $("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % 3];
    try { localStorage.setItem("martlet-theme", theme); } catch { /* Not kept then. */ }
    applyTheme();
  });
  $("helpButton").addEventListener("click", () => $("help").showModal());
  $("showText").addEventListener("click", () => setMode("text"));
  $("showDiff").addEventListener("click", () => setMode("diff"));
  function setMode(mode) {
    state.mode = mode;
    fill();
    if (mode === "diff") listing.scrollTop = 0;
  }

  function moveSelection(by) {
    const stage = stages[state.stage];
    let k = state.rows.findIndex((row) => row.line !== undefined && row.mark !== "-"
      && (state.op >= 0 ? stage.view.ops[row.line] === state.op : isRelated(stage, row.line)));
    if (k < 0) k = Math.floor(listing.scrollTop / rowHeight) - by;
    for (k += by; k >= 0 && k < state.rows.length; k += by) {
      const row = state.rows[k];
      if (row.line === undefined || row.mark === "-" || !isSelectable(stage, row.line)) continue;
      if (stage.kind !== "source" && stage.view.ops[row.line] === state.op) continue;
      selectLine(state.stage, row.line, false);
      scrollToRow(k);
      return;
    }
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const isIRView = state.view === "ir";
    const keys = {
      j: () => isIRView && move(1), k: () => isIRView && move(-1),
      d: () => isIRView && setMode(state.mode === "diff" ? "text" : "diff"),
      n: () => isIRView && nextChange(1), p: () => isIRView && nextChange(-1),
      "/": () => { if (!isIRView) go("ir"); $("search").focus(); $("search").select(); },
      "?": () => $("help").showModal(),
      Escape: () => isIRView && state.leaves && release(),
    };
    views.forEach(([name], i) => { keys[String(i + 1)] = () => go(name); });
    if (event.target === listing) {
      keys.ArrowDown = () => moveSelection(1);
      keys.ArrowUp = () => moveSelection(-1);
    }
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  decode();
  makeTabs();
  makeHead();
  makeSteps();
  applyTheme();
  addEventListener("hashchange", restore);
  // The first step after which it is IR.
  showStage(Math.max(0, firstIR), false);
  if (location.hash) restore();
  else showView();
  document.documentElement.dataset.ready = "yes";
})();
