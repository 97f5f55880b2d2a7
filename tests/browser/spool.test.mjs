// What is too large for memory lies in the browser's private storage, and does not stay there.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** The sizes of the files in the site's private storage, by name. */
const stored = (page) =>
  page.page.evaluate(async () => {
    const files = {};
    async function walk(folder, path) {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === "directory") await walk(handle, `${path}${name}/`);
        else files[path + name] = (await handle.getFile()).size;
      }
    }
    try {
      await walk(await navigator.storage.getDirectory(), "");
    } catch (error) {
      if (error.name !== "NotFoundError") throw error; // something was removed meanwhile
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

/** Rows that are more, written out, than is held in memory: packed, as text, and one of them. */
function large() {
  const note = "x".repeat(900);
  const row = (i) => `${100 + ((i * 37) % 50)},${10 + ((i * 53) % 30)}.5,${note}`;
  const rows = 160_000;
  const text = ["a,b,note", ...Array.from({ length: rows }, (_, i) => row(i)), ""].join("\n");
  return { rows, row, text, file: { name: "large.csv.gz", text: gzipSync(text) } };
}

site("what was unpacked and what is downloaded goes to disk and is removed", async (page) => {
  const { rows, row, text, file } = large();
  await page.load(file);
  assert.equal(await page.value("row-count"), rows);
  // The first 64 MiB are in memory.
  const [unpacked] = await waitStored(page, 1);
  assert.ok(unpacked > text.length - 80 * MIB && unpacked < text.length - 60 * MIB, `${unpacked} of ${text.length}`);
  await page.run();

  let earlier = [];
  // While the browser may still copy the first download, the second one leaves it alone; a third, later, removes both.
  for (const round of ["first", "second", "later"]) {
    if (round === "later") {
      for (const worker of page.page.workers()) {
        await worker.evaluate(() => {
          const { now } = Date;
          Date.now = () => now() + 3_600_000;
        });
      }
    }
    const results = await page.download("download-all");
    const lines = results.toString("latin1").split("\n");
    assert.equal(lines.length, rows + 2, round);
    const cells = lines[rows].trimEnd().split(",");
    assert.deepEqual(cells.slice(0, 3), row(rows - 1).split(","), round);
    assert.ok(lines.every((line, at) => at === rows + 1 || line.includes(",")), "no line is cut");
    const files = await stored(page);
    const downloads = Object.keys(files).filter((name) => /download/.test(name));
    const added = downloads.filter((name) => !earlier.includes(name));
    const written = added.reduce((sum, name) => sum + files[name], 0);
    const workers = added.length;
    assert.ok(workers > 0, "the results are too large for memory");
    assert.ok(written > results.length - workers * 80 * MIB && written < results.length - workers * 60 * MIB, `${round}: ${written} of ${results.length}`);
    assert.equal(earlier.every((name) => downloads.includes(name)), round !== "later" , round);
    assert.equal(downloads.length, round === "second" ? 2 * workers : workers, round);
    earlier = downloads;
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
}, { timeout: 240_000 });

site("closing the tab removes what is stored, and so does a button", async (page) => {
  const { file } = large();
  const other = await page.page.context().newPage();
  // A file of the site, not its page, which would tidy up.
  await other.goto(`${page.server.url}manifest.webmanifest`);
  await page.load(file);
  await waitStored(page, 1);
  await page.get("clear-stored").click();
  await waitStored(page, 0);
  await page.waitState("empty");

  await page.load(file);
  await waitStored(page, 1);
  await page.page.close({ runBeforeUnload: true });
  await waitStored({ page: other }, 0);
}, { timeout: 240_000, expected: [/404/] }); // a lone file of the site has no icon