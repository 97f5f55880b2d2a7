// The threshold is the analyst's: typed or dragged, every count follows it exactly.
import assert from "node:assert/strict";
import { checkResults, results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

site("a typed threshold recounts exactly", async (page) => {
  await page.loadSample();
  await page.run("classic");
  const { rows } = results(await page.downloadText("download-all"));
  const scores = rows.map((row) => row.score).sort((a, b) => b - a);
  // Between two scores, as a person would type it.
  for (const place of [10, 1_000, 20_000]) {
    const threshold = Number(scores[place].toFixed(3));
    await page.setThreshold(threshold, scores.filter((score) => score > threshold).length);
    assert.equal(await page.threshold(), threshold);
  }
  checkResults(await page.outcome());
  await page.get("tab-explore").click();
  await page.checkCharts();
  await page.setThreshold(1, 0);
  assert.equal(results(await page.downloadText("download-anomalies")).rows.filter(({ anomaly }) => anomaly).length, 0);
});

/** Drags the line of the histogram to seven tenths of its axis; the threshold that it then is. */
async function drag(page) {
  const before = await page.threshold();
  await page.get("tab-explore").click();
  await page.checkCharts();
  const handle = page.get("threshold-handle");
  await handle.scrollIntoViewIfNeeded();
  const [line, plane] = await handle.evaluate((handle) => [handle, handle.parentElement].map((element) => element.getBoundingClientRect().toJSON()));
  const { mouse } = page.page;
  const y = line.y + line.height / 2;
  await mouse.move(line.x + line.width / 2, y);
  await mouse.down();
  await mouse.move(plane.x + plane.width * 0.6, y, { steps: 5 });
  await mouse.move(plane.x + plane.width * 0.7, y, { steps: 5 });
  await mouse.up();
  await until(async () => (await page.threshold()) !== before, "the threshold did not move");
  await page.still();
  return page.threshold();
}

site("the line in the histogram can be dragged", async (page) => {
  await page.loadSample();
  await page.run("classic");
  const { rows } = results(await page.downloadText("download-all"));
  const threshold = await drag(page);
  await page.waitCount(rows.filter((row) => row.score > threshold).length);
});

site("so it can on the logarithmic axis of an autoencoder's errors", async (page) => {
  await page.loadSample();
  await page.get("detector-autoencoder").click();
  await page.unfold("ae-options");
  await page.get("ae-epochs").fill("2");
  await page.get("ae-epochs").press("Tab");
  await page.run("recommended");
  const errors = results(await page.downloadText("download-all")).rows.map((row) => Math.log10(row.score)).sort((a, b) => a - b);
  const threshold = await drag(page);
  await page.waitCount(errors.filter((error) => error > Math.log10(threshold)).length);
  // Seven tenths of the card's width are about as much of the way from the least to the greatest logarithm.
  const way = (Math.log10(threshold) - errors[0]) / (errors.at(-1) - errors[0]);
  assert.ok(way > 0.55 && way < 0.8, `${way} of the axis`);
});

site("the line moves by keys, back by undoing, and not by a press elsewhere", async (page) => {
  await page.loadSample();
  await page.run("classic");
  const before = await page.threshold();
  await page.get("tab-explore").click();
  await page.checkCharts();
  const handle = page.get("threshold-handle");
  assert.equal(await page.get("undo-threshold").count(), 0);

  // A press far from the line; a finger that begins there scrolls.
  const line = await handle.boundingBox();
  const chart = await page.get("chart-scores").locator("canvas").first().boundingBox();
  const { mouse } = page.page;
  const away = line.x > chart.x + chart.width / 2 ? line.x - 120 : line.x + 140;
  await mouse.move(away, line.y + 40);
  await mouse.down();
  await mouse.move(away + 60, line.y + 40, { steps: 4 });
  await mouse.up();
  await page.still();
  assert.equal(await page.threshold(), before);
  assert.equal(await page.get("chart-scores").locator("canvas").first().evaluate((canvas) => getComputedStyle(canvas.closest("[role=img]")).touchAction), "auto");

  await handle.focus();
  await page.page.keyboard.press("ArrowRight");
  await until(async () => (await page.threshold()) > before, "the arrow moves it up");
  const small = (await page.threshold()) - before;
  await page.page.keyboard.press("PageUp");
  await until(async () => (await page.threshold()) > before + 5 * small, "a page moves it further");
  assert.equal(Number(await handle.getAttribute("aria-valuenow")), await page.threshold());
  await page.get("undo-threshold").click();
  await until(async () => (await page.threshold()) === before, "undone");
});

site("thresholds of any size can be typed, and what is no number is said", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const input = page.get("threshold-input");
  const wrong = page.get("threshold-input-error");
  const scores = results(await page.downloadText("download-all")).rows.map((row) => row.score);
  const count = await page.value("anomaly-count");
  const before = await page.threshold();
  for (const [text, said] of [["high", /“high” is not a number/], ["0,5", /“0,5” is not a number/], ["", /Enter a number/]]) {
    await input.fill(text);
    await until(async () => said.test(await wrong.innerText()), `nothing is said of “${text}”`);
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    assert.ok((await input.getAttribute("aria-describedby")).includes(await wrong.getAttribute("id")));
    assert.equal(await page.threshold(), before, "it stays where it is");
    assert.equal(await page.value("anomaly-count"), count);
  }
  await page.setThreshold("1.25e-5", scores.length);
  assert.equal(await wrong.innerText(), "");
  assert.equal(await page.threshold(), 1.25e-5);
  assert.equal(await input.inputValue(), "1.25e-5", "what was typed stays as it was typed");
  assert.equal(await input.evaluate((input) => input.checkValidity()), true);
  // A rule's threshold is shown short, and kept in full.
  await page.get("rule").selectOption({ label: "A share of the flows" });
  await until(async () => (await page.threshold()) !== 1.25e-5, "the rule was not applied");
  const [shown, exact] = [await input.inputValue(), await input.getAttribute("data-value")];
  assert.ok(shown.length <= 8 && exact.length > shown.length, `${shown} ${exact}`);
  assert.ok(Math.abs(Number(shown) - Number(exact)) < 1e-5 * Number(exact));
});
