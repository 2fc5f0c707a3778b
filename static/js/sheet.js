// The sheet: cells like a spreadsheet's, computed by the server. What is being typed is never touched.
import { all, csrf, iconOf, make, on, one } from "./dom.js";

class Sheet {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.body = one("tbody", box);
    this.blank = one("template", box);
    this.say = one("[data-cell-say]", box);
    this.messages = new WeakMap();
    this.next = Date.now() % 1e6;
    this.undone = [];
    if (!this.body.rows.length) this.add();
    else this.renumber();
    this.listen();
    this.form.dispatchEvent(new Event("compute"));
  }

  listen() {
    this.box.addEventListener("keydown", (e) => this.key(e));
    this.box.addEventListener("paste", (e) => this.paste(e));
    this.box.addEventListener("input", (e) => this.touched(e.target));
    this.box.addEventListener("taken", (e) => { this.touched(e.target); this.prefill(e.target.closest("tr"), e.detail.fills); this.form.keepSoon(); });
    this.form.addEventListener("taken", (e) => { if (e.target.dataset.pull) this.pull(e.target.dataset.pull, e.detail.pk); });
    this.box.addEventListener("onward", (e) => this.onward(e.target));
    this.box.addEventListener("focusin", (e) => this.tell(e.target));
    this.box.addEventListener("click", (e) => {
      if (e.target.closest("[data-cut]")) this.cut(e.target.closest("tr"));
      if (e.target.closest("[data-add]")) this.first(this.add()).focus();
    });
    this.form.addEventListener("kept", (e) => this.show(e.detail));
    this.form.addEventListener("submit", () => this.drop());
  }

  // ── rows and cells ──
  cells(row) { return all("input:not([type=hidden])", row); }
  first(row) { return this.cells(row)[0]; }
  cell(row, name) { return one(`[data-col="${name}"]`, row); }
  isEmpty(row) { return this.cells(row).every((cell) => !cell.value.trim() || cell.hasAttribute("data-fills")); }

  add(before = null, quiet = false) {
    const row = this.blank.content.firstElementChild.cloneNode(true);
    row.dataset.key = this.cell(row, "key").value = `n${++this.next}`;
    this.body.insertBefore(row, before);
    if (!quiet) this.renumber();
    return row;
  }
  cut(row) {
    const cells = this.cells(row);
    const near = row.nextElementSibling || row.previousElementSibling || this.add();
    const column = Math.max(0, cells.indexOf(document.activeElement));
    this.undone.push([row, row.nextElementSibling]);
    row.remove();
    this.renumber();
    (this.cells(near)[column] || this.first(near)).focus();
    this.form.keepSoon();
  }
  bringBack() {
    const [row, before] = this.undone.pop() || [];
    if (!row) return;
    this.body.insertBefore(row, before?.isConnected ? before : null);
    this.renumber();
    this.first(row).focus();
    this.form.keepSoon();
  }
  // names follow the order, so that the form posts the lines as they stand
  renumber() {
    [...this.body.rows].forEach((row, index) => {
      one("[data-n]", row).textContent = index + 1;
      for (const cell of all("input[data-col]", row)) cell.name = `lines-${index}-${cell.dataset.col}`;
    });
    one("[name=lines-count]", this.box).value = this.body.rows.length;
    one("[data-count]", this.box).textContent = this.body.rows.length;
  }
  drop() { // empty rows are not sent
    for (const row of [...this.body.rows]) if (this.isEmpty(row) && this.body.rows.length > 1) row.remove();
    this.renumber();
  }
  touched(input) {
    if (!input.matches("input[data-col]")) return;
    const typed = this.cell(input.closest("tr"), "typed");
    const names = new Set(typed.value.split(" ").filter(Boolean));
    input.value.trim() ? names.add(input.dataset.col) : names.delete(input.dataset.col);
    typed.value = [...names].join(" ");
  }

  // ── keys ──
  key(e) {
    const input = e.target;
    if (!input.matches("input[data-col]") || e.isComposing || e.defaultPrevented) return;
    const row = input.closest("tr");
    const column = this.cells(row).indexOf(input);
    const ctrl = e.ctrlKey || e.metaKey;
    const acts = {
      Enter: !ctrl && (() => this.onward(input)),
      ArrowDown: e.altKey ? () => this.move(row, 1, input) : () => this.to(row.nextElementSibling, column),
      ArrowUp: e.altKey ? () => this.move(row, -1, input) : () => this.to(row.previousElementSibling, column),
      d: ctrl && (() => this.fill(row, column)),
      i: ctrl && (() => this.first(this.add(row)).focus()),
      Delete: ctrl && (() => this.cut(row)),
      z: ctrl && !input.value && this.undone.length && (() => this.bringBack()),
    };
    const act = acts[e.key];
    if (act) { e.preventDefault(); e.stopPropagation(); act(); }
  }
  onward(input) {
    const row = input.closest("tr");
    const cells = this.cells(row);
    if (cells[0] === input && this.isEmpty(row) && this.body.rows.length > 1) { one("button.primary", this.form).focus(); return; }
    const rest = cells.slice(cells.indexOf(input) + 1);
    const passed = (cell) => cell.matches("[data-skip], [data-fills]") && !cell.closest("td.wrong, td.warned");
    const next = rest.find((cell) => !passed(cell)) || null;
    if (next) { next.focus(); next.select(); return; }
    const below = row.nextElementSibling || this.add();
    this.first(below).focus();
    this.first(below).select();
  }
  to(row, column) {
    const cell = row && this.cells(row)[column];
    if (cell) { cell.focus(); cell.select(); }
  }
  move(row, step, input) {
    const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return;
    step > 0 ? other.after(row) : other.before(row);
    this.renumber();
    input.focus();
    this.form.keepSoon();
  }
  fill(row, column) {
    const above = row.previousElementSibling;
    if (!above) return;
    this.put(this.cells(row)[column], this.cells(above)[column].value);
    this.form.keepSoon();
  }
  put(cell, value) { cell.value = value; this.touched(cell); }
  // what the look-up knows already stands in the line before the server has answered
  prefill(row, fills) {
    const typed = new Set(this.cell(row, "typed").value.split(" "));
    for (const [name, value] of Object.entries(fills || {})) {
      const cell = this.cell(row, name);
      if (cell?.tagName === "OUTPUT") cell.textContent = cell.title = value;
      else if (cell && !typed.has(name) && cell !== document.activeElement) cell.value = value;
    }
  }

  // ── paste from Excel: rows by line, cells by tab, from the cell one stands in ──
  paste(e) {
    const text = e.clipboardData?.getData("text/plain") || "";
    const input = e.target;
    if (!input.matches("input[data-col]") || !/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    const rows = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
    const row = input.closest("tr");
    const start = this.cells(row).indexOf(input);
    if (start === 0 && rows[0].length > 1) this.arrange(row, text);
    else this.lay(row, rows.map((values) => this.cells(row).slice(start).reduce((cells, cell, i) => (i < values.length ? { ...cells, [cell.dataset.col]: values[i] } : cells), {})));
  }
  // a whole table: the server knows which column is which
  async arrange(row, text) {
    const answer = await this.ask("HX-Paste", text);
    if (answer) this.lay(row, answer.lines);
  }
  async ask(header, table) {
    const body = new FormData();
    body.set("table", table);
    const answer = await fetch(this.form.action, { method: "POST", body, headers: { [header]: "1", "X-CSRFToken": csrf() } });
    return answer.ok ? answer.json() : null;
  }
  // lines of another document, after those that stand here
  async pull(name, pk) {
    const answer = await fetch(`${location.pathname}?pull=${name}&pk=${pk}`);
    if (!answer.ok) return;
    const { lines } = await answer.json();
    const last = this.body.rows[this.body.rows.length - 1];
    this.lay(last && this.isEmpty(last) ? last : this.add(), lines);
  }
  lay(row, lines) {
    for (const [index, values] of lines.entries()) {
      if (index) row = row.nextElementSibling || this.add(null, true);
      for (const [name, value] of Object.entries(values)) { const cell = this.cell(row, name); if (cell) this.put(cell, value); }
    }
    this.renumber();
    this.form.dispatchEvent(new Event("keep-now"));
  }

  // ── the server's answer, put beside what is typed ──
  show(said) {
    if (!said.lines) return;
    for (const row of this.body.rows) this.showRow(row, said.lines[row.dataset.key] || { cells: {}, errors: {}, warnings: {} });
    for (const total of all("[data-total]", this.box)) total.textContent = said.totals[total.dataset.total] ?? "—";
    one("[data-notes]", this.box).replaceChildren(...said.notes.map(([tone, text]) =>
      make("li", { class: `tone-${tone}` }, iconOf(tone === "good" ? "check" : tone === "info" ? "info" : "alert"), make("span", {}, text))));
    for (const [name, value] of Object.entries({ ...said.fields, ...said.instead })) {
      const field = this.form.elements[name];
      if (field && field !== document.activeElement && (!field.value || name in said.instead)) field.value = value;
    }
    for (const [name, text] of Object.entries(said.words || {})) for (const place of all(`[data-says="${name}"]`)) place.textContent = text;
    for (const [name, tone] of Object.entries(said.tones || {})) for (const place of all(`[data-tone="${name}"]`)) place.dataset.is = tone;
    this.tell(document.activeElement);
  }
  showRow(row, line) {
    const typed = new Set(this.cell(row, "typed").value.split(" "));
    for (const cell of all("[data-col]", row)) {
      const name = cell.dataset.col;
      if (cell.tagName === "OUTPUT") cell.textContent = cell.title = line.cells[name] ?? "";
      else if (name in line.cells && cell !== document.activeElement && !typed.has(name)) cell.value = line.cells[name];
      if (name === "key" || name === "typed") continue;
      const box = cell.closest("td");
      const wrong = line.errors[name], warned = line.warnings[name];
      const waits = wrong && !cell.value && !typed.has(name);   // not yet filled in: no reproach while the line is being typed
      box.classList.toggle("wrong", !!wrong && !waits);
      box.classList.toggle("warned", !wrong && !!warned);
      cell.setAttribute("aria-invalid", !!wrong && !waits);
      this.messages.set(cell, wrong && !waits ? ["bad", wrong] : warned ? ["warn", warned] : null);
    }
  }
  tell(cell) {
    const [tone, text] = this.messages.get(cell) || ["", ""];
    this.say.className = `cell-say ${tone}`;
    this.say.textContent = text;
  }
}

all("[data-sheet]").forEach((box) => new Sheet(box));
on("focusin", ".sheet input", (input) => { if (input.matches(":focus-visible") && !input.hasAttribute("data-sheet-lookup")) input.select(); });
