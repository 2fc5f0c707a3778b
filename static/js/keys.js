// Keys of the whole program: what stands on a button as data-key presses it; `?` shows all; g h goes home.
import { all, isTyping, make, on, one, visible } from "./dom.js";

const dialogOpen = () => one("dialog[open]");
const named = (e) => {
  let key = e.key.length === 1 ? e.key : e.key.replace("Arrow", "");
  if (e.ctrlKey || e.metaKey) key = `Ctrl+${key}`;
  if (e.altKey) key = `Alt+${key}`;
  return key;
};
const press = (key) => {
  const target = all("[data-key]").find((element) => element.dataset.key === key && !element.disabled && visible(element))
    || all("details.menu [data-key]").find((element) => element.dataset.key === key && !element.disabled);
  if (target?.matches("input, select, textarea")) target.focus();
  else target?.click();
  return !!target;
};

// on a page of duties j and k walk from row to row (on a board from card to card): what is to be done there is in focus, Enter takes it
const walk = (step) => {
  const acts = all("main :is(.due-list, [data-walk]) > li").map((row) => one("[data-walk-to]", row) || one("a.btn, button", row) || one("a", row)).filter((act) => act && visible(act));
  const here = acts.findIndex((act) => act.closest("li").contains(document.activeElement));
  acts[Math.max(0, Math.min(acts.length - 1, here + step))]?.focus();
  return acts.length > 0;
};

let before = "";
document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.isComposing || dialogOpen()) return;
  const key = named(e);
  const functional = /^F\d+$/.test(key) || key.startsWith("Alt+");
  if (functional && press(key)) { e.preventDefault(); return; }
  if (isTyping(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;
  if (key === "?") { showKeys(); e.preventDefault(); return; }
  if (before === "g" && key === "h") { location.href = "/"; return; }
  if ((key === "j" || key === "k") && walk(key === "j" ? 1 : -1)) { e.preventDefault(); return; }
  before = key;
  if (press(key)) e.preventDefault();
});

const wordsOf = (element) => [...element.childNodes].filter((part) => part.nodeName !== "KBD").map((part) => part.textContent).join("");
const showKeys = () => {
  const box = one("#keys-here");
  box.replaceChildren(...all("[data-key]").filter(visible).map((element) =>
    make("div", {}, make("span", {}, (element.dataset.keyLabel || element.getAttribute("aria-label") || wordsOf(element)).trim()), make("kbd", {}, element.dataset.key))));
  one("#keys").showModal();
};
on("click", "[data-keys]", showKeys);
on("click", "dialog", (dialog, e) => { if (e.target === dialog) dialog.close(); });
