// The hierarchy of groups beside Python's, one thread each, of the same rows: the first of a file of synthetic flows. Part of `make bench`.
// `ROWS=8192 FILE=flows.csv node scripts/bench/groups.mjs`
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CACHE, examples, flows } from "./files.mjs";
import { describe, watchLoad } from "./machine.mjs";
import { PEERS, python, pythonVersions } from "./peers.mjs";
import { count, print, times } from "./table.mjs";

/** As many as the page compares. */
const ROWS = Number(process.env.ROWS || 8_192);
const ROUNDS = Number(process.env.ROUNDS || 2);

console.log("== groups");
mkdirSync(CACHE, { recursive: true });
const { groups, sample } = examples(["groups", "sample"]);
const file = process.env.FILE || flows(50_000, sample);
const bin = await python("groups.txt", "groups/venv");
describe(undefined, pythonVersions("groups.txt"));
const busy = watchLoad();
const lastLine = (command, ...args) => {
  const text = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(text.trim().split("\n").pop());
};
const points = join(CACHE, "points.f32");
const found = {};
let told;
for (let round = 0; round < ROUNDS; round += 1) {
  told = lastLine(groups, file, ROWS, points);
  const theirs = bin ? lastLine(bin, join(PEERS, "groups.py"), points, told.features) : {};
  for (const [name, figures] of Object.entries({ ours: told, ...theirs })) {
    found[name] = figures.fit < found[name]?.fit || !found[name] ? figures : found[name];
  }
}
console.log(`${count(told.rows)} rows × ${told.features}, best of ${ROUNDS} rounds`);
const line = ([name, { fit, skipped }]) => [name, skipped ?? `${(fit * 1000).toFixed(0)} ms`, fit && times(fit / found.ours.fit)];
print([["natively", "hierarchy and groups", "÷ ours"], ...Object.entries(found).map(line)]);
busy();
