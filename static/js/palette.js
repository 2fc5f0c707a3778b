// Ctrl-K: everything that can be found or done, from one endpoint; arrows, Enter, Ctrl-Enter for a new tab.
import { all, later, on, one } from "./dom.js";

const dialog = one("#palette");
const box = one("#palette-text");
const hits = one("#palette-hits");
let asked = 0;

const ask = async () => {
  const mine = ++asked;
  const answer = await fetch(`${box.dataset.url}?q=${encodeURIComponent(box.value.trim())}`, { headers: { "HX-Request": "true" } });
  if (mine !== asked || !answer.ok) return;
  hits.innerHTML = await answer.text();
  move(0);
};
const list = () => all(".hit", hits);
const move = (step) => {
  const rows = list();
  const now = rows.findIndex((row) => row.classList.contains("on"));
  rows.forEach((row) => { row.classList.remove("on"); row.setAttribute("aria-selected", "false"); });
  const next = rows[Math.min(rows.length - 1, Math.max(0, step ? now + step : 0))];
  if (!next) { box.removeAttribute("aria-activedescendant"); return; }
  next.classList.add("on");
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", next.id);
};
export const openPalette = () => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  box.select();
  ask();
};

if (dialog) {
  const soon = later(ask, 80);
  box.addEventListener("input", () => soon());
  box.addEventListener("keydown", async (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key];
    if (step) { move(step); e.preventDefault(); }
    if (e.key !== "Enter" || e.isComposing) return;
    e.preventDefault();
    const url = one(".hit.on", hits)?.href;
    if (url) (e.ctrlKey || e.metaKey ? open(url, "_blank") : location.assign(url));
  });
  on("click", "[data-palette]", openPalette);
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); openPalette(); }
  });
}
