// The forest's options, the rules for the threshold, and what is told of the run as a whole.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fnv1a, results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const golden = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8"));

/** Chooses the rule with this name and types its numbers. */
async function rule(page, name, numbers = {}) {
  await page.get("rule").selectOption({ label: name });
  for (const [id, number] of Object.entries(numbers)) await page.get(id).fill(String(number));
}

/** Waits until the page says this of the threshold. */
async function said(page, pattern) {
  const words = page.get("threshold-words");
  await until(async () => pattern.test(await words.innerText()), async () => `“${await words.innerText()}” is not ${pattern}`);
}

site("options are checked, reach the forest, and give the same bits as natively", async (page) => {
  await page.loadSample();
  await page.unfold("params");
  const wrong = { "param-trees": "0", "param-sample-size": "1", "param-max-depth": "2.5", "param-seed": "-1" };
  for (const [id, text] of Object.entries(wrong)) {
    const field = page.get(id);
    const before = await field.inputValue();
    await field.fill(text);
    assert.match(await page.get(`${id}-error`).innerText(), /whole number from/);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await page.get("run-button").isEnabled(), false, `${id} ${text}`);
    await field.fill(before);
    assert.equal(await page.get(`${id}-error`).innerText(), "");
  }
  const params = { trees: 20, "sample-size": 128, "max-features": 30, "max-depth": 10, combined: 3, seed: 7 };
  for (const [name, value] of Object.entries(params)) await page.get(`param-${name}`).fill(String(value));
  await page.run("recommended");
  await rule(page, "A number of flows", { "rule-top": 321 });
  await page.waitCount(golden.hyperplanes.anomalies);
  const all = await page.downloadText("download-all");
  // Exactly so many: of flows that score alike, the first.
  assert.ok(results(all).rows.every((row) => row.anomaly === row.rank <= 321));
  assert.equal(fnv1a(Buffer.from(all)), golden.hyperplanes.all_rows_fnv1a, "the same bits as natively");
});

site("rules are applied to the scores that there are, and each is told", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const { rows } = results(await page.downloadText("download-all"));
  const scores = rows.map((row) => row.score).sort((a, b) => b - a);
  const above = (threshold) => scores.filter((score) => score > threshold).length;
  const recommended = golden.recommended.anomalies;
  await page.waitCount(recommended);
  assert.equal(above(await page.threshold()), recommended);

  await rule(page, "A share of the flows", { "rule-share": 1 });
  // numpy's percentile, linearly interpolated.
  const place = (scores.length - 1) * 0.01;
  const [a, b] = [scores[Math.floor(place)], scores[Math.floor(place) + 1]];
  const threshold = a + (b - a) * (place - Math.floor(place));
  await page.waitCount(above(threshold));
  assert.ok(Math.abs((await page.threshold()) - threshold) < 1e-12);

  await rule(page, "scikit-learn's “auto”");
  await page.waitCount(above(0.5));
  assert.equal(await page.threshold(), 0.5);
  await rule(page, "A number of flows", { "rule-top": 77 });
  await page.waitCount(77);
  await rule(page, "A budget of alerts", { "rule-alerts": 50 });
  await said(page, /\b50 of a million/);
  assert.equal(await page.value("anomaly-count"), above(await page.threshold()));

  // Judged by the first flows: the download says the same of them and of the others.
  await rule(page, "Beside flows known to be normal", { "rule-clean": 20_000, "rule-false-alarms": 20 });
  await said(page, /^(?=.*\b20,?000\b).*\b20 /);
  const clean = rows.slice(0, 20_000).map((row) => row.score);
  const judged = await page.threshold();
  const flagged = above(judged) - clean.filter((score) => score > judged).length;
  if (flagged > 0) {
    const p = (clean.filter((score) => score > judged).length + 1) / 20_001;
    assert.ok(p <= (0.2 * flagged) / (rows.length - 20_000), "Benjamini and Hochberg's bound holds");
  }
  assert.equal(await page.value("anomaly-count"), above(judged));
  await page.get("rule-clean").fill("50000");
  assert.match(await page.get("rule-clean-error").innerText(), /left to judge/);
  assert.equal(await page.value("anomaly-count"), above(judged), "what is wrong changes nothing");

  // A moved threshold goes back to the rule's.
  await rule(page, "Recommended");
  await page.waitCount(recommended);
  await page.setThreshold(0.5, above(0.5));
  await page.page.getByRole("button", { name: "Back to the rule" }).click();
  await page.waitCount(recommended);

  // What the others would choose stands under the histogram; a press chooses.
  assert.equal(await page.value("compared-Recommended"), recommended);
  assert.equal(await page.value("compared-auto"), above(0.5));
  await (await page.show("compared-auto")).click();
  await page.waitCount(above(0.5));
  assert.equal(await page.get("compared-auto").getAttribute("aria-pressed"), "true");

  // Classic begins with its own rule, Recommended with its own again.
  await page.run("classic");
  assert.equal(await page.get("rule").locator("option:checked").innerText(), "A share of the flows");
  await page.waitCount(golden.classic.anomalies);
  await page.run("recommended");
  await page.waitCount(golden.recommended.anomalies);
});

site("importance and stability are told", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const list = (await page.show("importance")).getByRole("listitem");
  await list.first().waitFor();
  const shares = (await list.allInnerTexts()).map((text) => Number(/(\d+) %/.exec(text)[1]));
  assert.ok(shares.length > 2 && shares.every((share, place) => place === 0 || share <= shares[place - 1]), `${shares}`);
  const count = await page.value("anomaly-count");
  await (await page.show("check-stability")).click();
  const words = page.get("stability");
  await until(async () => /other seeds, /.test(await words.innerText()), () => words.innerText(), { within: 30_000 });
  const [, least, , top] = /seeds, (\d+)( to \d+)? of the (\d+)/.exec((await words.innerText()).replace(/(\d),(\d)/g, "$1$2"));
  assert.ok(Number(least) > 0 && Number(least) <= Number(top), await words.innerText());
  assert.equal(await page.state(), "done");
  assert.equal(await page.value("anomaly-count"), count);
});
