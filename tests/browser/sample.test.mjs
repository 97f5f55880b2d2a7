// The main job on the built-in sample: load, run, look, download. And the same bits in wasm as natively.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checkResults, fnv1a, parse } from "./csv.mjs";
import { withoutResults } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const golden = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8"));

site("the sample: run in both modes, charts painted, downloads right and as natively", async (page) => {
  await page.loadSample();
  assert.equal(await page.value("row-count"), golden.rows);
  assert.equal(await page.value("column-count"), 88);
  assert.equal(await page.value("skipped-count"), 0);
  for (const mode of ["recommended", "classic"]) {
    await page.run(mode);
    await page.checkCharts();
    const outcome = await page.outcome();
    assert.equal(outcome.count, golden[mode].anomalies, mode);
    checkResults(outcome);
    const input = withoutResults(outcome.all);
    assert.equal(fnv1a(Buffer.from(input)), golden.sample_fnv1a, "the rows are those that the generator makes natively");
    assert.equal(parse(input).length, golden.rows + 1);
    assert.equal(fnv1a(Buffer.from(outcome.all)), golden[mode].all_rows_fnv1a, `${mode}: the same bits as natively`);
  }
});

site("the table lists anomalies by rank, and the scatter chart follows its axes", async (page) => {
  await page.loadSample();
  await page.run("classic");
  const table = await page.show("anomaly-table");
  assert.ok((await table.getByRole("row").count()) > 10);
  await table.getByRole("row").nth(1).click();
  assert.notEqual((await page.get("explanation").innerText()).trim(), "");

  await page.checkChart("chart-scatter");
  const pixels = () => page.get("chart-scatter").locator("canvas").first().evaluate((canvas) => canvas.toDataURL());
  const before = await pixels();
  const names = await page.get("scatter-x").locator("option").allInnerTexts();
  await page.get("scatter-x").selectOption({ index: names.length - 1 });
  await until(async () => (await pixels()) !== before, "another axis, and the same picture");
  assert.equal(await page.state(), "done");
});
