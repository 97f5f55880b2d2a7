// Cancelling a big file at every stage, and replacing it while it loads.
import assert from "node:assert/strict";
import { bigFile, flows, withoutResults } from "./data.mjs";
import { site } from "./page.mjs";

// A second is what is promised; three are what a shared machine is allowed.
const PATIENCE = 3_000;

/** Cancels what `begin` begins as soon as it got somewhere: in the page, for what takes a second may be over before a click. */
async function cancel(page, begin) {
  const pressed = page.page.evaluate(async () => {
    const get = (name) => document.querySelector(`[data-testid=${name}]`);
    const end = performance.now() + 60_000;
    while (!(Number(get("progress")?.getAttribute("aria-valuenow")) > 0)) {
      if (performance.now() > end) throw new Error("no progress is shown");
      await new Promise((turn) => setTimeout(turn));
    }
    get("cancel-button").click();
  });
  await begin();
  await pressed;
  const start = Date.now();
  await page.waitState("cancelled");
  const took = Date.now() - start;
  console.log(`cancelled after ${took} ms`);
  assert.ok(took < PATIENCE, `${took} ms to cancel`);
}

site("cancel while reading, while running; replace while reading", async (page) => {
  await page.loadSample();
  await page.run("classic");
  // Large enough that it is still being read when the button is pressed.
  const path = bigFile(withoutResults(await page.downloadText("download-all")), 320);
  const file = flows();

  // While it is read.
  await cancel(page, () => page.choose(path));
  assert.equal(await page.get("download-all").isEnabled().catch(() => false), false, "nothing half-done is offered");
  await page.load(file);
  await page.run("classic");
  assert.ok((await page.value("anomaly-count")) > 0);

  // Another file while it is read.
  await page.choose(path);
  await page.load(file);
  assert.equal(await page.value("row-count"), 500);
  await page.run("recommended");

  // While it is scored: the file stays, and runs again.
  await page.load(path);
  const rows = await page.value("row-count");
  assert.ok(rows >= 300_000);
  await cancel(page, () => page.get("run-button").click());
  assert.equal(await page.value("row-count"), rows);

  // Run again at once, while the workers still give up: the cancel must not end the new run as well.
  await page.get("mode-classic").click();
  await page.get("run-button").click();
  await page.waitState("running");
  await page.page.evaluate(async () => {
    const button = (name) => document.querySelector(`[data-testid=${name}-button]`);
    button("cancel").click();
    while (button("run").disabled) await new Promise((turn) => setTimeout(turn));
    button("run").click();
  });
  await page.waitState("running", "done");
  assert.equal(await page.waitState("done", "cancelled"), "done");
  // Duplicates tie, so fewer than 5 % may lie above the 95th percentile, but not many fewer.
  const count = await page.value("anomaly-count");
  assert.ok(count > rows * 0.045 && count <= rows * 0.05, `${count} of ${rows}`);
}, { timeout: 240_000 });
