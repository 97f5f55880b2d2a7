// Files are streamed into buffers that are used again, where the browser can do that. Where it cannot, and where a stream
// breaks off, the same is read in other ways.
import assert from "node:assert/strict";
import { bigFile, flows } from "./data.mjs";
import { site } from "./page.mjs";

/** More than is held ahead of two readers, so that reading has to make room. */
const MEGABYTES = 40;

async function answer(page, file) {
  await page.load(file);
  await page.run("classic");
  return [await page.value("row-count"), await page.value("anomaly-count"), await page.threshold()];
}

const LIMITS = {
  "that fill no buffers of ours": () => {
    const { getReader } = ReadableStream.prototype;
    ReadableStream.prototype.getReader = function (options) {
      if (options?.mode === "byob") throw new TypeError("test: not here");
      self.used = true;
      return getReader.call(this, options);
    };
  },
  "that break off": () => {
    Blob.prototype.stream = function () {
      self.used = true;
      const begun = [this.slice(0, 100_000), undefined];
      return new ReadableStream({
        type: "bytes",
        async pull(controller) {
          const bytes = await begun.shift()?.arrayBuffer();
          if (bytes) controller.enqueue(new Uint8Array(bytes));
          else controller.error(new Error("test: this stream breaks off"));
        },
      });
    };
  },
};

for (const [what, limit] of Object.entries(LIMITS))
  site(`streams ${what}`, async (page) => {
    const file = bigFile(flows(20_000).text, MEGABYTES);
    const whole = await answer(page, file);
    assert.ok(whole[0] > 1_000_000);
    for (const worker of page.page.workers()) await worker.evaluate(limit);
    assert.deepEqual(await answer(page, file), whole);
    for (const worker of page.page.workers()) assert.ok(await worker.evaluate(() => self.used), "it was read that way");
  });
