// Bundles the parts of ECharts that the charts use into generated/echarts.js, a plain script that sets
// `globalThis.echarts`, and copies its licences to generated/licenses/.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const entry = `
  import * as echarts from "echarts/core";
  import { BarChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
  import { GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
  import { CanvasRenderer } from "echarts/renderers";
  echarts.use([
    BarChart, HeatmapChart, LineChart, ScatterChart,
    GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer,
  ]);
  // Only what the page calls, so that the rest can be shaken off.
  export const { init } = echarts;
`;

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const parts = [
  ["echarts", "Apache-2.0", "LICENSE"],
  ["echarts", "Apache-2.0", "NOTICE"],
  ["echarts", "Apache-2.0", "licenses/LICENSE-d3"],
  ["zrender", "BSD-3-Clause", "LICENSE"],
  ["tslib", "0BSD", "LICENSE.txt"],
];

mkdirSync("generated/licenses", { recursive: true });
for (const [name, , file] of parts)
  copyFileSync(`node_modules/${name}/${file}`, `generated/licenses/${name}-${basename(file, ".txt")}.txt`);

const notice = readFileSync("node_modules/echarts/NOTICE", "utf8").trim();
const list = [...new Set(parts.map(([name, licence]) => `${name} ${version(name)} (${licence})`))].join(", ");
await build({
  stdin: { contents: entry, resolveDir: "." },
  outfile: "generated/echarts.js",
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "es2020",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", // the banner says it once instead of once per file
  banner: { js: `/*!\n${list}; the full licences are in licenses/.\n\n${notice}\n*/` },
  // `var echarts` of a classic script is a global already; this says so whatever the script's type.
  footer: { js: "globalThis.echarts=echarts;" },
});
