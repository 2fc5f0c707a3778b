// Draws the charts of a page from the option beside each; colours come from the style, so light and dark agree.
import { all, later, one } from "./dom.js";

const names = { $accent: "--accent", $pale: "--line", $grey: "--text-3", $text: "--text", $text2: "--text-2", $line: "--line-strong" };
const drawn = new Map();

const colour = (name, box) => { box.style.color = `var(${name})`; return getComputedStyle(box).color; }; // resolved for the theme
const coloured = (part, box) => {
  if (typeof part === "string") return part === "$font" ? getComputedStyle(box).fontFamily : names[part] ? colour(names[part], box) : part;
  if (Array.isArray(part)) return part.map((p) => coloured(p, box));
  return part && typeof part === "object" ? Object.fromEntries(Object.entries(part).map(([k, v]) => [k, coloured(v, box)])) : part;
};
const library = () => (window.echarts ? Promise.resolve() : new Promise((ready) => {
  const script = document.createElement("script");
  script.src = one("[data-echarts]").dataset.echarts;
  script.onload = ready;
  document.head.append(script);
}));
const draw = (box) => {
  const chart = drawn.get(box) || window.echarts.init(box, null, { renderer: "canvas" });
  const option = coloured(JSON.parse(one(`#${box.dataset.chart}`).textContent), box);
  chart.setOption({ ...option, tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "none" }, valueFormatter: (v) => Number(v).toLocaleString() } }, true);
  if (!drawn.has(box)) {
    chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
    new ResizeObserver(later(() => chart.resize(), 60)).observe(box);
  }
  drawn.set(box, chart);
};

export const drawAll = async () => {
  const boxes = all("[data-chart]").filter((box) => !drawn.has(box));
  if (!boxes.length) return;
  await library();
  boxes.forEach(draw);
};
drawAll();
document.addEventListener("htmx:load", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((_, box) => draw(box)));
