// Axe (https://github.com/dequelabs/axe-core) finds nothing serious: every state and every tab, light and dark, wide and narrow.
import assert from "node:assert/strict";
import axe from "axe-core";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

/** What axe finds serious or critical in the page as it is, by all its rules or by the `rules` named. */
async function faults(page, rules) {
  // Evaluated, because the policy lets no script in that is not the site's own.
  if (!(await page.page.evaluate(() => Boolean(window.axe)))) await page.page.evaluate(axe.source);
  const options = { resultTypes: ["violations"], preload: false, ...(rules && { runOnly: rules }) };
  const { violations } = await page.page.evaluate((options) => window.axe.run(document, options), options);
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target} ${any[0]?.message ?? ""}`));
}

/** Every tab, scheme and width of a state; `brief` ones are looked at in the tab that is open. */
async function check(page, state, { brief = false } = {}) {
  const found = [];
  for (const [width, height] of [[1440, 900], [390, 844]]) {
    await page.page.setViewportSize({ width, height });
    const tabs = brief ? [] : await page.tabs();
    for (const tab of tabs.length > 0 ? tabs : [undefined]) {
      if (tab) await page.tab(tab);
      // In the dark, only colours differ.
      for (const [colorScheme, rules] of [["dark", ["color-contrast"]], ["light"]]) {
        await page.page.emulateMedia({ colorScheme });
        await page.still();
        for (const fault of await faults(page, rules)) found.push(`${state} ${tab ?? ""} ${width} ${colorScheme}: ${fault}`);
      }
    }
  }
  assert.ok((await page.state()) === state, `it is ${await page.state()} by now, not ${state}`);
  assert.deepEqual(found, []);
}

site("axe finds nothing serious", async (page) => {
  await page.waitState("empty");
  // A picture without words and a text that can hardly be read are found.
  await page.page.evaluate(() => {
    document.querySelector("main, body").insertAdjacentHTML("beforeend", '<p id="bad"><img src="icons/icon.svg"><span id="pale">pale</span></p>');
    document.querySelector("#pale").style.cssText = "color: #eee; background: #fff";
  });
  const planted = (await faults(page)).join("\n");
  assert.match(planted, /image-alt/);
  assert.match(planted, /color-contrast/);
  await page.page.evaluate(() => document.querySelector("#bad").remove());

  await check(page, "empty");
  await page.choose({ name: "no-rows.csv", text: "Duration,Bytes\n" });
  await page.waitState("error");
  await check(page, "error");

  // A file that the workers cannot get at, as on a disk that is asleep.
  await page.loadSample();
  for (const worker of page.page.workers()) {
    await worker.evaluate(() => {
      Blob.prototype.stream = () => new ReadableStream({ type: "bytes", pull: () => new Promise(() => {}) });
      Blob.prototype.arrayBuffer = () => new Promise(() => {});
    });
  }
  await page.choose(flows());
  await page.waitState("loading");
  await check(page, "loading", { brief: true });
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  await check(page, "cancelled");

  await page.page.reload(); // with other workers
  await page.loadSample();
  await check(page, "ready");
  for (const id of ["reading", "columns"]) await page.unfold(id);
  await check(page, "ready");
  await page.run("recommended");
  await (await page.show("anomaly-table")).getByRole("row").nth(1).click();
  await check(page, "done");

  await page.get("detector-autoencoder").click();
  await page.unfold("ae-options");
  for (const [id, value] of [["ae-epochs", 5000], ["ae-batch", 32], ["ae-patience", ""]]) {
    await page.get(id).fill(String(value));
    await page.get(id).press("Tab");
  }
  await page.get("run-button").click();
  await page.waitState("running");
  await check(page, "running", { brief: true });
  await page.get("cancel-button").click();
  await page.waitState("cancelled");
  await check(page, "cancelled");
}, { timeout: 600_000 });
