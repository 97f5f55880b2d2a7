// Tabs: what is open, in the address too; by keyboard; charts are drawn when they are first seen.
import assert from "node:assert/strict";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

const TABS = ["findings", "explore", "data", "models"];

const open = (page) =>
  page.page.evaluate((tabs) => tabs.filter((tab) => {
    const panel = document.getElementById(`panel-${tab}`);
    return panel && panel.checkVisibility();
  }), TABS);

site("no tab is empty, and the address says which one is open", async (page) => {
  for (const tab of TABS) assert.equal(await page.get(`tab-${tab}`).count(), 0);
  await page.load(flows());
  assert.deepEqual(await open(page), ["data"]);
  assert.equal(await page.get("tab-findings").count(), 0);
  await page.run("classic");
  assert.deepEqual(await open(page), ["findings"]);
  for (const tab of TABS) {
    await page.get(`tab-${tab}`).click();
    assert.deepEqual(await open(page), [tab]);
    assert.equal(new URL(page.page.url()).hash, `#${tab}`);
    assert.equal(await page.get(`tab-${tab}`).getAttribute("aria-selected"), "true");
  }
  await page.page.goBack();
  assert.deepEqual(await open(page), ["data"]);
  // Other files: what is not there is not open, and comes back with the next results.
  await page.load({ ...flows(), name: "other.csv" });
  assert.deepEqual(await open(page), ["data"]);
});

site("tabs by keyboard", async (page) => {
  await page.load(flows());
  await page.run("classic");
  await page.get("tab-findings").focus();
  const { keyboard } = page.page;
  for (const [key, tab] of [["ArrowRight", "explore"], ["End", "models"], ["ArrowLeft", "data"], ["Home", "findings"]]) {
    await keyboard.press(key);
    assert.deepEqual(await open(page), [tab], key);
  }
  assert.equal(await page.page.locator("[role=tab][tabindex='0']").count(), 1);
});

site("charts are drawn in full when their tab is opened, also after the window changed", async (page) => {
  await page.load(flows());
  await page.run("classic");
  await page.page.setViewportSize({ width: 1100, height: 800 });
  await page.get("tab-explore").click();
  await page.checkCharts();
  const widths = () => page.get("chart-scatter").evaluate((card) => [card.querySelector("canvas").clientWidth, card.querySelector(".canvas, [role=img]").clientWidth]);
  let [canvas, room] = await widths();
  assert.ok(Math.abs(canvas - room) <= 1, `${canvas} of ${room}`);
  await page.get("tab-findings").click();
  await page.page.setViewportSize({ width: 1400, height: 800 });
  await page.get("tab-explore").click();
  await page.page.waitForFunction(() => {
    const card = document.querySelector("[data-testid=chart-scatter]");
    return Math.abs(card.querySelector("canvas").clientWidth - card.querySelector("[role=img]").clientWidth) <= 1;
  });
});

site("the address opens a tab", async (page) => {
  await page.page.goto(`${page.server.url}#explore`);
  await page.page.reload();
  await page.load(flows());
  await page.run("classic");
  assert.deepEqual(await open(page), ["explore"]);
});

site("findings and their reasons are on one screen of 1440 by 900", async (page) => {
  await page.page.setViewportSize({ width: 1440, height: 900 });
  await page.loadSample();
  await page.run("recommended");
  for (const id of ["anomaly-table", "explanation", "download-anomalies", "download-all", "anomaly-count", "run-button"]) {
    const box = await page.get(id).boundingBox();
    assert.ok(box && box.y >= 0 && box.y < 860, `${id} is in sight`);
  }
  assert.equal(await page.page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, "the page stands still");
  const [table, why] = [await page.get("anomaly-table").boundingBox(), await page.get("explanation").boundingBox()];
  assert.ok(why.x > table.x + 300, "beside each other");
});

site("what is read aloud when rows change is one sentence", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const grid = page.get("anomaly-table");
  assert.ok(await grid.getAttribute("aria-label"));
  assert.ok(Number(await grid.getAttribute("aria-rowcount")) > (await grid.locator("tbody tr").count()) + 1, "those of other pages count");
  const rows = grid.locator("tbody tr");
  await rows.first().focus();
  const rank = () => page.page.evaluate(() => document.activeElement.dataset.rank);
  for (const [key, at] of [["ArrowDown", 1], ["End", 24], ["Home", 0], ["PageDown", 10], ["PageUp", 0]]) {
    await page.page.keyboard.press(key);
    assert.equal(await rank(), await rows.nth(at).getAttribute("data-rank"), key);
  }
  const live = await page.page.locator("[aria-live], [role=status]").allInnerTexts();
  assert.ok(live.some((text) => /^Flow 1, score/.test(text)), `${live}`);
  assert.ok(live.every((text) => text.length < 200), `${live.map((text) => text.length)}`);
});

site("the run button keeps the focus while it waits", async (page) => {
  await page.load(flows());
  await page.get("run-button").focus();
  await page.page.keyboard.press("Enter");
  await page.waitState("done");
  assert.equal(await page.page.evaluate(() => document.activeElement.dataset.testid), "run-button");
});
