// The few helpers all modules share.
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const on = (event, selector, act, options) =>
  document.addEventListener(event, (e) => {
    const found = e.target.closest?.(selector);
    if (found) act(found, e);
  }, options);
export const csrf = () => one("input[name=csrfmiddlewaretoken]")?.value
  || JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
// what stands in a closed <details> has a box but is not to be seen
export const visible = (element) => element.checkVisibility();
export const later = (act, wait) => {
  let timer;
  const run = (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), wait); };
  run.now = (...given) => { clearTimeout(timer); act(...given); };
  return run;
};
export const make = (tag, given = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === false || value == null) continue;
    if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  return element;
};
export const iconOf = (name) => {
  const href = (one("svg.icon use")?.getAttribute("href") || "/static/img/icons.svg#x").replace(/#.*/, `#${name}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", href); svg.append(use);
  return svg;
};
export const isTyping = (target) => target.matches?.("input:not([type=checkbox],[type=radio],[type=button]), textarea, select, [contenteditable]");
