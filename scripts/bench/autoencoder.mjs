// Steps of training the original's 16-8-16 autoencoder, and scoring: our page in Chromium, on the processor, beside PyTorch natively
// (one thread). Wants a built site and a Python with torch: `PYTHON=venv/bin/python node scripts/bench/autoencoder.mjs`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { DIST, open } from "./site.mjs";

const ROWS = 100_000;
const FEATURES = 81;
const BATCHES = (process.env.BATCHES ?? "32,128,1024").split(",").map(Number);
const RUNS = Number(process.env.RUNS ?? 3);
// The page trains on a sample of this many rows, of which Classic takes 80 %, and of those 90 %.
const EPOCH = Math.floor(65_536 * 0.8) - Math.floor(Math.floor(65_536 * 0.8) * 0.1);
const [FEW, MANY] = [2, 12];

function table() {
  const header = Array.from({ length: FEATURES }, (_, feature) => `f${feature}`).join(",");
  let state = 42;
  const number = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32).toFixed(3);
  const row = () => Array.from({ length: FEATURES }, () => number().slice(1)).join(",");
  return [header, ...Array.from({ length: ROWS }, row)].join("\n");
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const folder = mkdtempSync(join(tmpdir(), "flowsift-"));
const file = join(folder, "bench.csv");
writeFileSync(file, table());
const server = await serve(DIST);
const browser = await launch();
const page = await open(await browser.newContext(), server.url);
await page.load(file);
await page.get("detector-autoencoder").click();
await page.get("mode-classic").click();
// A site without the GPU's trainer has no choice.
if (await page.get("device-choice").count()) await page.get("device-choice").selectOption("cpu");
await page.get("ae-options").locator("summary").click();

/** Milliseconds from the click to the results. */
async function run(epochs, batch) {
  for (const [id, value] of [["ae-epochs", epochs], ["ae-batch", batch]]) {
    await page.get(id).fill(String(value));
    await page.get(id).press("Tab");
  }
  return (await page.run("classic")) * 1e3;
}

const ours = {};
await run(FEW, 1024);
for (const batch of BATCHES) {
  const steps = Math.ceil(EPOCH / batch);
  const times = [];
  for (let round = 0; round < RUNS; round += 1) times.push(((await run(MANY, batch)) - (await run(FEW, batch))) / (MANY - FEW) / steps);
  ours[batch] = median(times);
}
await browser.close();
await server.close();
rmSync(folder, { recursive: true });

const python = process.env.PYTHON ?? "python3";
const theirs = JSON.parse(execFileSync(python, ["scripts/bench/autoencoder.py", ...BATCHES.map(String)], { encoding: "utf8" }));
console.log(`| rows a step | our page in Chromium | PyTorch ${theirs.version}, one thread | theirs ÷ ours |\n|---:|---:|---:|---:|`);
for (const batch of BATCHES)
  console.log(`| ${batch} | ${ours[batch].toFixed(3)} ms | ${theirs.steps[batch].toFixed(3)} ms | ${(theirs.steps[batch] / ours[batch]).toFixed(1)} × |`);
console.log(`\nPyTorch scores a row in ${theirs.scoring.toFixed(2)} µs; ours natively: cargo run --release --example autoencoder`);
process.exit();
