// Runs tests/browser/*.test.mjs with node's test runner. Ends with the tests that took longest and one line of counts.
// `node scripts/browser-tests.mjs forest keyboard` runs these files alone.
import { readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { FOLDER } from "../tests/browser/evidence.mjs";

const dir = "tests/browser";
const named = process.argv.slice(2).map((name) => `${name}.test.mjs`);
const files = readdirSync(dir).filter((file) => file.endsWith(".test.mjs") && (named.length === 0 || named.includes(file)));
if (files.length < named.length) throw new Error(`not all of these are in ${dir}: ${named.join(", ")}`);
rmSync(FOLDER, { recursive: true, force: true });

let passed = 0;
let failed = 0;
const took = [];

// One file at a time: they measure, and share few cores.
const stream = run({ files: files.map((file) => `${dir}/${file}`), concurrency: 1 });
const count = ({ details, skip, todo }) => details.type !== "suite" && skip === undefined && todo === undefined;
const ended = (test) => {
  if (test.skip === undefined) took.push({ seconds: test.details.duration_ms / 1000, name: test.name });
};
stream.on("test:pass", (test) => {
  passed += count(test);
  ended(test);
});
stream.on("test:fail", (test) => {
  failed += count(test);
  ended(test);
  if (test.todo === undefined) process.exitCode = 1; // also for a suite's hook, which is not a test
});
stream.on("end", () =>
  // After the reporter's own summary.
  setImmediate(() => {
    took.sort((a, b) => b.seconds - a.seconds);
    console.log("the slowest:");
    for (const { seconds, name } of took.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
    console.log(`${passed} passed, ${failed} failed`);
  }),
);
stream.compose(new spec()).pipe(process.stdout);
