// A tab that is used all day: 25 files, one dropped after the other, leave it as the first one did.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const FILES = 25;
/** By how much memory may grow. (What other kinds of files need beside a plain one is kept: a program's memory never shrinks.) */
const ALLOWED = 0.2;

const { text } = flows(20_000);
const packed = [...gzipSync(text)];
const parquet = [...readFileSync(new URL("../fixtures/parquet/duckdb-snappy.parquet", import.meta.url))];

/** The first and the last are alike; in between comes what takes other ways, by workers of its own or to be refused. */
function file(number) {
  if (number % 5 === 2) return { name: `hour-${number}.csv.gz`, text: packed };
  if (number % 5 === 3) return { name: `hour-${number}.parquet`, text: parquet };
  return { name: `hour-${number}.csv`, text };
}

/** Counts addresses of blobs that were made and not given back. In the page, ahead of its scripts. */
function countAddresses() {
  const open = (window.openAddresses = new Set());
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    open.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    open.delete(url);
    revokeObjectURL.call(URL, url);
  };
}

/** Bytes of memory of the program that runs in a worker. */
const workersMemory = (worker, site) =>
  worker.evaluate(async (site) => {
    const program = ["trainer", "unpacker"].find((name) => self.name === `flowsift-${name}`) ?? "worker";
    // The module is there already, and gives what it began with.
    const { default: init } = await import(new URL(`${program}.js?${globalThis.FLOWSIFT_BUILD}`, site));
    return (await init()).memory.buffer.byteLength;
  }, site);

const pagesMemory = (page) =>
  page.evaluate(async () => {
    const { default: init } = await import(new URL(document.querySelector("script[data-page]").dataset.page, document.baseURI));
    return (await init()).memory.buffer.byteLength;
  });

/** What the tab holds, once what can be thrown away has been. */
async function held(page, session) {
  await page.still();
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (wanted) => metrics.find(({ name }) => name === wanted).value;
  const workers = page.page.workers();
  const programs = await Promise.all(workers.map((worker) => workersMemory(worker, page.page.url())));
  const ofPage = metric("JSHeapUsedSize") + (await pagesMemory(page.page));
  return {
    counts: {
      workers: workers.length,
      addresses: await page.page.evaluate(() => window.openAddresses.size),
      files: await page.page.evaluate(async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("flowsift", { create: true });
        return (await Array.fromAsync(folder.keys())).length;
      }),
    },
    listeners: metric("JSEventListeners"),
    bytes: { page: ofPage, tab: programs.reduce((sum, bytes) => sum + bytes, ofPage) },
  };
}

function checkAlike(now, before, what, allowed = ALLOWED) {
  assert.ok(now <= before * (1 + allowed), `${what}: ${now} and ${before} before`);
}

site(`${FILES} files, one after the other, leave what the first one left`, async (page) => {
  const session = await page.page.context().newCDPSession(page.page);
  await session.send("Performance.enable");
  const seen = [];
  for (let number = 1; number <= FILES; number += 1) {
    await page.drop(file(number));
    await page.run("recommended");
    await page.download("download-anomalies");
    if (number % 5 === 1) seen.push(await held(page, session));
  }
  const [first, sixth] = seen;
  // A worker that is not needed any more takes a moment to end.
  await until(() => page.page.workers().length <= first.counts.workers, () => `${page.page.workers().length} workers, ${first.counts.workers} at first`);
  const last = await held(page, session);
  console.log([...seen, last].map(({ bytes }) => `tab ${(bytes.tab / 1e6).toFixed(1)} MB, page ${(bytes.page / 1e6).toFixed(1)} MB`).join("\n"));
  assert.deepEqual(last.counts, first.counts);
  checkAlike(last.listeners, first.listeners, "listeners");
  checkAlike(last.bytes.tab, first.bytes.tab, "bytes of the tab");
  checkAlike(last.bytes.tab, sixth.bytes.tab, "bytes of the tab after all kinds of files", 0.05);
  // The page's part alone, once the browser has compiled what the page does.
  checkAlike(last.bytes.page, sixth.bytes.page, "bytes of the page");
}, { before: countAddresses, timeout: 240_000 });
