// Draws one chart on the server: an option on stdin, SVG or PNG on stdout. Colours are those of paper.
import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(asked.modules, "from-here.js"));
const paper = {
  $accent: "#2a57c9", $pale: "#d5ddf0", $grey: "#8a93a1", $text: "#1a1f27", $text2: "#545c69", $line: "#c3c9d2",
  $font: "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif",
};
const coloured = (part) => {
  if (typeof part === "string") return paper[part] ?? part;
  if (Array.isArray(part)) return part.map(coloured);
  return part && typeof part === "object" ? Object.fromEntries(Object.entries(part).map(([k, v]) => [k, coloured(v)])) : part;
};

const echarts = require("echarts");
const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: asked.width, height: asked.height });
chart.setOption({ ...coloured(asked.option), backgroundColor: "#ffffff" });
const svg = chart.renderToSVGString();

const say = (drawn) => process.stdout.write(drawn, () => process.exit(0));
if (asked.kind === "svg") say(svg);
else {
  const { Resvg } = require("@resvg/resvg-js");
  const font = { fontFiles: asked.fonts, loadSystemFonts: asked.fonts.length === 0, defaultFontFamily: "Noto Sans SC" };
  say(new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font }).render().asPng());
}
