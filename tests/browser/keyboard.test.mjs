// The whole job without a mouse, and the focus can be seen.
import assert from "node:assert/strict";
import { results } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** The `data-testid` of the element that has the focus, or of the nearest one around it. */
const focused = (page) =>
  page.page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid ?? document.activeElement?.tagName);

/** Goes on with the Tab key until one of these has the focus, and checks that this can be seen. */
async function tabTo(page, ...ids) {
  const passed = [];
  for (let steps = 0; steps < 80; steps += 1) {
    const at = await focused(page);
    if (ids.includes(at)) {
      await checkFocusShows(page, at);
      return;
    }
    passed.push(at);
    await page.page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reaches ${ids.join(" or ")}: ${passed.join(", ")}`);
}

/** The surroundings of the focused element look different once it has lost the focus. */
async function checkFocusShows(page, id) {
  const box = await page.page.evaluate(() => {
    const element = document.activeElement;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    // A control may be hidden behind its label.
    const shown = [element, element.closest("label"), ...(element.labels ?? []), element.parentElement].filter(Boolean);
    const largest = shown.map((e) => e.getBoundingClientRect()).reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    const { x, y, width, height } = largest;
    return { x: x - 6, y: y - 6, width: width + 12, height: height + 12 };
  });
  const view = page.page.viewportSize();
  const clip = { x: Math.max(0, box.x), y: Math.max(0, box.y) };
  clip.width = Math.min(view.width, box.x + box.width) - clip.x;
  clip.height = Math.min(view.height, box.y + box.height) - clip.y;
  const picture = async () => (await page.still(), page.page.screenshot({ clip }));
  const focus = await picture();
  const element = await page.page.evaluateHandle(() => document.activeElement);
  await element.evaluate((element) => element.blur());
  const without = await picture();
  await element.evaluate((element) => element.focus({ focusVisible: true }));
  assert.ok(!focus.equals(without), `the focus on ${id} can be seen`);
}

/** What some flows score above, and not all. */
const THRESHOLD = 0.5;

site("a file is chosen, run, judged and saved by keyboard", async (page) => {
  const { keyboard } = page.page;
  const { name, text } = flows();
  // Listening from here on, because the browser needs a while to begin to tell.
  const chooser = page.page.waitForEvent("filechooser", { timeout: 0 });
  await tabTo(page, "file-input", "drop-zone");
  await keyboard.press("Enter");
  await (await chooser).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.waitState("ready");

  await tabTo(page, "mode-classic");
  await keyboard.press("Space");
  await tabTo(page, "run-button");
  await keyboard.press("Enter");
  await page.waitState("done");

  const before = await page.value("anomaly-count");
  await tabTo(page, "threshold-input");
  await keyboard.press("Control+A");
  await keyboard.type("0.9999");
  await keyboard.press("Enter");
  await page.waitCount(0);
  assert.ok(before > 0);
  await keyboard.press("Control+A");
  await keyboard.type(String(THRESHOLD));
  await keyboard.press("Enter");

  await until(async () => (await page.value("anomaly-count")) > 0, "no anomalies");

  // Fewer flows by a filter; the file that is saved holds these.
  await tabTo(page, "filter-input");
  await keyboard.type("Bytes>1000");
  await keyboard.press("Enter");
  const left = async () => Number(await page.get("filter-count").getAttribute("data-value"));
  await until(async () => (await left()) > 0 && (await left()) < 500, async () => `the filter leaves ${await left()}`);
  await tabTo(page, "download-anomalies");
  const waiting = page.page.waitForEvent("download");
  await keyboard.press("Enter");
  const saved = await (await waiting).createReadStream();
  const written = Buffer.concat(await saved.toArray()).toString("utf8");
  const { rows } = results(written);
  assert.ok(rows.length > 0 && rows.length <= (await left()));
  assert.ok(rows.every((row) => row.score > THRESHOLD && Number(row.cells[4]) > 1000));

  // In another order, and one of them looked at.
  await tabTo(page, "anomaly-table");
  await keyboard.press("Enter");
  await page.get("anomaly-table").locator("th[aria-sort]").first().waitFor();
  await until(async () => {
    if (await page.page.evaluate(() => document.activeElement.matches("tbody tr"))) return true;
    await keyboard.press("Tab");
  }, "Tab never reaches a row");
  const earlier = await page.get("explanation").innerText();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await until(async () => (await page.get("explanation").innerText()) !== earlier, "no other flow is explained");
});

site("the sample by keyboard", async (page) => {
  await tabTo(page, "sample-button");
  await page.page.keyboard.press("Enter");
  await page.waitState("ready");
  await tabTo(page, "run-button");
  await page.page.keyboard.press("Space");
  await page.waitState("done");
  assert.ok((await page.value("anomaly-count")) >= 0);
});
