// A 200 MB file from drop to results: the release site in Chromium beside pandas and scikit-learn. Part of `make bench`.
// `RUNS=3 ROWS=418000 DIST=dist node scripts/bench.mjs`
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const RUNS = Number(process.env.RUNS || 3);
const ROWS = Number(process.env.ROWS || 418_000);
const DIST = process.env.DIST || "dist";
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowsift", "bench");

function makeFile() {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `sample-${ROWS}.csv`);
  // Made anew each time: the generator may have changed. Cargo's dev profile is quick enough for it.
  execFileSync("cargo", ["run", "--locked", "--quiet", "--example", "sample", "--", ROWS, `${path}.part`], { stdio: "inherit" });
  renameSync(`${path}.part`, path);
  return path;
}

// ---- memory ----

/** The process ids of everything that this process has started, and what those have. */
function descendants() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // The name, in brackets, may hold blanks.
      const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
      parents.set(Number(pid), Number(parent));
    } catch {
      // It has ended.
    }
  }
  const ours = (pid) => pid === process.pid || (parents.has(pid) && ours(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== process.pid && ours(pid));
}

/** Megabytes of the browser's processes, what they share counted once (PSS, where the kernel tells). */
function browserMemory() {
  let kib = 0;
  for (const pid of descendants()) {
    try {
      kib += Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return kib / 1024;
}

// ---- one run in the browser ----

/** In the page: notes the gaps between animation frames. */
function watchFrames() {
  globalThis.GAPS = [];
  let last = performance.now();
  const frame = (now) => {
    globalThis.GAPS.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

async function inBrowser(path) {
  const server = await serve(DIST);
  const browser = await launch();
  let peak = 0;
  const measure = () => (peak = Math.max(peak, browserMemory()));
  const timer = setInterval(measure, 250);
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const status = page.getByTestId("status");
    const reach = async (wanted) => {
      for (;;) {
        const state = await status.getAttribute("data-state");
        if (state === wanted) return performance.now();
        if (state === "error") throw new Error(await page.getByTestId("error").innerText());
        await sleep(10);
      }
    };
    await page.getByTestId("file-input").waitFor({ state: "attached" });
    await sleep(1_000); // let the page, and the copy for offline use, settle
    const idle = browserMemory();
    await page.evaluate(watchFrames);
    const gaps = () => page.evaluate(() => globalThis.GAPS.splice(0));

    const start = performance.now();
    await page.getByTestId("file-input").setInputFiles(path);
    const loaded = await reach("ready");
    const loadGaps = await gaps();
    await page.getByTestId("mode-recommended").click();
    const run = performance.now();
    await page.getByTestId("run-button").click();
    const done = await reach("done");
    await sleep(500); // the charts are drawn after that, and count as well
    const runGaps = await gaps();
    measure();
    return {
      load: (loaded - start) / 1_000,
      run: (done - run) / 1_000,
      loadGap: Math.max(...loadGaps),
      runGap: Math.max(...runGaps),
      long: [...loadGaps, ...runGaps].filter((gap) => gap > 100).length,
      megabytes: peak,
      idle,
      rows: Number(await page.getByTestId("row-count").getAttribute("data-value")),
      anomalies: Number(await page.getByTestId("anomaly-count").getAttribute("data-value")),
    };
  } finally {
    clearInterval(timer);
    await browser.close();
    await server.close();
  }
}

// ---- Python ----

/** The Python of an environment with the peer's packages, or undefined with a plain message. */
function python() {
  const folder = join(CACHE, "venv");
  const bin = join(folder, "bin", "python");
  try {
    if (!existsSync(bin)) execFileSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "scripts/bench-requirements.txt"];
    execFileSync(bin, pip, { stdio: ["ignore", "ignore", "pipe"] });
    return bin;
  } catch (error) {
    console.log(`skipped pandas and scikit-learn: ${String(error.stderr ?? error.message).trim().split("\n").pop()}`);
    return undefined;
  }
}

const inPython = (bin, path) =>
  JSON.parse(execFileSync(bin, ["scripts/bench_peer.py", path], { encoding: "utf8" }).trim().split("\n").pop());

// ---- all of it ----

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function repeat(what, once) {
  const runs = [];
  for (let i = 0; i < RUNS; i += 1) {
    console.log(`  ${what}, run ${i + 1} of ${RUNS}`);
    runs.push(await once());
  }
  return (value) => median(runs.map(value));
}

if (!existsSync(join(DIST, "index.html"))) {
  console.error(`there is no site in ${DIST}: make build`);
  process.exit(1);
}
console.log("== from drop to results");
const path = makeFile();
const size = statSync(path).size / 1e6;
const ours = await repeat("Chromium", () => inBrowser(path));
const bin = python();
const theirs = bin && (await repeat("Python", () => inPython(bin, path)));

const seconds = (value) => `${value.toFixed(1)} s`;
const megabytes = (value) => `${value.toFixed(0)} MB`;
const milliseconds = (value) => `${value.toFixed(0)} ms`;
const stage = (...names) => theirs && seconds(theirs((run) => names.reduce((sum, name) => sum + run.stages[name], 0)));
const table = [
  [`${ROWS.toLocaleString("en")} rows, ${size.toFixed(0)} MB; median of ${RUNS}`, "Flowsift in Chromium", "pandas + scikit-learn"],
  ["load", seconds(ours((run) => run.load)), stage("load")],
  ["scale, fit, score, judge, draw", seconds(ours((run) => run.run)), stage("scale", "fit", "predict")],
  ["from drop to results", seconds(ours((run) => run.load + run.run)), stage("load", "scale", "fit", "predict")],
  ["start-up before that", "–", stage("import")],
  ["most memory, all processes", megabytes(ours((run) => run.megabytes)), theirs && megabytes(theirs((run) => run.megabytes))],
  ["of that, before the file", megabytes(ours((run) => run.idle)), "–"],
  ["longest frame gap while loading", milliseconds(ours((run) => run.loadGap)), "–"],
  ["longest frame gap while running", milliseconds(ours((run) => run.runGap)), "–"],
  ["frame gaps over 100 ms", String(ours((run) => run.long)), "–"],
  ["rows", String(ours((run) => run.rows)), theirs && String(theirs((run) => run.rows))],
  ["anomalies", String(ours((run) => run.anomalies)), theirs && String(theirs((run) => run.anomalies))],
];
console.log("");
for (const [what, a, b] of table) console.log(`${what.padEnd(46)} ${a.padStart(20)} ${(b ?? "skipped").padStart(22)}`);
