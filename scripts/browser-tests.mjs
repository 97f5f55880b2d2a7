// Runs tests/browser/*.test.mjs with node's test runner and ends with one line of counts.
import { existsSync, readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const dir = "tests/browser";
const files = existsSync(dir) ? readdirSync(dir).filter((file) => /\.test\.m?js$/.test(file)).map((file) => `${dir}/${file}`) : [];
if (files.length === 0) {
  console.log(`no tests in ${dir} yet\n0 passed, 0 failed`);
  process.exit();
}
let passed = 0;
let failed = 0;

// One file at a time: they measure, and share few cores.
const stream = run({ files, concurrency: 1 });
const count = ({ details, skip, todo }) => details.type !== "suite" && skip === undefined && todo === undefined;
stream.on("test:pass", (test) => (passed += count(test)));
stream.on("test:fail", (test) => {
  failed += count(test);
  if (test.todo === undefined) process.exitCode = 1; // also for a suite's hook, which is not a test
});
stream.on("end", () =>
  // After the reporter's own summary.
  setImmediate(() => console.log(`${passed} passed, ${failed} failed`)),
);
stream.compose(new spec()).pipe(process.stdout);
