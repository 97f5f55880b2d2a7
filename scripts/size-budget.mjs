// What the site transfers, compressed, against its budgets: what stands between the address and the first paint, the first
// visit as a whole, and what is fetched in the background or when it is needed, each by itself.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { filesOf } from "./site/inputs.mjs";

// Bytes. The charts, the worker, which reads every format of flows, and what is of use with a file are loaded behind the
// first paint; Explore, Evaluate, Models and the report when a run begins.
const BUDGETS = { "first paint": 310_000, "first visit": 1_848_000, "after a run": 180_000, trainer: 5_000_000, unpacker: 968_000, help: 12_000, models: 2_600_000 };

const partsOf = (name) => {
  const late = /^(?:snippets\/)?(trainer|unpacker|help|models)[._/]/.exec(name)?.[1];
  if (late) return [late];
  if (name === "snippets/page/split_more.wasm") return ["after a run"];
  if (name === "snippets/page/parts.js") return ["first paint", "first visit"];
  return /^(index\.html$|boot\.js$|page\b)|\.css$/.test(name) ? ["first paint", "first visit"] : ["first visit"];
};

const dir = process.argv[2] ?? "dist";
// Everything at the top of the site but the service worker's own list, the parts of programs, ready-made models, and the one icon that is shown.
const files = filesOf(dir).filter((file) => (!file.includes("/") && file !== "sw.js") || /^(snippets\/|models\/|icons\/icon\.svg)/.test(file));

const totals = Object.fromEntries(Object.keys(BUDGETS).map((part) => [part, 0]));
const rows = files.map((file) => {
  const bytes = readFileSync(`${dir}/${file}`);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  for (const part of partsOf(file)) totals[part] += gzip;
  return [file, bytes.length, gzip];
});
const line = (name, size, gzip) => console.log(`  ${name.padEnd(36)} ${String(size).padStart(10)} ${String(gzip).padStart(10)}`);
line("file", "bytes", "gzip -9");
for (const row of rows.sort((a, b) => b[2] - a[2])) line(...row);
for (const [part, budget] of Object.entries(BUDGETS)) {
  line(part, "", totals[part]);
  line("its budget", "", budget);
  // A part that is empty was not built, or its files have other names: it would keep any budget.
  if (totals[part] > budget || totals[part] === 0) {
    console.error(totals[part] ? `${part}: over the size budget by ${totals[part] - budget} bytes` : `${part}: no files`);
    process.exitCode = 1;
  }
}
