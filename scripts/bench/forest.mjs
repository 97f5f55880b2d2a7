// The isolation forest beside others on the same rows, one thread each: natively ours, scikit-learn, isotree and shap, in Chromium ours
// and two packages of npm. Part of `make bench`. `ROWS=100000 FEATURES=81 ROUNDS=3 node scripts/bench/forest.mjs`
// Best of all rounds, because other work on a machine only ever takes time.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { launch } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { examples } from "./files.mjs";
import { describe, watchLoad } from "./machine.mjs";
import { npmVersions, OURS, page, PEERS, python, pythonVersions } from "./peers.mjs";
import { count, print, times } from "./table.mjs";

const ROWS = Number(process.env.ROWS || 100_000);
const FEATURES = Number(process.env.FEATURES || 81);
const ROUNDS = Number(process.env.ROUNDS || 3);
const FILE = "rows.f32";

console.log("== isolation forests");
const site = await page();
const bin = await python("forest.txt", "forest/venv");
if (!site) process.exit();
const { forest: native } = examples(["forest"]);
const { forest: wasm } = examples(["forest"], "--target", "wasm32-unknown-unknown", "--features", "web");
execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", join(site, OURS), "--out-name", "forest", wasm]);
const server = await serve(site);
const browser = await launch();
describe(browser, { ...pythonVersions("forest.txt"), ...npmVersions() });

// ---- who is timed; each gives { name: { fit, score, explain } } in seconds ----

const lastLine = (command, ...args) => {
  const text = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(text.trim().split("\n").pop());
};
const natively = () => ({ ours: lastLine(native, ROWS, FEATURES, join(site, FILE)) });
const inPython = () => (bin ? lastLine(bin, join(PEERS, "forest.py"), join(site, FILE), FEATURES) : {});
async function inChromium() {
  const tab = await browser.newPage();
  try {
    await tab.goto(`${server.url}forest.html`);
    return await tab.evaluate((given) => globalThis.measure(...given), [FILE, FEATURES]);
  } finally {
    await tab.close();
  }
}

// ---- rounds ----

const groups = { natively: {}, "in Chromium": {} };
const busy = watchLoad();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [where, measure] of [["natively", natively], ["natively", inPython], ["in Chromium", inChromium]]) {
    for (const [name, found] of Object.entries(await measure())) {
      const known = (groups[where][name] ??= found);
      for (const [what, value] of Object.entries(found)) known[what] = value < known[what] ? value : known[what];
    }
  }
}
await Promise.all([browser.close(), server.close()]);

// ---- what came of it ----

const milliseconds = (seconds) => seconds && `${(seconds * 1000).toFixed(seconds < 0.1 ? 2 : 0)} ms`;
const [here, there] = Object.values(groups).map(({ ours }) => ours);
const line = ([name, { fit, score, explain, skipped }]) => {
  const ratio = (ours) => score && times(score / ours.score);
  return [name, milliseconds(fit), skipped ?? (score && count(ROWS / score)), ratio(here), ratio(there), milliseconds(explain)];
};
console.log(`${count(ROWS)} rows × ${FEATURES}, 100 trees × 256, one thread, best of ${ROUNDS} rounds`);
for (const [where, group] of Object.entries(groups)) {
  const header = [where, "fit", "rows scored per second", "÷ ours natively", "÷ ours in Chromium", "contributions of a row"];
  print([header, ...Object.entries(group).map(line)]);
}
busy();
if (here.mean !== there.mean) throw new Error("WebAssembly scores differently");
