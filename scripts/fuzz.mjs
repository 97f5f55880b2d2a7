// Fuzzes what reads bytes from a file (fuzz/fuzz_targets), each target for TIME seconds or RUNS inputs; TARGET=records,json for
// some of them. What is found stays in the cache and is where the next run begins. `--same` tries a few inputs, the same ones
// every time and on every machine, so that a check does not fail because of luck.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const crate = join(root, "fuzz");
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowsift/fuzz");
const fixtures = (folder) => join(root, "tests/fixtures", folder);
const others = join(root, "../shared/data");

// The longest input of each in bytes, how many are some, and what it begins with beside `fuzz/seeds/NAME`.
const TARGETS = {
  sniff: { longest: 1 << 13, some: 2_000, seeds: [fixtures("snippets"), others] },
  records: { longest: 1 << 10, some: 20_000, seeds: [fixtures("snippets"), others] },
  cells: { longest: 1 << 9, some: 30_000, seeds: [] },
  times: { longest: 1 << 8, some: 60_000, seeds: [] },
  json: { longest: 1 << 13, some: 20_000, seeds: [fixtures("snippets"), others] },
  packed: { longest: 1 << 14, some: 20_000, seeds: [fixtures("snippets"), others] },
  parquet: { longest: 1 << 16, some: 5_000, seeds: [fixtures("parquet")] },
  model: { longest: 1 << 14, some: 30_000, seeds: [] },
  table: { longest: 1 << 12, some: 2_000, seeds: [fixtures("snippets"), join(crate, "seeds/packed"), others] },
};
// Seconds and megabytes that one input may take.
const SLOWEST = 20;
const LARGEST = 2048;

const names = process.env.TARGET?.split(",") ?? Object.keys(TARGETS);
for (const name of names.filter((name) => !TARGETS[name])) {
  console.error(`there is no target ${name}; these are: ${Object.keys(TARGETS).join(" ")}`);
  process.exit(1);
}
const same = process.argv.includes("--same");
const limit = process.env.RUNS ? [`-runs=${process.env.RUNS}`] : [`-max_total_time=${process.env.TIME || 10}`];

const env = { ...process.env };
for (const name of ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"]) delete env[name]; // the crate's own are needed
const target = join(crate, "target");
const bins = names.flatMap((name) => ["--bin", name]);
const build = ["build", "--quiet", "--locked", "--release", "--target-dir", target, ...bins];
execFileSync("cargo", build, { cwd: crate, env, stdio: "inherit" });
const host = execFileSync("rustc", ["--print", "host-tuple"], { cwd: crate, encoding: "utf8" }).trim();

/** Runs a target; says in a line what came of it, and whether nothing was found. */
async function run(name) {
  const { longest, some, seeds } = TARGETS[name];
  const corpus = same ? mkdtempSync(join(tmpdir(), "flowsift-fuzz-")) : join(cache, name, "corpus");
  const found = join(cache, name, "found");
  for (const folder of [corpus, found]) mkdirSync(folder, { recursive: true });
  const program = join(target, host, "release", name);
  const given = [join(crate, "seeds", name), ...seeds].filter(existsSync);
  const options = [...(same ? ["-seed=1", `-runs=${some}`] : limit), `-max_len=${longest}`, `-timeout=${SLOWEST}`, `-rss_limit_mb=${LARGEST}`];
  const begun = Date.now();
  const fuzzer = spawn(program, [...options, `-artifact_prefix=${found}/`, "-print_final_stats=1", corpus, ...given]);
  let told = "";
  for (const stream of [fuzzer.stdout, fuzzer.stderr]) stream.on("data", (text) => (told = (told + text).slice(-100_000)));
  const code = await new Promise((ended) => fuzzer.on("close", ended));
  const seconds = Math.round((Date.now() - begun) / 1000);
  const runs = /number_of_executed_units: (\d+)/.exec(told)?.[1];
  const edges = [...told.matchAll(/ cov: (\d+)/g)].at(-1)?.[1];
  const line = `${name.padEnd(8)} ${runs ?? "?"} inputs in ${seconds} s, ${edges ?? "?"} edges, ${readdirSync(corpus).length} inputs kept`;
  if (same) rmSync(corpus, { recursive: true });
  if (code === 0) {
    console.log(`  ${line}`);
    return true;
  }
  const input = /Test unit written to (.*)/.exec(told)?.[1];
  console.log(`${told}\n  ${line}: FOUND${input ? `; to see it again: ${program} ${input}` : ""}`);
  return false;
}

const waiting = [...names];
let failed = false;
const worker = async () => {
  for (let name; (name = waiting.shift()); ) if (!(await run(name))) failed = true;
};
await Promise.all(Array.from({ length: Number(process.env.JOBS) || availableParallelism() }, worker));
process.exitCode = failed ? 1 : 0;
