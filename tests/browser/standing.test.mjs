// What was found stands until something new replaces it, and whatever fails can be put right.
import assert from "node:assert/strict";
import { flows } from "./data.mjs";
import { beforeWorkers, inWorkers } from "./workers.mjs";
import { site } from "./page.mjs";

/** What a visitor would lose. */
async function results(page) {
  return { count: await page.value("anomaly-count"), rows: await page.value("row-count"), all: await page.downloadText("download-all") };
}

site("a run that is cancelled leaves the results of the one before", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const before = await results(page);
  await page.trainLong();
  assert.equal(await page.value("anomaly-count"), before.count, "they stand while another run is at work");
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  assert.deepEqual(await results(page), before);
  // And they can be looked into as before.
  await page.setThreshold(1, 0);
});

site("a run that fails leaves the results of the one before, and its error can be closed", async (page) => {
  await page.load(flows());
  await page.run("classic");
  const before = await results(page);
  await page.trainLong({ device: "cpu" });
  await inWorkers(page, 1, "close", "flowsift-cpu-trainer");
  await page.get("error").waitFor();
  assert.equal(await page.state(), "error");
  await page.get("close-error").click();
  assert.equal(await page.get("error").count(), 0);
  assert.equal(await page.state(), "done");
  assert.deepEqual(await results(page), before);
}, { before: beforeWorkers(() => {}, { close: (name) => void (self.name === name && self.close()) }) });

site("a file that cannot be read leaves the results of the one before, which can be come back to", async (page) => {
  await page.load(flows());
  await page.run("classic");
  const { count } = await results(page);
  await page.choose({ name: "empty.csv", text: "" });
  await page.waitState("error");
  assert.equal(await page.value("anomaly-count"), count, "they are still in sight");
  assert.equal(await page.get("download-all").isEnabled(), false, "though the workers hold their rows no more");
  await page.get("go-back").click();
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 500);
  await page.run();
  assert.equal(await page.value("anomaly-count"), count);
});

/** Drops a folder: one that never says what is in it, or one that has nothing in it. */
async function dropFolder(page, silent) {
  const dataTransfer = await page.page.evaluateHandle((silent) => {
    const reader = { readEntries: (done) => void (silent || done([])) };
    const folder = { isDirectory: true, isFile: false, name: "logs", fullPath: "/logs", createReader: () => reader };
    DataTransferItem.prototype.webkitGetAsEntry = () => folder;
    const transfer = new DataTransfer();
    transfer.items.add(new File([], "logs"));
    return transfer;
  }, silent);
  await page.get("drop-zone").dispatchEvent("drop", { dataTransfer });
}

site("a folder that is looked through leaves what there is, and gives way to a file that is chosen", async (page) => {
  await page.load(flows());
  await page.run("classic");
  const before = await results(page);
  await dropFolder(page, true);
  await page.waitState("loading");
  assert.equal(await page.value("anomaly-count"), before.count, "results stand meanwhile");
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  assert.deepEqual(await results(page), before);

  await dropFolder(page, true);
  await page.waitState("loading");
  await page.load({ ...flows(60), name: "other.csv" });
  assert.equal(await page.value("row-count"), 60);

  await dropFolder(page, false);
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), /no file/);
  await page.get("close-error").click();
  assert.equal(await page.state(), "ready");
  assert.equal(await page.value("row-count"), 60);
});

site("leaving the page asks while something goes on, and only then", async (page) => {
  const asks = () => page.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
  await page.loadSample();
  assert.equal(await asks(), false);
  await page.trainLong();
  assert.equal(await asks(), true);
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  assert.equal(await asks(), false);
});

const died = [/test: this worker dies/];
site("a worker that dies leaves the results in sight, and the file is read again at a press", async (page) => {
  await page.load(flows());
  await page.run("classic");
  const count = await page.value("anomaly-count");
  const [worker] = page.page.workers();
  await worker.evaluate(() => void setTimeout(() => { throw new Error("test: this worker dies"); }));
  await page.page.waitForFunction(() => !navigator.test); // a turn
  await page.get("run-button").click();
  await page.waitState("error");
  assert.equal(await page.value("anomaly-count"), count);
  await page.get("read-again").click();
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 500);
  await page.run();
  assert.equal(await page.value("anomaly-count"), count);
}, { expected: died });
