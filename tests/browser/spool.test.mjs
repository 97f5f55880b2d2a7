// What is too large for memory lies in the browser's private storage, and does not stay there.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** The sizes of the files in the site's private storage, by name. */
const stored = (page) =>
  page.page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const files = {};
    try {
      for await (const [name, handle] of (await root.getDirectoryHandle("flowsift")).entries()) {
        files[name] = (await handle.getFile()).size;
      }
    } catch (error) {
      if (error.name !== "NotFoundError") throw error;
    }
    return files;
  });

/** Waits until so many files are stored. */
async function waitStored(page, count) {
  let files;
  const there = async () => Object.keys((files = await stored(page))).length === count;
  await until(there, () => `${JSON.stringify(files)} instead of ${count} files`);
  return Object.values(files).toSorted((a, b) => a - b);
}

const MIB = 1 << 20;

site("what was unpacked and what is downloaded goes to disk and is removed", async (page) => {
  const note = "x".repeat(900);
  const row = (i) => `${100 + ((i * 37) % 50)},${10 + ((i * 53) % 30)}.5,${note}`;
  const rows = 160_000;
  const text = ["a,b,note", ...Array.from({ length: rows }, (_, i) => row(i)), ""].join("\n");
  await page.load({ name: "large.csv.gz", text: gzipSync(text) });
  assert.equal(await page.value("row-count"), rows);
  // The first 64 MiB are in memory.
  const [unpacked] = await waitStored(page, 1);
  assert.ok(unpacked > text.length - 80 * MIB && unpacked < text.length - 60 * MIB, `${unpacked} of ${text.length}`);
  await page.run();

  for (const round of ["first", "again"]) {
    const results = await page.download("download-all");
    const lines = results.toString("latin1").split("\n");
    assert.equal(lines.length, rows + 2, round);
    const cells = lines[rows].trimEnd().split(",");
    assert.deepEqual(cells.slice(0, 3), row(rows - 1).split(","), round);
    assert.ok(lines.every((line, at) => at === rows + 1 || line.includes(",")), "no line is cut");
    const files = await stored(page);
    const written = Object.values(files).reduce((sum, size) => sum + size, 0) - unpacked;
    const workers = Object.keys(files).length - 1;
    assert.ok(workers > 0, "the results are too large for memory");
    assert.ok(written > results.length - workers * 80 * MIB && written < results.length - workers * 60 * MIB, `${round}: ${written} of ${results.length}`);
  }
  const before = Object.keys(await stored(page)).length;
  await page.load(flows());
  await waitStored(page, before - 1);

  // Another tab leaves alone what this one needs; the next visit finds nothing.
  const other = await page.page.context().newPage();
  await other.goto(page.server.url);
  await other.getByTestId("sample-button").click();
  await other.locator("[data-testid=status][data-state=ready]").waitFor();
  await waitStored(page, before - 1);
  await other.close();
  await page.page.reload();
  await waitStored(page, 0);
});
