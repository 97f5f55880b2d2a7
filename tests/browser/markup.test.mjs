// Text from a file is text: markup in names and cells is shown, never run.
import assert from "node:assert/strict";
import { checkResults, parse } from "./csv.mjs";
import { site } from "./page.mjs";

const EVIL = "<img src=x onerror=alert(1)>";

site("markup in names and cells stays text", async (page) => {
  const lines = [`${EVIL},<b>bytes</b>,{{packets}},<script>alert(2)</script>`];
  for (let i = 0; i < 300; i += 1) lines.push(`${(i * 37) % 101},${(i * 53) % 89},${(i * 17) % 61},text ${i % 3}`);
  lines[150] = `99999,88888,77777,${EVIL}`;
  const file = { name: `<img src=y onerror=alert(3)>.csv`, text: `${lines.join("\n")}\n` };
  await page.load(file);
  await page.run("classic");
  await page.checkCharts();
  const whole = checkResults({ ...(await page.outcome()), input: parse(file.text) });
  assert.equal(whole.rows[149].rank, 1);

  assert.ok((await (await page.show("anomaly-table")).innerText()).includes(EVIL), "the table shows the cell as it is");
  assert.ok((await page.get("scatter-x").locator("option").allInnerTexts()).some((name) => name.includes(EVIL)));
  const row = page.get("anomaly-table").getByRole("row").nth(1);
  await row.click();
  assert.ok((await page.get("explanation").innerText()).includes(EVIL), "the explanation names the column as it is");

  // Tooltips too.
  for (const chart of ["chart-scatter", "chart-counts", "chart-scores"]) {
    await (await page.show(chart)).scrollIntoViewIfNeeded();
    const box = await page.get(chart).boundingBox();
    for (const x of [0.3, 0.5, 0.7, 0.9])
      for (const y of [0.2, 0.5, 0.8]) await page.page.mouse.move(box.x + box.width * x, box.y + box.height * y);
  }
  assert.equal(await page.page.locator("img[src=x], img[src=y], body b:text-is('bytes')").count(), 0, "no markup came alive");
});
