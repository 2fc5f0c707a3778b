// The board: a card goes to another lane by dragging it there, or with [ and ] while it is in focus. Each sends the card's own form, as its buttons do.
import { all, on, one } from "./dom.js";

let moving = null;
const goes = (lane) => moving && lane !== moving.closest("[data-lane]");
const mark = (lane) => all("[data-lane]").forEach((each) => each.classList.toggle("over", each === lane));
const send = (card, stage) => {
  const field = one("input[name=stage]", card);
  field.disabled = false;
  field.value = stage;
  field.form.submit();
};

all("[data-card]").forEach((card) => { card.draggable = true; });
on("dragstart", "[data-card]", (card, e) => { moving = card; e.dataTransfer.effectAllowed = "move"; });
on("dragend", "[data-card]", () => { moving = null; mark(null); });
on("dragover", "[data-lane]", (lane, e) => {
  if (goes(lane)) e.preventDefault();
  mark(goes(lane) ? lane : null);
});
on("drop", "[data-lane]", (lane, e) => {
  if (!goes(lane)) return;
  e.preventDefault();
  send(moving, lane.dataset.lane);
});
on("keydown", "[data-card]", (card, e) => {
  const button = all("button[data-step]", card).find((each) => each.dataset.step === e.key);
  if (!button || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  button.click();
});
