// Typing: Enter to the next field, Ctrl-Enter sends, Esc goes back; dates and figures are read by the server and echoed.
import { all, on, one, visible } from "./dom.js";

// a group of choices is one stop: the one that is chosen, else its first
const group = (field) => `[type=radio][name="${field.name}"]`;
const stands = (field) => field.type !== "radio" || field === (one(`${group(field)}:checked`, field.form) || one(group(field), field.form));
const fields = (form) => all("input:not([type=hidden], [readonly]), select, textarea, button.primary", form)
  .filter((field) => !field.disabled && field.tabIndex >= 0 && visible(field) && stands(field) && !field.matches("form [data-skip]:not(.wrong *)"));

export const nextField = (field) => {
  const list = fields(field.form || field.closest("form"));
  const next = list[list.indexOf(field) + 1];
  next?.focus();
  if (next?.matches("input")) next.select?.();
  return next;
};

// what a form must be told stands in focus, so that nobody reaches for the mouse to begin; not where that opens a keyboard over the page
const asked = "main form[data-typing] :is(input, select, textarea):required:not([type=hidden], [type=checkbox], [type=radio], [data-sheet] *)";
if (document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
  all(asked).find((field) => !field.value && visible(field))?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (e) => {
  // with nothing in focus the keys belong to the page's only form: a step that asks nothing is taken with Ctrl-Enter too
  const form = e.target.closest?.("form[data-typing]") || (e.target === document.body && one("main form[data-typing][method=post]"));
  if (!form || e.isComposing) return;
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); send(form); return; }
  if (e.defaultPrevented) return;
  if (e.key === "Enter" && e.target.matches("input:not([type=submit]), select") && !e.target.closest("[data-sheet]")) {
    e.preventDefault();
    nextField(e.target);
  }
  if (e.key === "Escape" && !one("dialog[open]")) { e.preventDefault(); one("[data-back]", form)?.click(); }
});
const send = (form) => {
  const button = all("[data-submit], button.primary:not([type=button]), button:not([type=button])", form).find((b) => !b.disabled && visible(b));
  document.activeElement?.dispatchEvent(new Event("change", { bubbles: true }));
  if (button) form.requestSubmit(button);
};

// the echo: what the server understood stands in the box, unless something else was typed meanwhile
on("change", "input[data-kind]", async (input) => {
  const typed = input.value.trim();
  const said = one("[data-said]", input.closest(".field") || document.body);
  if (!typed || /^\d{4}-\d\d-\d\d$|^-?\d+(\.\d+)?$/.test(typed) && input.dataset.kind !== "date" && input.dataset.kind !== "percent") { if (said) said.textContent = ""; return; }
  const answer = await fetch(`/typed/?kind=${input.dataset.kind}&text=${encodeURIComponent(typed)}`);
  if (!answer.ok || input.value.trim() !== typed) return;
  const read = await answer.json();
  if (said) said.textContent = read.error || "";
  said?.classList.toggle("bad", !!read.error);
  if (read.text && read.text !== typed) {
    if (document.activeElement !== input) input.value = read.text;
    else if (said) said.textContent = `= ${read.text}`;
    input.dispatchEvent(new CustomEvent("read", { bubbles: true }));
  }
}, true);
