// Navigation folded or open, theme, menus, tabs, toasts.
import { all, on, one, make, iconOf } from "./dom.js";

const frame = one("#frame");
const year = 365 * 86400;

on("click", "[data-fold]", () => {
  const narrow = frame.classList.toggle("narrow");
  document.cookie = `nav=${narrow ? "narrow" : "open"};path=/;max-age=${year};samesite=lax`;
});
on("click", "[data-open-side]", () => frame.classList.toggle("open"));
document.addEventListener("click", (e) => {
  if (frame?.classList.contains("open") && !e.target.closest(".side, [data-open-side]")) frame.classList.remove("open");
});

// what «auto» means now decides which way the switch goes
on("click", "[data-theme-switch]", (button) => {
  const root = document.documentElement;
  const dark = root.dataset.theme === "dark" || (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  button.value = dark ? "light" : "dark";
}, true);

// one menu open at a time; a click beside it or Esc closes it
document.addEventListener("click", (e) => all("details[data-menu][open]").forEach((menu) => {
  if (!menu.contains(e.target)) menu.open = false;
}));
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  all("details[data-menu][open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); e.stopImmediatePropagation(); });
  frame?.classList.remove("open");
});

// tabs of panels: the address says which one is open
const choose = (tab, focus) => {
  const box = tab.closest("[data-tabs]");
  for (const other of all("[role=tab]", box)) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    const panel = one(`#${other.getAttribute("aria-controls")}`);
    panel.hidden = !chosen;
    if (chosen) panel.dispatchEvent(new CustomEvent("show", { bubbles: false }));
  }
  if (focus) tab.focus();
  const address = new URL(location);
  address.searchParams.set("tab", tab.id.replace(/^tab-/, ""));
  history.replaceState(history.state, "", address);
};
on("click", "[data-tabs] [role=tab]", (tab) => choose(tab));
on("keydown", "[data-tabs] [role=tab]", (tab, e) => {
  const tabs = all("[role=tab]", tab.closest("[role=tablist]"));
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (step) choose(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
});

// what scrolls can be scrolled by keyboard
const reach = () => all(".table-wrap, .sheet-wrap, .chain").forEach((box) => {
  if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
});
reach();
addEventListener("resize", reach);
document.addEventListener("htmx:load", reach);

// toasts: gone after six seconds unless pointed at; an undo inside stays longer
export const toast = (text, tone = "good") => {
  const box = make("div", { class: `toast tone-${tone}`, "data-toast": true }, iconOf(tone === "good" ? "check" : "alert"), make("div", { class: "grow" }, text));
  one("#toasts").append(box);
  fade(box);
};
const fade = (box) => setTimeout(() => (box.matches(":hover, :focus-within") ? fade(box) : box.remove()), box.querySelector("a, form") ? 12000 : 6000);
all("[data-toast]").forEach(fade);
on("click", "[data-toast] [data-close]", (button) => button.closest("[data-toast]").remove());
document.addEventListener("htmx:responseError", (e) => toast(e.detail.xhr.responseText.length < 300 ? e.detail.xhr.responseText : `${e.detail.xhr.status}`, "bad"));

// a form is sent once: the button rests until the answer is there
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  form.classList.add("busy");
  setTimeout(() => { delete form.dataset.sent; form.classList.remove("busy"); }, 8000);
});
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; form.classList.remove("busy"); }));

one("[data-first-error], .field.wrong input, .field.wrong select, .field.wrong textarea")?.focus();
