// Runs tests/browser/*.test.mjs with node's test runner and ends with one line of counts.
import { existsSync, readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const dir = "tests/browser";
const files = existsSync(dir) ? readdirSync(dir).filter((file) => /\.test\.m?js$/.test(file)).map((file) => `${dir}/${file}`) : [];
let passed = 0;
let failed = 0;

// One file at a time: they measure, and share few cores.
const stream = run({ files, concurrency: 1 });
const count = ({ details, skip, todo }) => details.type !== "suite" && skip === undefined && todo === undefined;
stream.on("test:pass", (test) => (passed += count(test)));
stream.on("test:fail", (test) => (failed += count(test)));
stream.on("end", () =>
  // After the reporter's own summary.
  setImmediate(() => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  }),
);
stream.compose(new spec()).pipe(process.stdout);
