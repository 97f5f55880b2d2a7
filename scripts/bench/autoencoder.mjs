// Steps of training the original's 16-8-16 autoencoder, and scoring: our page in Chromium, on the processor, beside PyTorch natively
// (one thread). Wants a built site and a Python with torch: `PYTHON=venv/bin/python node scripts/bench/autoencoder.mjs`.
import { execFileSync } from "node:child_process";
import { launch } from "../browser.mjs";
import { serve } from "../serve.mjs";

const ROWS = 100_000;
const FEATURES = 81;
const BATCHES = [32, 128, 1024];
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
const server = await serve(process.env.DIST ?? "dist");
const browser = await launch();
const page = await browser.newPage();
await page.goto(server.url);
const get = (id) => page.getByTestId(id);
const reached = (state) =>
  page.waitForFunction((state) => document.querySelector("[data-testid=status]").dataset.state === state, state, { timeout: 600_000 });
await get("file-input").setInputFiles({ name: "bench.csv", mimeType: "text/csv", buffer: Buffer.from(table()) });
await reached("ready");
await get("detector-autoencoder").click();
await get("mode-classic").click();
await get("device-choice").selectOption("cpu");
await get("ae-options").locator("summary").click();

/** Milliseconds from the click to the results. */
async function run(epochs, batch) {
  await get("ae-epochs").fill(String(epochs));
  await get("ae-epochs").press("Tab");
  await get("ae-batch").fill(String(batch));
  await get("ae-batch").press("Tab");
  const start = await page.evaluate(() => performance.now());
  await get("run-button").click();
  await reached("running");
  await reached("done");
  return (await page.evaluate(() => performance.now())) - start;
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

const python = process.env.PYTHON ?? "python3";
const theirs = JSON.parse(execFileSync(python, ["scripts/bench/autoencoder.py", ...BATCHES.map(String)], { encoding: "utf8" }));
console.log(`| rows a step | our page in Chromium | PyTorch ${theirs.version}, one thread | theirs ÷ ours |\n|---:|---:|---:|---:|`);
for (const batch of BATCHES)
  console.log(`| ${batch} | ${ours[batch].toFixed(3)} ms | ${theirs.steps[batch].toFixed(3)} ms | ${(theirs.steps[batch] / ours[batch]).toFixed(1)} × |`);
console.log(`\nPyTorch scores a row in ${theirs.scoring.toFixed(2)} µs; ours natively: cargo run --release --example autoencoder`);
process.exit();
