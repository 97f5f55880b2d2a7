// A file from drop to results to download: the release site in Chromium beside pandas and scikit-learn. Part of `make bench`.
// `SIZES=200MB,1GB,full RUNS=3 FILE=flows.csv DIST=dist node scripts/bench/end-to-end.mjs`
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, launchIn } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { CACHE, examples, flows } from "./files.mjs";
import { describe, watchLoad } from "./machine.mjs";
import { watchMemory } from "./memory.mjs";
import { PEERS, python, pythonVersions } from "./peers.mjs";
import { DIST, open } from "./site.mjs";
import { count, median, megabytes, milliseconds, print, seconds, times } from "./table.mjs";

/** Rows of a file, and how often it is run; "full" has as many as the Unicauca file. */
const SIZES = {
  "200MB": { rows: 418_000, runs: 3 },
  "1GB": { rows: 2_090_000, runs: 1 },
  full: { rows: 3_577_296, runs: 1 },
};

async function inChromium(path) {
  const server = await serve(DIST);
  const profile = mkdtempSync(join(tmpdir(), "flowsift-profile-"));
  const browser = await launchIn(profile);
  const memory = watchMemory();
  try {
    const site = await open(browser, server.url);
    const idle = memory.peak();
    await site.gaps();
    const load = await site.load(path);
    const loadGap = Math.max(...(await site.gaps()));
    const run = await site.run();
    await new Promise((drawn) => setTimeout(drawn, 500)); // the charts are drawn after that, and count as well
    const runGap = Math.max(...(await site.gaps()));
    const results = memory.peak();
    const { offered, written, size } = await site.download();
    const downloadGap = Math.max(...(await site.gaps()));
    return {
      ...{ load, run, offered, written, size, loadGap, runGap, downloadGap },
      ...{ idle, results, most: memory.peak() },
      rows: await site.value("row-count"),
      anomalies: await site.value("anomaly-count"),
    };
  } finally {
    memory.stop();
    await browser.close();
    rmSync(profile, { recursive: true });
    await server.close();
  }
}

function inPython(bin, path) {
  const out = join(CACHE, "results.csv");
  try {
    return JSON.parse(execFileSync(bin, [join(PEERS, "detect.py"), path, out], { encoding: "utf8" }));
  } finally {
    rmSync(out, { force: true });
  }
}

/** Runs both in turn, forwards and backwards, and prints a table. */
async function measure(path, runs, bin) {
  const contenders = [
    { name: "Chromium", once: () => inChromium(path), results: [] },
    ...(bin ? [{ name: "Python", once: () => inPython(bin, path), results: [] }] : []),
  ];
  const busy = watchLoad();
  for (let run = 0; run < runs; run += 1) {
    for (const contender of run % 2 ? contenders.toReversed() : contenders) {
      process.stderr.write(`  run ${run + 1} of ${runs}: ${contender.name}\n`);
      try {
        contender.results.push(await contender.once());
      } catch (error) {
        console.log(`${contender.name} failed: ${String(error.message).split("\n")[0]}`);
      }
    }
  }
  const [ours, theirs] = contenders.map(({ results }) => (value) => results.length ? median(results.map(value)) : undefined);
  const figure = (format, value, peer) => {
    const [a, b] = [ours(value), peer && theirs?.(peer)];
    const shown = [a, b].map((figure) => (figure === undefined ? undefined : format(figure)));
    return [...shown, format === seconds && a && b ? times(b / a) : undefined];
  };
  const size = statSync(path).size / 1e6;
  const drop = (run) => run.load + run.run;
  const peerDrop = (run) => run.load + run.scale + run.fit + run.score;
  print([
    [`${count(size)} MB, median of ${runs}`, "Flowsift in Chromium", "pandas + scikit-learn", "theirs ÷ ours"],
    ["load", ...figure(seconds, (run) => run.load, (run) => run.load)],
    ["scale, fit, score, judge, draw", ...figure(seconds, (run) => run.run, (run) => run.scale + run.fit + run.score)],
    ["**from drop to results**", ...figure(seconds, drop, peerDrop)],
    ["rows/s, to results", ...figure(count, (run) => run.rows / drop(run), (run) => run.rows / peerDrop(run))],
    ["MB/s, to results", ...figure(count, (run) => size / drop(run), (run) => size / peerDrop(run))],
    ["all rows with results: until the browser offers them", ...figure(seconds, (run) => run.offered)],
    ["all rows with results: until they are on the disk", ...figure(seconds, (run) => run.written, (run) => run.write)],
    ["size of that file", ...figure(megabytes, (run) => run.size / 1e6, (run) => run.size / 1e6)],
    ["most memory before the file, all processes", ...figure(megabytes, (run) => run.idle, (run) => run.idle)],
    ["most memory to results", ...figure(megabytes, (run) => run.results, (run) => run.results)],
    ["most memory to the end", ...figure(megabytes, (run) => run.most, (run) => run.most)],
    ["longest frame gap: loading", ...figure(milliseconds, (run) => run.loadGap)],
    ["longest frame gap: running", ...figure(milliseconds, (run) => run.runGap)],
    ["longest frame gap: writing", ...figure(milliseconds, (run) => run.downloadGap)],
    ["start-up before all that", ...figure(seconds, () => undefined, (run) => run.import)],
    ["rows", ...figure(count, (run) => run.rows, (run) => run.rows)],
    ["anomalies", ...figure(count, (run) => run.anomalies, (run) => run.anomalies)],
  ]);
  busy();
}

console.log("== from drop to results to download");
const { sample } = examples();
const bin = await python();
const browser = await launch();
describe(browser, pythonVersions());
await browser.close();
const { FILE, RUNS, SIZES: names = "200MB" } = process.env;
if (FILE) {
  await measure(FILE, Number(RUNS || 1), bin);
} else {
  for (const name of names.split(",")) {
    const { rows, runs } = SIZES[name];
    await measure(flows(rows, sample), Number(RUNS || runs), bin);
  }
}
