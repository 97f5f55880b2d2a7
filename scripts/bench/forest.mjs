// The isolation forest beside others, one thread each, on the same rows: natively, as WebAssembly in Node, scikit-learn,
// isotree and shap in Python, and two packages of npm. `ROWS=100000 FEATURES=81 ROUNDS=3 node scripts/bench/forest.mjs`
// Best of all rounds, because other work on a machine only ever takes time. Missing peers are installed into the cache.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const ROWS = Number(process.env.ROWS || 100_000);
const FEATURES = Number(process.env.FEATURES || 81);
const ROUNDS = Number(process.env.ROUNDS || 3);
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowsift");
const FOLDER = join(CACHE, "bench", "forest");
const FILE = join(FOLDER, `${ROWS}x${FEATURES}.f32`);
const TARGET = process.env.CARGO_TARGET_DIR || join(CACHE, "target");
const PYTHON = ["numpy==2.4.6", "scikit-learn==1.9.1", "isotree==0.6.1.post10", "shap==0.51.0"];
const NPM = ["isolation-forest@0.0.9", "ml-isolation-forest@0.1.0"];

const env = { ...process.env, CARGO_TARGET_DIR: TARGET };
const run = (command, ...args) => execFileSync(command, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] });
const lastLine = (text) => JSON.parse(text.trim().split("\n").pop());

function best(work, times = 3) {
  const seconds = Array.from({ length: times }, () => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...seconds);
}

// ---- what is measured ----

function native() {
  return { native: lastLine(run(join(TARGET, "release/examples/forest"), ROWS, FEATURES, FILE)) };
}

function values() {
  const bytes = readFileSync(FILE);
  return new Float32Array(bytes.buffer, bytes.byteOffset, ROWS * FEATURES);
}

function wasm() {
  const { Bench } = createRequire(import.meta.url)(join(FOLDER, "wasm", "forest.js"));
  const bench = new Bench(values(), FEATURES);
  const figures = {
    fit: best(() => bench.fit(), 9),
    score: best(() => bench.score(), 9),
    explain: best(() => bench.explain(0), 9),
    mean: bench.score(),
  };
  bench.free();
  return { wasm: figures };
}

function python() {
  const bin = join(FOLDER, "venv", "bin", "python");
  if (!existsSync(bin)) {
    run("python3", "-m", "venv", join(FOLDER, "venv"));
    run(bin, "-m", "pip", "install", "--quiet", ...PYTHON);
  }
  return lastLine(run(bin, "scripts/bench/forest.py", FILE, FEATURES));
}

/** They fit on a sample of 256 rows, because one uses all rows for each tree otherwise; and score a tenth of the rows. */
function npm() {
  if (!existsSync(join(FOLDER, "node_modules"))) {
    writeFileSync(join(FOLDER, "package.json"), "{}");
    run("npm", "install", "--silent", "--prefix", FOLDER, ...NPM);
  }
  const require = createRequire(join(resolve(FOLDER), "package.json"));
  const all = values();
  const row = (place) => Array.from(all.subarray(place * FEATURES, (place + 1) * FEATURES));
  const sample = Array.from({ length: 256 }, (_, place) => row(place * Math.floor(ROWS / 256)));
  const some = Array.from({ length: Math.floor(ROWS / 10) }, (_, place) => row(place));
  const measure = (fit) => ({ fit: best(fit, 2), score: best(() => fit.forest.predict(some), 2) * 10 });
  const { IsolationForest: First } = require("isolation-forest");
  const { IsolationForest: Second } = require("ml-isolation-forest");
  const first = () => (first.forest = new First(100, 256)).fit(sample);
  const second = () => (second.forest = new Second({ nEstimators: 100 })).train(sample);
  return { "npm isolation-forest": measure(first), "npm ml-isolation-forest": measure(second) };
}

// ---- all of it ----

mkdirSync(FOLDER, { recursive: true });
run("cargo", "build", "--locked", "--quiet", "--release", "--example", "forest");
run("cargo", "build", "--locked", "--quiet", "--release", "--example", "forest", "--target", "wasm32-unknown-unknown", "--features", "web");
run("wasm-bindgen", "--target", "nodejs", "--out-dir", join(FOLDER, "wasm"), join(TARGET, "wasm32-unknown-unknown/release/examples/forest.wasm"));

const figures = {};
for (let round = 0; round < ROUNDS; round += 1) {
  for (const measure of [native, wasm, python, npm]) {
    for (const [name, found] of Object.entries(measure())) {
      const known = (figures[name] ??= found);
      for (const [what, value] of Object.entries(found)) known[what] = value < known[what] ? value : known[what];
    }
  }
}
if (figures.native.mean !== figures.wasm.mean) throw new Error("WebAssembly scores differently");

const milliseconds = (seconds) => (seconds === undefined ? "–" : `${(seconds * 1000).toFixed(seconds < 0.1 ? 2 : 0)} ms`);
const theirs = figures["scikit-learn"].score;
console.log(`${ROWS.toLocaleString("en")} rows × ${FEATURES}, 100 trees × 256, best of ${ROUNDS} rounds\n`);
console.log("| one thread | fit | rows scored per second | beside scikit-learn | contributions of a row |");
console.log("|---|---:|---:|---:|---:|");
for (const [name, { fit, score, explain, skipped }] of Object.entries(figures)) {
  const rate = score && Math.round(ROWS / score).toLocaleString("en");
  const cells = [name, milliseconds(fit), rate ?? skipped ?? "–", score ? `${(theirs / score).toFixed(2)}×` : "–", milliseconds(explain)];
  console.log(`| ${cells.join(" | ")} |`);
}
