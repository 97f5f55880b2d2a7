// Every file that was made to break parsers, and those of other tools, one after the other in one page: read or refused
// as tests/fixtures/shared_data.tsv says, and the page alive to the end.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const ROOT = "../shared/data";
const skip = existsSync(ROOT) ? false : `${ROOT} is not on this machine`;
const [header, ...lines] = readFileSync("tests/fixtures/shared_data.tsv", "utf8").trimEnd().split("\n");
const names = header.split("\t");
const files = lines
  .map((line) => Object.fromEntries(line.split("\t").map((cell, i) => [names[i], cell])))
  .filter(({ path }) => /^(csv-torture|other-formats)\//.test(path));

/** What the page makes of a file: its counts, or a refusal. */
async function outcome(page, path) {
  // What was there before is gone once a file is chosen, so a state that is seen from then on is this file's.
  await page.choose(path);
  const seen = async () => {
    const state = await page.state();
    const name = await page.page.evaluate(() => document.querySelector(".file-name")?.title);
    if (state === "error") return "refused";
    if (state === "ready" && path.endsWith(name)) {
      const [rows, left, columns] = await Promise.all(["row-count", "skipped-count", "column-count"].map((id) => page.value(id)));
      return `${rows + left} records, ${left} left out, ${columns} columns`;
    }
  };
  return until(seen, "nothing", { within: 30_000, every: 5 }).catch((error) => error.message);
}

site("the whole corpus in one page", async (page) => {
  assert.ok(files.length > 400, "the table has them");
  const different = [];
  for (const { path, outcome: wanted, records, columns, left_out: left } of files) {
    const expected = wanted === "read" ? `${records} records, ${left} left out, ${columns} columns` : "refused";
    const found = await outcome(page, `${ROOT}/${path}`);
    if (found !== expected) different.push(`${path}: ${found} instead of ${expected}`);
  }
  assert.deepEqual(different, []);
  await page.loadSample();
  assert.equal(await page.value("row-count"), 50_000);
}, { skip, timeout: 900_000 });
