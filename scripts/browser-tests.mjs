// Runs tests/browser/*.test.mjs with node's test runner. Ends with the tests that took longest and one line of counts.
// `node scripts/browser-tests.mjs forest keyboard` runs these files alone, one after the other, with whole traces.
import { readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { FOLDER } from "../tests/browser/evidence.mjs";

const dir = "tests/browser";
const named = process.argv.slice(2).map((name) => `${name}.test.mjs`);
const files = readdirSync(dir).filter((file) => file.endsWith(".test.mjs") && (named.length === 0 || named.includes(file)));
if (files.length < named.length) throw new Error(`not all of these are in ${dir}: ${named.join(", ")}`);
rmSync(FOLDER, { recursive: true, force: true });

// Those that measure memory, fill what there is of it, or must catch a moment have the machine to themselves. The others, two at a time:
// each file has browsers and servers of its own. Those that take longest come first.
const ALONE = ["cancel", "engines", "faults", "leaks", "spool", "streams"];
const LONG = ["autoencoder", "corpus", "axe", "incomplete", "models", "review", "traffic", "runs", "help", "layout"];
const rank = (file) => (LONG.indexOf(file.split(".")[0]) + LONG.length + 1) % (LONG.length + 1);
const alone = files.filter((file) => named.length > 0 || ALONE.includes(file.split(".")[0]));
const together = files.filter((file) => !alone.includes(file)).sort((a, b) => rank(a) - rank(b));
// Pictures of the page at every step take a fifth of the processor time: only whoever looks closer wants them.
if (named.length === 0) process.env.TRACE ??= "steps";

let passed = 0;
let failed = 0;
const took = [];

const count = ({ details, skip, todo }) => details.type !== "suite" && skip === undefined && todo === undefined;
const ended = (test) => {
  if (test.skip === undefined) took.push({ seconds: test.details.duration_ms / 1000, name: test.name });
};

/** Runs files, so many at a time, to their end. */
async function runFiles(files, concurrency) {
  if (files.length === 0) return;
  const stream = run({ files: files.map((file) => `${dir}/${file}`), concurrency });
  stream.on("test:pass", (test) => {
    passed += count(test);
    ended(test);
  });
  stream.on("test:fail", (test) => {
    failed += count(test);
    ended(test);
    if (test.todo === undefined) process.exitCode = 1; // also for a suite's hook, which is not a test
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
}

await runFiles(alone, 1);
await runFiles(together, 2);
took.sort((a, b) => b.seconds - a.seconds);
console.log("the slowest:");
for (const { seconds, name } of took.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
console.log(`${passed} passed, ${failed} failed`);
