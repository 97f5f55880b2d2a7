// The original's 16-8-16 autoencoder beside others on the same rows, on the processor, one thread each: natively ours, PyTorch and Keras,
// in Chromium ours and TensorFlow.js. Part of `make bench`. `ROWS=100000 FEATURES=81 ROUNDS=2 node scripts/bench/autoencoder.mjs`
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
const ROUNDS = Number(process.env.ROUNDS || 2);
const FILE = "values.f32";

console.log("== autoencoders");
const site = await page();
const bin = await python("autoencoder.txt", "autoencoder/venv");
if (!site) process.exit();
const { autoencoder: native } = examples(["autoencoder"]);
const { autoencoder: wasm } = examples(["autoencoder"], "--target", "wasm32-unknown-unknown", "--features", "web");
execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", join(site, OURS), "--out-name", "autoencoder", wasm]);
const server = await serve(site);
const browser = await launch();
describe(browser, { ...pythonVersions("autoencoder.txt"), ...npmVersions() });

const lastLine = (command, ...args) => {
  const text = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(text.trim().split("\n").pop());
};
const natively = () => ({ ours: lastLine(native, ROWS, FEATURES, join(site, FILE)) });
const inPython = () => (bin ? lastLine(bin, join(PEERS, "autoencoder.py"), join(site, FILE), FEATURES) : {});
async function inChromium() {
  const tab = await browser.newPage();
  try {
    await tab.goto(`${server.url}autoencoder.html`);
    return await tab.evaluate((given) => globalThis.measure(...given), [FILE, FEATURES]);
  } finally {
    await tab.close();
  }
}

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

const there = groups["in Chromium"].ours;
const cells = (found, what, scale, unit) => [`${(found[what] * scale).toFixed(3)} ${unit}`, times(found[what] / there[what])];
console.log(`${count(ROWS)} rows × ${FEATURES}, one thread, best of ${ROUNDS} rounds; ÷: beside ours in Chromium`);
for (const [where, group] of Object.entries(groups)) {
  const line = ([name, found]) => [
    name,
    ...cells(found, "few", 1e3, "ms"),
    ...cells(found, "many", 1e3, "ms"),
    ...cells(found, "score", 1e6 / ROWS, "µs"),
  ];
  print([[where, "a step of 32 rows", "÷", "a step of 1,024 rows", "÷", "to score a row", "÷"], ...Object.entries(group).map(line)]);
}
busy();
if (groups.natively.ours.mean !== there.mean) throw new Error("WebAssembly learns something else");
