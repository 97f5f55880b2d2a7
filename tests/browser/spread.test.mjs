// Explore, column by column: the shares of all flows and of those that are looked at are what the downloaded lines add up to; what
// weighed leads to its column, and a bar to its flows.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** The lines of the chart's table: the part, and both counts. */
const lines = (page) =>
  page.get("chart-columns").locator("table tbody tr").evaluateAll((all) =>
    all.map((row) => [...row.cells].map((cell) => cell.textContent)).map(([part, ...counts]) => [part, ...counts.map((text) => Number(text.replace(/ \(.*/, "").replaceAll(",", "")))]));
const sum = (list) => list.reduce((all, one) => all + one, 0);

site("explore: columns one by one, the anomalies or what the filter leaves against all flows", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const [names, ...cells] = parse(await page.downloadText("download-all"));
  const at = (name) => names.indexOf(name);
  await page.tab("explore");
  const smalls = page.get("column-small");
  await until(async () => (await smalls.count()) === 12, async () => `${await smalls.count()} columns are drawn small`);
  const shares = (await smalls.locator(".hint").allTextContents()).map((text) => Number.parseInt(text, 10));
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a), "the most unlike first");
  const anomalies = cells.filter((line) => line[at("anomaly")] === "1").length;
  await until(async () => (await lines(page)).length > 2, () => "the first one is drawn large");
  const first = await lines(page);
  assert.deepEqual([sum(first.map((line) => line[1])), sum(first.map((line) => line[2]))], [cells.length, anomalies]);

  // Another column: its commonest values one by one.
  await page.get("spread-column").selectOption({ label: "Destination.Port" });
  await until(async () => (await lines(page)).some(([part]) => part === "443"), () => "ports are told one by one");
  const https = (await lines(page)).find(([part]) => part === "443");
  const port = cells.filter((line) => line[at("Destination.Port")] === "443");
  assert.deepEqual(https.slice(1), [port.length, port.filter((line) => line[at("anomaly")] === "1").length]);

  // A click on a bar looks at its flows, a second one at all again. The highest bar is that of the commonest value, the first.
  const canvas = page.get("chart-columns").locator(".canvas");
  const box = await canvas.boundingBox();
  const parts = (await lines(page)).length - 1;
  const place = { x: 48 + ((box.width - 62) * 0.5) / parts, y: box.height - 34 };
  const commonest = (await lines(page))[0];
  await canvas.click({ position: place });
  const field = page.get("filter-input");
  await until(async () => (await field.inputValue()) === `Destination.Port:${commonest[0]}`, async () => `the filter says ${await field.inputValue()}`);
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(commonest[1]), () => "its flows are left");
  await until(async () => sum((await lines(page)).map((line) => line[2])) === commonest[1], () => "the narrow bars follow the filter");
  await canvas.click({ position: place });
  await until(async () => (await field.inputValue()) === "", () => "a second click takes it back");

  // What weighed in a finding leads to its column, and to the finding's flows.
  await page.tab("findings");
  await page.get("finding-list").locator("[data-testid=finding][data-kind=group]").filter({ hasText: "usually" }).first().click();
  const reason = page.get("finding-detail").locator("[data-testid=reason-column]").first();
  const name = await reason.innerText();
  await reason.click();
  await until(async () => (await page.get("spread-column").locator("option:checked").innerText()) === name, () => `${name} is drawn`);
  assert.match(await field.inputValue(), /^group:\d+$/);
  const size = Number(await page.get("filter-count").getAttribute("data-value"));
  assert.ok(size > 0);
  await until(async () => sum((await lines(page)).map((line) => line[2])) === size, () => "its flows against all");
});
