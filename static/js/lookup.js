// Look-ups: one list of choices for every combobox, in a form or in a cell of a sheet.
import { all, csrf, iconOf, later, make, on, one } from "./dom.js";
import { nextField } from "./typing.js";

const list = make("div", { class: "choices", role: "listbox", id: "choices", hidden: true });
document.body.append(list);
const cache = new Map();
let box = null;        // the input that the list belongs to
let choices = [];
let at = -1;
let asked = 0;
let shownFor = "";     // what was typed when the list that is open was asked for

const urlOf = (input) => input.dataset.sheetLookup || input.closest("[data-lookup]")?.dataset.url;
const given = (input) => {
  const names = (input.dataset.given || input.closest("[data-lookup]")?.dataset.given || "").split(" ").filter(Boolean);
  return names.map((name) => `&${name}=${encodeURIComponent(input.form?.elements[name]?.value || "")}`).join("");
};

const fetchChoices = async (input) => {
  const url = `${urlOf(input)}?q=${encodeURIComponent(input.value.trim())}${given(input)}`;
  const known = cache.get(url);
  if (known && performance.now() - known.at < 20000) return known.answer;
  const answer = await fetch(url).then((r) => (r.ok ? r.json() : { choices: [] }));
  cache.set(url, { at: performance.now(), answer });
  return answer;
};

const place = () => {
  const spot = box.getBoundingClientRect();
  const below = innerHeight - spot.bottom;
  const left = Math.max(8, Math.min(spot.left, innerWidth - list.offsetWidth - 8));
  list.style.left = `${left + scrollX}px`;
  list.style.top = `${(below < list.offsetHeight + 8 && spot.top > below ? spot.top - list.offsetHeight - 2 : spot.bottom + 2) + scrollY}px`;
};
const close = () => {
  list.hidden = true;
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
};
const mark = (index) => {
  at = index;
  all("[role=option]", list).forEach((row, i) => {
    row.setAttribute("aria-selected", i === at);
    if (i === at) { row.scrollIntoView({ block: "nearest" }); box.setAttribute("aria-activedescendant", row.id); }
  });
};
const show = (input, answer) => {
  box = input;
  choices = answer.choices;
  shownFor = input.value.trim();
  const rows = choices.map((choice, i) => make("div", { role: "option", id: `choice-${i}`, "data-i": i, "aria-selected": false },
    make("span", { class: "code" }, choice.code), make("span", { class: "clip" }, choice.name), make("span", { class: "detail" }, choice.details.join(" · "))));
  const nothing = rows.length ? [] : [make("div", { class: "say" }, document.body.dataset.nothing)];
  const add = answer.add ? [make("a", { class: "add", href: answer.add, target: "_blank", tabindex: "-1" }, iconOf("plus"), document.body.dataset.add)] : [];
  list.replaceChildren(...rows, ...nothing, ...add);
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", "choices");
  place();
  mark(input.value.trim() && choices.length ? 0 : -1);
};
const ask = async (input) => {
  const mine = ++asked;
  const typed = input.value;
  const answer = await fetchChoices(input);
  if (mine === asked && document.activeElement === input && input.value === typed) show(input, answer);
};
const soon = later(ask, 60);

const take = (input, choice) => {
  const cell = input.dataset.sheetLookup;
  input.value = cell ? choice.code : choice.text;
  input.dataset.taken = input.value;
  if (!cell) {
    const hidden = one("input[type=hidden]", input.closest("[data-lookup]"));
    hidden.value = choice.pk;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  input.dispatchEvent(new CustomEvent("taken", { bubbles: true, detail: choice }));
  fetch(urlOf(input), { method: "POST", body: new URLSearchParams({ pk: choice.pk }), headers: { "X-CSRFToken": csrf() } });
  if (box === input) close();
};
// the list answers what stands in the box now, and a line of it is marked: never a line of an older answer
const marked = (input) => !list.hidden && box === input && shownFor === input.value.trim() && at >= 0;
const isLookup = (element) => element.matches?.("[data-lookup] input[role=combobox], input[data-sheet-lookup]");

// Enter: what is marked in the list; else the exact code or the only fit, asked without opening a list
const enter = async (input) => {
  const typed = input.value.trim();
  if (marked(input)) { take(input, choices[at]); return true; }
  if (!typed || typed === input.dataset.taken) { close(); return true; }
  if (input.dataset.sheetLookup && /\d/.test(typed)) { settle(input, typed); close(); return true; } // a code: typing never waits
  if (await settle(input, typed)) return true;
  ask(input);
  return false;
};
const settle = async (input, typed) => {
  const { choices: found } = await fetchChoices(input);
  const exact = found.find((c) => c.code.toLowerCase() === typed.toLowerCase()) || (found.length === 1 ? found[0] : null);
  if (exact && input.value.trim() === typed) take(input, exact);
  return !!exact;
};

document.addEventListener("input", (e) => {
  if (!isLookup(e.target)) return;
  const hidden = !e.target.dataset.sheetLookup && one("input[type=hidden]", e.target.closest("[data-lookup]"));
  if (hidden) hidden.value = "";
  delete e.target.dataset.taken;
  soon(e.target);
});
document.addEventListener("keydown", async (e) => {
  if (!isLookup(e.target) || e.isComposing) return;
  const input = e.target;
  const open = !list.hidden && box === input;
  if (e.key === "F7" || (e.key === "ArrowDown" && !open && !input.dataset.sheetLookup) || (e.altKey && e.key === "ArrowDown")) { e.preventDefault(); e.stopImmediatePropagation(); ask(input); return; }
  if (open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
    e.preventDefault(); e.stopImmediatePropagation();
    mark(Math.max(0, Math.min(choices.length - 1, at + (e.key === "ArrowDown" ? 1 : -1))));
  } else if (open && e.key === "Escape") { e.preventDefault(); e.stopImmediatePropagation(); close(); }
  else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) {
    e.preventDefault(); e.stopImmediatePropagation();
    const more = input.value.trim() && input.closest("[data-lookups]"); // several: the next one is typed into the same box
    if (await enter(input) && !more) input.dataset.sheetLookup ? input.dispatchEvent(new CustomEvent("onward", { bubbles: true })) : nextField(input);
  } else if (e.key === "Tab" && marked(input)) take(input, choices[at]);
}, true);
// several of a kind: what is taken becomes a mark above the box
on("taken", "[data-lookups] input[role=combobox]", (input, e) => {
  const hidden = one("input[type=hidden]", input.closest("[data-lookup]"));
  const chosen = one("[data-chosen]", input.closest("[data-lookups]"));
  const there = one(`input[value="${e.detail.pk}"]`, chosen);
  if (there) there.checked = true;
  else chosen.append(make("label", { class: "chip" }, make("input", { type: "checkbox", name: hidden.name, value: e.detail.pk, checked: true }), e.detail.text));
  input.value = hidden.value = "";
  delete input.dataset.taken;
});
document.addEventListener("focusout", (e) => { if (isLookup(e.target)) setTimeout(() => { if (document.activeElement !== box) close(); }, 120); });
list.addEventListener("mousedown", (e) => {
  const row = e.target.closest("[role=option]");
  if (e.target.closest("a")) return;
  e.preventDefault();
  if (row) { const input = box; take(input, choices[row.dataset.i]); if (!input.dataset.sheetLookup) nextField(input); else input.dispatchEvent(new CustomEvent("onward", { bubbles: true })); }
});
on("mousedown", "[data-lookup] .open", (button, e) => { e.preventDefault(); const input = one("input[role=combobox]", button.parentElement); input.focus(); ask(input); });
