// Reading a CSV's number columns into f32: Flowsift beside other readers, natively and in Chromium. Part of `make bench`.
// `RUNS=3 ROWS=100000 FILE=flows.csv DIST=dist node scripts/bench/parsing.mjs`
//
// Each round starts every reader afresh (a process, or a tab in a profile of its own) and has it read the file six times;
// rounds go forwards and backwards in turn. The first read is what a visitor waits for; later ones find code compiled.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { launch } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { columnsOf, examples, flows } from "./files.mjs";
import { describe, watchLoad } from "./machine.mjs";
import { bind, npmVersions, page, PEERS, python, pythonVersions } from "./peers.mjs";
import { DIST, open } from "./site.mjs";
import { count, median, print, seconds, times } from "./table.mjs";

const RUNS = Number(process.env.RUNS || 3);
const READS = 6;
const ROWS = Number(process.env.ROWS || 100_000);

console.log("== reading a CSV into columns of f32");
const { columns: bare, parse, sample } = examples(["columns", "parse", "sample"]);
const path = process.env.FILE || flows(ROWS, sample);
const columns = columnsOf(path);
const bin = await python();
const peers = await page();
if (peers) await bind("columns", peers);
const [ours, theirs] = await Promise.all([serve(DIST), peers && serve(peers)]);
const browser = await launch();
describe(browser, { ...pythonVersions(), ...npmVersions() });

// ---- who reads; each gives { rows, seconds: [...], started?, sum? } ----

const natively = (program, threads) => JSON.parse(execFileSync(program, [path, threads, READS], { encoding: "utf8" }));

const inPython = (peer) =>
  JSON.parse(
    execFileSync(bin, [join(PEERS, "parse.py"), peer, path, READS], {
      encoding: "utf8",
      input: JSON.stringify(columns),
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );

async function onOurPage() {
  const site = await open(await browser.newContext(), ours.url);
  try {
    const seconds = [];
    for (let read = 0; read < READS; read += 1) seconds.push(await site.load(path));
    return { seconds, rows: await site.value("row-count") };
  } finally {
    await site.close();
  }
}

async function onTheirPage(peer, options) {
  const context = await browser.newContext();
  try {
    context.setDefaultTimeout(0);
    const page = await context.newPage();
    await page.goto(theirs.url);
    await page.locator("input").setInputFiles(path);
    return await page.evaluate((given) => globalThis.measure(...given), [peer, options, columns, READS]);
  } finally {
    await context.close();
  }
}

const cores = cpus().length;
const native = [
  ["our reader, one thread", () => natively(bare, 1)],
  [`our reader, ${cores} threads`, () => natively(bare, cores)],
  ["all that the page does, one thread", () => natively(parse, 1)],
  [`all that the page does, ${cores} threads`, () => natively(parse, cores)],
  ["pandas, C reader (one thread)", bin && (() => inPython("pandas"))],
  ["Polars (all cores)", bin && (() => inPython("polars"))],
  ["DuckDB, told types and dialect (all cores)", bin && (() => inPython("duckdb-told"))],
  ["DuckDB (all cores)", bin && (() => inPython("duckdb"))],
];
const chromium = [
  [`our reader, ${cores} workers`, theirs && (() => onTheirPage("flowsift", { workers: cores }))],
  ["our reader, one worker", theirs && (() => onTheirPage("flowsift", { workers: 1 }))],
  ["our page, drop to ready", onOurPage],
  ["JavaScript written by hand", theirs && (() => onTheirPage("handwritten"))],
  ["uDSV", theirs && (() => onTheirPage("udsv"))],
  ["PapaParse", theirs && (() => onTheirPage("papaparse"))],
  ["DuckDB-Wasm, told types and dialect", theirs && (() => onTheirPage("duckdb", { told: true }))],
  ["DuckDB-Wasm", theirs && (() => onTheirPage("duckdb"))],
];
const groups = [native, chromium].map((group) =>
  group.filter(([, read]) => read).map(([name, read]) => ({ name, read, results: [] })),
);
const readers = groups.flat();

// ---- rounds ----

const busy = watchLoad();
for (let round = 0; round < RUNS; round += 1) {
  for (const reader of round % 2 ? readers.toReversed() : readers) {
    process.stderr.write(`  round ${round + 1} of ${RUNS}: ${reader.name}\n`);
    try {
      reader.results.push(await reader.read());
    } catch (error) {
      reader.failed = String(error.message).split("\n")[0];
    }
  }
}
await Promise.all([browser.close(), ours.close(), theirs?.close()]);

// ---- what came of it ----

const pick = (reader, value) => median(reader.results.map(value));
for (const reader of readers.filter(({ failed }) => !failed)) {
  reader.first = pick(reader, (result) => result.seconds[0]);
  reader.again = median(reader.results.flatMap((result) => result.seconds.slice(1)));
  reader.least = Math.min(...reader.results.flatMap((result) => result.seconds));
}
const bytes = statSync(path).size;
const [{ rows }] = readers.flatMap(({ results }) => results);
const named = (name) => readers.find((reader) => reader.name === name && !reader.failed);
const COMPARED = ["again", "least"];
const ratios = (reader, own) => COMPARED.map((kind) => own && times(reader[kind] / own[kind]));
const line = (reader, owns) => {
  const { name, failed, results } = reader;
  if (failed) return [name, failed];
  const started = results[0].started === undefined ? undefined : seconds(pick(reader, (result) => result.started));
  const measured = ["first", "again", "least"].map((kind) => seconds(reader[kind]));
  return [name, started, ...measured, count(bytes / 1e6 / reader.again), ...owns.flatMap((own) => ratios(reader, own))];
};
const { names, numeric } = columns;
console.log(`${count(rows)} rows, ${numeric.length} of ${names.length} columns are numbers, ${count(bytes / 1e6)} MB;`);
console.log(`medians of ${RUNS} rounds, each a first read in a new process or tab and ${READS - 1} more.`);
for (const [where, group, owns] of [
  ["natively", groups[0], { "our reader": "our reader, one thread", "all": "all that the page does, one thread" }],
  ["in Chromium", groups[1], { "our reader": `our reader, ${cores} workers`, "our page": "our page, drop to ready" }],
]) {
  const header = Object.keys(owns).flatMap((own) => COMPARED.map((kind) => `${kind} ÷ ${own}`));
  print([
    [where, "start-up", "first read", "again", "least", "MB/s, again", ...header],
    ...group.map((reader) => line(reader, Object.values(owns).map(named))),
  ]);
}
const pandas = named("pandas, C reader (one thread)");
for (const own of [`our reader, ${cores} workers`, "our page, drop to ready"].map(named)) {
  if (pandas && own) console.log(`\npandas natively ÷ ${own.name}: again ${ratios(pandas, own).join(", least ")}.`);
}
busy();

// A reader that is quick because it lost something is no reader.
const sums = readers.flatMap(({ results }) => results.map((result) => result.sum)).filter((sum) => sum !== undefined);
for (const { name, results } of readers) {
  for (const result of results) {
    const wrong = result.rows !== rows || Math.abs((result.sum ?? sums[0]) - sums[0]) > 1e-6 * Math.abs(sums[0]);
    if (wrong) {
      console.error(`${name} read something else: ${result.rows} rows, sum ${result.sum} (not ${sums[0]})`);
      process.exitCode = 1;
    }
  }
}
