// A list under the hands: move, look, choose, open, and come back to the same row.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = () => $("#list");
  const rows = () => all("#list tbody tr[data-pk]");
  const placeKey = () => `list:${location.pathname}`;
  let last = null; // the row chosen last, where a shift-choice begins

  // ── the current row ────────────────────────────────────────────────────────────────────
  const current = () => $("#list tr.here");
  function stand(row, { scroll = true } = {}) {
    if (!row) return;
    current()?.classList.remove("here");
    current()?.removeAttribute("aria-current");
    row.classList.add("here");
    row.setAttribute("aria-current", "true");
    if (scroll) row.scrollIntoView({ block: "nearest" });
    if (!peek().hidden) look(row);
  }
  function step(by) {
    const every = rows();
    if (!every.length) return;
    const at = every.indexOf(current());
    const to = at < 0 ? (by > 0 ? 0 : every.length - 1) : at + by;
    if (to < 0) return $("#list [data-before][href]")?.click();
    if (to >= every.length) return $("#list [data-after][href]")?.click();
    stand(every[to]);
  }
  function open(row, aside = false) {
    if (!row?.dataset.href) return;
    keep(row);
    if (aside) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  }
  function keep(row) {
    sessionStorage.setItem(placeKey(), JSON.stringify({ search: location.search, pk: row.dataset.pk, y: scrollY }));
  }
  function comeBack() {
    const kept = JSON.parse(sessionStorage.getItem(placeKey()) || "null");
    if (!kept || kept.search !== location.search) return;
    const row = document.getElementById(`row-${kept.pk}`);
    if (row) { stand(row, { scroll: false }); scrollTo(0, kept.y); row.scrollIntoView({ block: "nearest" }); }
  }

  // ── a look beside the list ─────────────────────────────────────────────────────────────
  const peek = () => $("#peek");
  async function look(row) {
    if (!row) return;
    peek().hidden = false;
    document.body.classList.add("peeking");
    if (peek().dataset.pk === row.dataset.pk) return;
    peek().dataset.pk = row.dataset.pk;
    const answer = await fetch(`${body().dataset.path}?peek=${row.dataset.pk}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || peek().dataset.pk !== row.dataset.pk) return;
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    peek().replaceChildren(...parsed.body.childNodes);
    window.htmx?.process(peek());
  }
  function closePeek() {
    if (peek().hidden) return false;
    peek().hidden = true;
    delete peek().dataset.pk;
    document.body.classList.remove("peeking");
    return true;
  }

  // ── choosing ───────────────────────────────────────────────────────────────────────────
  const boxes = () => all('#list input[name="ids"]');
  const allOfFilter = () => $('#list input[name="all"]');
  function choose(row, on, upTo = false) {
    const box = row && $('input[name="ids"]', row);
    if (!box) return;
    const value = on ?? !box.checked;
    const every = rows();
    const from = upTo && last ? every.indexOf(last) : -1;
    const to = every.indexOf(row);
    const range = from < 0 ? [row] : every.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of range) $('input[name="ids"]', one).checked = value;
    last = row;
    count();
  }
  function chooseAll(on) { for (const box of boxes()) box.checked = on; count(); }
  function count({ keepAll = false } = {}) {
    const bar = $("#list .list-acts");
    if (!bar) return;
    if (!keepAll) allOfFilter().value = "";
    const picked = boxes().filter((box) => box.checked).length;
    for (const row of rows()) row.classList.toggle("picked", $('input[name="ids"]', row).checked);
    const everything = allOfFilter().value === "1";
    bar.hidden = !picked;
    const all = $("#list-foot").dataset.count;  // empty while they are still counted
    $("[data-picked]", bar).textContent = everything && !all ? "…" : Number(everything ? all : picked).toLocaleString("en");
    const head = $("#list [data-pick-page]");
    head.checked = picked > 0 && picked === boxes().length;
    head.indeterminate = picked > 0 && picked < boxes().length;
    const more = $("[data-pick-all]", bar);
    if (more) more.hidden = everything;
  }

  // ── clicks ─────────────────────────────────────────────────────────────────────────────
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-peek-close]")) return void closePeek();
    if (!target.closest("#list")) return;
    if (target.matches('input[name="ids"]')) return void choose(target.closest("tr"), target.checked, event.shiftKey);
    if (target.closest("td.pick")) return void choose(target.closest("tr"), undefined, event.shiftKey);
    if (target.matches("[data-pick-page]")) return void chooseAll(target.checked);
    if (target.closest("[data-pick-none]")) return void chooseAll(false);
    if (target.closest("[data-pick-all]")) { chooseAll(true); allOfFilter().value = "1"; return void count({ keepAll: true }); }
    const row = target.closest("tr[data-pk]");
    if (!row) return;
    if (target.closest("a")) return void keep(row);
    if (target.closest("button, input, label") || getSelection()?.toString()) return;
    if (event.shiftKey && $('input[name="ids"]', row)) { event.preventDefault(); return void choose(row, true, true); }
    if (event.ctrlKey || event.metaKey) return void open(row, true);
    stand(row, { scroll: false });
    if (matchMedia("(max-width: 640px)").matches) open(row);
  });
  document.addEventListener("dblclick", (event) => {
    const row = event.target.closest("#list tr[data-pk]");
    if (row && !event.target.closest("a, button, input")) open(row);
  });
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest("#list tbody tr")) event.preventDefault(); // no text selection by shift
  });

  // ── keys ───────────────────────────────────────────────────────────────────────────────
  const KEYS = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    Enter: () => open(current()), " ": () => (peek().hidden ? look(current() || rows()[0]) : closePeek()),
    x: (event) => choose(current(), undefined, event.shiftKey), X: () => choose(current(), true, true),
    a: () => chooseAll(!boxes().every((box) => box.checked)),
    "/": () => $("#list-q")?.select(), f: () => unfold(".list-filter"), e: () => unfold("#list-out"),
    "[": () => $("#list [data-before][href]")?.click(), "]": () => $("#list [data-after][href]")?.click(),
    Escape: () => closePeek() || fold() || chooseAll(false),
  };
  function unfold(selector) {
    const menu = $(selector);
    if (!menu) return;
    menu.open = !menu.open;
    $("a, input:not([type=hidden]), select", menu)?.focus();
  }
  function fold() {
    const menus = all("#list details[open]");
    for (const menu of menus) menu.open = false;
    return menus.length > 0;
  }
  document.addEventListener("keydown", (event) => {
    if (!body() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ($("dialog[open]")) return;
    const at = event.target;
    if (at.id === "list-q" && (event.key === "ArrowDown" || event.key === "Escape")) { at.blur(); event.preventDefault(); return void step(1); }
    if (event.key === "Escape" && at.closest("#list details")) { fold(); return; }
    if (at.closest("input, select, textarea, [contenteditable], #list details[open]")) return;
    if ((event.key === "Enter" || event.key === " ") && at.closest("a, button, summary")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  // ── forms: a clean address, a reason where one is needed ───────────────────────────────
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".list-panel, .list-columns, #list-seek")) tidy(form);
    const button = event.submitter;
    if (form.id === "list-many" && button?.hasAttribute("data-needs-note")) {
      const note = $('input[name="note"]', form);
      if (!note.value.trim()) {
        event.preventDefault();
        note.setCustomValidity(note.placeholder);
        note.reportValidity();
        note.addEventListener("input", () => note.setCustomValidity(""), { once: true });
      }
    }
  }, true);
  function tidy(form) {
    for (const field of form.elements) if (field.name && (field.value === "" || field.name.endsWith("-text")) && field.type !== "submit") field.disabled = true;
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  }
  document.addEventListener("change", (event) => {
    const field = event.target.closest(".list-panel .field");
    if (!field) return;
    if (event.target.matches("select")) for (const end of all(".list-ends input", field)) end.value = "";
    else if (event.target.closest(".list-ends")) { const word = $("select", field); if (word) word.value = ""; }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.closest("#list, #list-seek")) return;
    const parameters = event.detail.parameters;
    for (const key of [...new Set(Object.keys(parameters))]) if (parameters[key] === "" || key.endsWith("-text")) delete parameters[key];
    if (event.target.id === "list-seek" && !Object.keys(parameters).length) parameters.view = "all";
  });

  // ── after each arrival ─────────────────────────────────────────────────────────────────
  function settle() {
    const seek = $("#list-q");
    if (seek && document.activeElement !== seek && body()) seek.value = body().dataset.q;
    count();
    last = null;
  }
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "list" || event.detail.target?.id === "list") settle(); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target?.id === "list-foot") count({ keepAll: true }); });
  document.addEventListener("htmx:beforeCleanupElement", (event) => { // counts and totals of a list that has gone are not wanted any more
    if (event.target.matches?.("[data-counting]")) window.htmx.trigger(event.target, "htmx:abort");
  });
  addEventListener("pageshow", () => { settle(); comeBack(); });
  document.addEventListener("click", (event) => { // a menu closes when one clicks elsewhere
    for (const menu of all("#list details[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("DOMContentLoaded", () => {
    const words = $("template[data-keys-here]");
    if (words) $("#keys-here")?.append(words.content.cloneNode(true));
  });
})();
