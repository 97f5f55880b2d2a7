// Faults that lose nothing but what they must: full disks, workers that are slow, stopped or left over, a page that panics.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { gzipSync } from "node:zlib";
import { bigFile, flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";
import { beforeWorkers, inWorkers } from "./workers.mjs";

const MIB = 1 << 20;

/** What workers can be asked for here; those that are named, if one is. */
const acts = {
  close: (name) => void (self.name === name && self.close()),
  closeAtNextWord: (name) => void (self.name === name && (self.postMessage = () => self.close())),
  block: ([name, milliseconds]) => {
    for (const end = performance.now() + milliseconds; self.name === name && performance.now() < end; );
  },
  limit: (bytes) => void (self.mayHold = bytes),
  grow: async ([site, pages]) => {
    // The module is there already, and gives what it began with.
    const { default: init } = await import(new URL(`worker.js?${self.FLOWSIFT_BUILD}`, site));
    const { memory } = await init();
    if (pages) memory.grow(pages);
    return memory.buffer.byteLength;
  },
};

/** For workers: memory that is full after `self.mayHold` bytes. */
function shortOfMemory() {
  let held = 0;
  self.Blob = new Proxy(Blob, {
    construct(target, given) {
      const blob = new target(...given);
      if (given[0]?.[0] instanceof Uint8Array && (held += blob.size) > (self.mayHold ?? Infinity)) {
        throw new DOMException("test: no more memory", "QuotaExceededError");
      }
      return blob;
    },
  });
}

/** Refuses, or goes back to allow, what the site stores beyond so many bytes. */
async function setQuota(page, quotaSize) {
  const session = await page.page.context().newCDPSession(page.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.server.url).origin, quotaSize });
}

/** Workers that read the file, once they are started. */
const shards = (page) =>
  until(async () => Number(/\d+/.exec(await page.get("device").innerText())?.[0]), "there are no workers", { within: 60_000 });

async function showsError(page, pattern) {
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), pattern);
}

/** Rows that are more, written out, than is held in memory: packed, and as text. */
function large() {
  const note = "x".repeat(900);
  const row = (i) => `${100 + ((i * 37) % 50)},${10 + ((i * 53) % 30)}.5,${note}`;
  const rows = 80_000 * Math.min(8, Math.max(2, availableParallelism()));
  const text = ["a,b,note", ...Array.from({ length: rows }, (_, i) => row(i)), ""].join("\n");
  return { rows, file: { name: "large.csv.gz", text: gzipSync(text) } };
}

site("a full disk while a download is written, or a file unpacked, is told and loses nothing", async (page) => {
  const { rows, file } = large();
  const count = await shards(page);
  await setQuota(page, 10 * MIB);
  await inWorkers(page, count, "limit", 70 * MIB);
  await page.choose(file);
  await showsError(page, /no room/i);

  await setQuota(page);
  await inWorkers(page, count, "limit");
  await page.load(file);
  assert.equal(await page.value("row-count"), rows);
  await page.run();
  const anomalies = await page.value("anomaly-count");

  await setQuota(page, 1);
  await inWorkers(page, count, "limit", 70 * MIB);
  await page.get("download-all").click();
  await showsError(page, /no room/i);
  assert.doesNotMatch(await page.get("error").innerText(), /internal|report/i);
  assert.equal(await page.value("row-count"), rows, "the file is still there");
  assert.equal(await page.value("anomaly-count"), anomalies, "and the results");

  await setQuota(page);
  await inWorkers(page, count, "limit");
  const written = await page.download("download-all");
  assert.equal(written.toString("latin1").split("\n").length, rows + 2);
}, { before: beforeWorkers(shortOfMemory, acts), timeout: 240_000 });

site("short writes are finished, and where one cannot be taken back that is told", async (page) => {
  const { rows, file } = large();
  await page.load(file);
  await page.run();
  const lines = (await page.download("download-all")).toString("latin1").split("\n");
  assert.equal(lines.length, rows + 2);
  assert.ok(lines.slice(0, -1).every((line) => line.includes(",")), "no line is cut");
  await inWorkers(page, await shards(page), "break");
  await page.get("download-all").click();
  await showsError(page, /no room/i);
  assert.equal(await page.value("row-count"), rows);
}, {
  before: beforeWorkers(
    () => {
      const { write, truncate } = FileSystemSyncAccessHandle.prototype;
      FileSystemSyncAccessHandle.prototype.write = function (bytes, ...rest) {
        if (self.broken) throw new DOMException("test: full", "QuotaExceededError");
        return write.call(this, bytes.subarray(0, Math.ceil(bytes.length / 3)), ...rest);
      };
      FileSystemSyncAccessHandle.prototype.truncate = function (size) {
        if (self.broken) throw new DOMException("test: not now", "InvalidStateError");
        return truncate.call(this, size);
      };
    },
    { break: () => void (self.broken = true) },
  ),
  timeout: 240_000,
});

site("without a private file system results stay in memory", async (page) => {
  const { rows, file } = large();
  await page.load(file);
  await page.run();
  assert.equal((await page.download("download-all")).toString("latin1").split("\n").length, rows + 2);
}, {
  before: beforeWorkers(() => (StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException("test: refused", "SecurityError")))),
  timeout: 240_000,
});

const STAGES = {
  "while it reads": async (page) => {
    // However fast it reads: with the first word of it.
    await inWorkers(page, await shards(page), "closeAtNextWord", "flowsift-0");
    await page.choose(bigFile(flows(20_000).text, 100));
  },
  "while it runs": async (page) => {
    await page.load(bigFile(flows(20_000).text, 100));
    await page.get("run-button").click();
    await page.waitState("running");
    await inWorkers(page, 1, "close", "flowsift-0");
  },
  "while it writes": async (page) => {
    await page.load(bigFile(flows(20_000).text, 100));
    await page.run();
    await page.get("download-all").click();
    await inWorkers(page, 1, "close", "flowsift-0");
  },
};
for (const [when, begin] of Object.entries(STAGES))
  site(`a shard's worker that the browser ends ${when}`, async (page) => {
    await begin(page);
    await showsError(page, /worker stopped/i);
    await page.load(flows());
    assert.equal(await page.value("row-count"), 500);
    await page.run("classic");
    assert.ok((await page.value("anomaly-count")) > 0);
  }, { before: beforeWorkers(() => {}, acts) });

site("workers beside the shards that the browser ends take nothing with them", async (page) => {
  await page.loadSample();
  const rows = await page.value("row-count");
  await page.trainLong({ device: "cpu" });
  await inWorkers(page, 1, "close", "flowsift-cpu-trainer");
  await showsError(page, /trains stopped/i);
  assert.equal(await page.value("row-count"), rows);
  await page.get("detector-isolation-forest").click();
  await page.run();

  await page.choose({ name: "flows.parquet", text: readFileSync(new URL("../fixtures/parquet/duckdb-snappy.parquet", import.meta.url)) });
  await showsError(page, /reads Parquet stopped/i);
  await page.load(flows());
  await page.run("classic");
}, {
  before: beforeWorkers(() => self.name === "flowsift-unpacker" && addEventListener("message", () => self.close()), acts),
});

site("a slow worker is waited for: the file stays, and the next run has the same result", async (page) => {
  await page.load(bigFile(flows(20_000).text, 60));
  const rows = await page.value("row-count");
  await page.run("recommended");
  const anomalies = await page.value("anomaly-count");
  await page.get("run-button").click();
  await page.waitState("running");
  inWorkers(page, 1, "block", ["flowsift-0", 4_000]).catch(() => {});
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  await page.get("run-button").click();
  assert.equal(await page.waitState("done", "cancelled"), "done");
  assert.equal(await page.value("row-count"), rows);
  assert.equal(await page.value("anomaly-count"), anomalies);
}, { before: beforeWorkers(() => {}, acts) });

// Looks for silent workers are 5 seconds apart; here they are 50 milliseconds apart.
const hasty = "const { setTimeout } = window; window.setTimeout = (act, time, ...rest) => setTimeout(act, time === 5000 ? 50 : time, ...rest);";
site("a silent worker is told of, and not ended", async (page) => {
  await page.load(bigFile(flows(20_000).text, 60));
  const rows = await page.value("row-count");
  await page.get("run-button").click();
  await page.waitState("running");
  inWorkers(page, 1, "block", ["flowsift-0", 4_000]).catch(() => {});
  await page.page.getByText(/no word from a worker/i).waitFor();
  await page.waitState("done");
  assert.equal(await page.value("row-count"), rows);
}, { before: hasty + beforeWorkers(() => {}, acts) });

site("late news of a cancelled training is not shown", async (page) => {
  await page.loadSample();
  await page.trainLong({ device: "cpu" });
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  await page.get("detector-isolation-forest").click();
  await page.run();
  assert.equal(await page.get("chart-losses").count(), 0);
}, {
  before: beforeWorkers(() => {
    // What the trainer says comes late.
    const post = self.postMessage.bind(self);
    if (self.name === "flowsift-cpu-trainer") self.postMessage = (...message) => void setTimeout(() => post(...message), 400);
  }),
});

site("twenty changes of the training device leave one trainer", async (page) => {
  await page.load(flows());
  await page.get("detector-autoencoder").click();
  await page.unfold("ae-options");
  await page.get("ae-epochs").fill("1");
  await page.get("ae-epochs").press("Tab");
  const count = await shards(page);
  for (let round = 0; round < 20; round += 1) {
    await page.get("device-choice").selectOption(round % 2 ? "cpu" : "gpu");
    await page.get("run-button").click();
    await page.waitState("done");
  }
  const workers = () => page.page.workers().length;
  await until(() => workers() <= count + 1, () => `${workers()} workers, of which ${count} are shards`);
}, {
  args: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  // A site may have been built without the program that uses the GPU.
  expected: [/404|trainer/],
  timeout: 240_000,
});

site("workers that grew large are started anew for the next file", async (page) => {
  const address = page.server.url;
  const count = await shards(page);
  await page.load(flows());
  const before = await inWorkers(page, count, "grow", [address, 0]);
  const grown = await inWorkers(page, count, "grow", [address, 5_000]);
  assert.ok(Object.values(grown).every((bytes) => bytes > 300 * MIB), JSON.stringify(grown));
  await page.run("classic"); // whose answers tell the page
  await page.load(flows());
  assert.equal(await page.value("row-count"), 500);
  const after = await inWorkers(page, count, "grow", [address, 0]);
  for (const [name, bytes] of Object.entries(after)) assert.ok(bytes < before[name] * 2, `${name}: ${bytes} bytes after ${before[name]}`);
  assert.equal(page.page.workers().length, count);
}, { before: beforeWorkers(() => {}, acts) });

for (const [how, panic] of Object.entries({
  "whose program traps": () => {
    // A function of one instruction: unreachable.
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
    setTimeout(exports.f);
  },
  "whose program panics": () => globalThis.FLOWSIFT_STOP("test: a panic"),
}))
  site(`a page ${how} says so and offers to reload`, async (page) => {
    await page.waitState("empty");
    await page.page.evaluate(panic);
    await page.get("error").waitFor({ state: "visible" });
    assert.match(await page.get("error").innerText(), /cannot go on/);
    await page.get("error").getByRole("button", { name: "Reload" }).click();
    await page.loadSample();
    assert.equal(await page.get("error").count(), 0);
  }, { expected: [/unreachable/] });

site("a part of the page that does not load is told of, and loads when it is asked for again", async (page) => {
  await page.loadSample();
  await page.run();
  assert.match(await (await page.show("part-missing")).innerText(), /did not load/);
  await page.page.evaluate(() => (globalThis.network = true));
  await (await page.show("part-again")).click();
  await page.checkCharts();
  await page.get("chart-timeline").waitFor(); // what only the part asks for
  assert.equal(await page.get("part-missing").count(), 0);
}, {
  expected: [/test: no network/],
  before: () => {
    const { fetch } = globalThis;
    globalThis.fetch = (address, ...rest) =>
      /split_more/.test(address) && !globalThis.network ? Promise.reject(new TypeError("test: no network")) : fetch(address, ...rest);
  },
});
