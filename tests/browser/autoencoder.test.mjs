// The autoencoder in the browser: without a GPU and with SwiftShader's, the same bits as natively, cancelled, and bereft of
// its worker or its GPU.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkResults, fnv1a } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

const golden = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8"));
// An adapter without a GPU.
const SWIFTSHADER = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

async function choose(page, { mode = "classic", epochs, device, batch } = {}) {
  await page.get("detector-autoencoder").click();
  await page.get(`mode-${mode}`).click();
  if (device) await page.get("device-choice").selectOption(device);
  await page.unfold("ae-options");
  for (const [id, value] of Object.entries({ "ae-epochs": epochs, "ae-batch": batch })) {
    if (value === undefined) continue;
    await page.get(id).fill(String(value));
    await page.get(id).press("Tab");
  }
}

/** Runs in the trainer's worker. */
async function inTrainer(page, act, argument) {
  for (const worker of page.page.workers()) {
    if ((await worker.evaluate(() => self.name)).includes("trainer")) return worker.evaluate(act, argument);
  }
  throw new Error("there is no trainer");
}

/** Bytes of memory that the trainer's program has. */
const trainersMemory = (page) =>
  inTrainer(page, async (url) => {
    const program = self.name.startsWith("flowsift-trainer") ? "trainer" : "worker";
    // The module is there already, and gives what it began with.
    const { default: init } = await import(new URL(`${program}.js?${globalThis.FLOWSIFT_BUILD}`, url));
    return (await init()).memory.buffer.byteLength;
  }, page.server.url);

async function trainingGoesOn(page) {
  await page.waitState("running");
  await page.get("chart-losses").waitFor({ state: "attached", timeout: 60_000 });
}

site("without a GPU: trained, charts painted, downloads right and as natively", async (page) => {
  await page.loadSample();
  await choose(page, { epochs: 3 });
  await page.run();
  await page.checkCharts();
  await page.checkChart("chart-losses");
  assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
  const outcome = await page.outcome();
  assert.equal(outcome.count, golden.autoencoder.anomalies);
  checkResults({ ...outcome, highest: Infinity });
  assert.equal(fnv1a(Buffer.from(outcome.all)), golden.autoencoder.all_rows_fnv1a, "the same bits as natively");
  assert.match(await (await page.show("explanation")).innerText(), /expected/);
  // Back to the forest.
  await page.get("detector-isolation-forest").click();
  await page.run("recommended");
  assert.equal(await page.value("anomaly-count"), golden.recommended.anomalies);
  assert.equal(await page.get("chart-losses").count(), 0);
});

site("a number that is none is said, and nothing runs", async (page) => {
  await page.load(flows());
  await choose(page, { epochs: "many" });
  assert.match(await page.get("ae-problem").innerText(), /many/);
  assert.equal(await page.get("run-button").isEnabled(), false);
  await page.get("ae-reset").click();
  assert.equal(await page.get("run-button").isEnabled(), true);
});

site("a narrow table has a narrower code, which is said before and after; typed layers stay", async (page) => {
  await page.load(flows());
  await choose(page, { mode: "recommended", epochs: 2 });
  assert.match(await page.get("ae-narrow").innerText(), /fewer than 15 features/);
  await page.run();
  const layers = async () => (await page.get("training-note").innerText()).match(/^(\d+)–16–(\d+)–16–\1 /);
  const [, features, code] = await layers();
  assert.ok(features < 15);
  assert.equal(Number(code), Math.ceil(features / 2));
  assert.match(await page.get("run-note").innerText(), new RegExp(`16, ${code}, 16 units`));
  await page.get("ae-hidden").fill("16, 8, 16");
  assert.equal(await page.get("ae-narrow").count(), 0);
  await page.run();
  assert.equal((await layers())[2], "8");
});

site("cancelled while it trains; the file stays and runs again", async (page) => {
  await page.loadSample();
  await choose(page, { epochs: 5000, batch: 32 });
  await page.get("run-button").click();
  await trainingGoesOn(page);
  const start = Date.now();
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  assert.ok(Date.now() - start < 3_000);
  assert.equal(await page.value("row-count"), golden.rows);
  await choose(page, { epochs: 2 });
  await page.run();
  assert.ok((await page.value("anomaly-count")) > 0);
});

site("the worker that trains dies: that is said, and the file stays", async (page) => {
  await page.loadSample();
  await choose(page, { epochs: 5000, device: "cpu" });
  await page.get("run-button").click();
  await trainingGoesOn(page);
  await inTrainer(page, () => void setTimeout(() => { throw new Error("killed by the test"); }));
  await assert.rejects(page.waitState("done"), /killed by the test/);
  assert.equal(await page.value("row-count"), golden.rows);
  await choose(page, { epochs: 2 });
  await page.run();
  assert.ok((await page.value("anomaly-count")) > 0);
});

site("SwiftShader is a program on the processor: not taken unless it is wished for", async (page) => {
  await page.load(flows());
  await choose(page, { mode: "recommended", epochs: 4, device: "gpu" });
  await page.run();
  assert.equal(await page.get("device").getAttribute("data-device"), "webgpu", await page.get("training-note").innerText());
  const scores = async () => checkResults({ ...(await page.outcome()), highest: Infinity }).rows.map(({ score }) => score);
  const there = await scores();

  await page.get("device-choice").selectOption("cpu");
  await page.run();
  assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
  const here = await scores();
  // Both begin with the same weights and see the same rows in the same order: the scores agree to the rounding of sums.
  const apart = here.map((score, row) => Math.abs(score - there[row]) / Math.max(score, 1e-3));
  console.log(`scores of GPU and CPU differ by at most ${Math.max(...apart).toExponential(1)} of themselves`);
  assert.ok(Math.max(...apart) < 0.02);

  await page.get("device-choice").selectOption("fastest");
  await page.run();
  assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
}, { args: SWIFTSHADER, timeout: 400_000 });

site("the GPU's worker dies: the processor trains, with a warning", async (page) => {
  await page.load(flows());
  await choose(page, { mode: "recommended", epochs: 400, device: "gpu" });
  await page.get("run-button").click();
  await trainingGoesOn(page);
  await inTrainer(page, () => void setTimeout(() => { throw new Error("killed by the test"); }));
  await page.waitState("done");
  assert.match(await page.get("training-warning").innerText(), /killed by the test/);
  assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
}, { args: SWIFTSHADER, timeout: 400_000 });

site("the GPU is lost: the processor carries on from the last epoch, with a warning", async (page) => {
  await page.load(flows());
  await choose(page, { mode: "recommended", epochs: 400, device: "gpu" });
  await page.get("run-button").click();
  await trainingGoesOn(page);
  await inTrainer(page, () => {
    const { createCommandEncoder } = GPUDevice.prototype;
    GPUDevice.prototype.createCommandEncoder = function (...args) {
      this.destroy();
      return createCommandEncoder.apply(this, args);
    };
  });
  await page.waitState("done");
  assert.match(await page.get("training-warning").innerText(), /GPU.*carried on/);
  assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
  checkResults({ ...(await page.outcome()), highest: Infinity });
}, { args: SWIFTSHADER, timeout: 400_000, expected: [/./] });

for (const [device, args] of [["cpu", []], ["gpu", SWIFTSHADER]]) {
  site(`200 epochs take no more memory than 20: ${device}`, async (page) => {
    await page.load(flows());
    await choose(page, { mode: "classic", epochs: 20, device, batch: 128 });
    await page.run();
    const before = await trainersMemory(page);
    await choose(page, { epochs: 200 });
    await page.run();
    assert.equal(await page.get("chart-losses").count(), 1);
    assert.equal(await trainersMemory(page), before);
  }, { args, timeout: 400_000 });
}
