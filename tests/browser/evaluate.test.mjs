// Labels judge the scores: the figures are those of the downloaded rows.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** Area under the ROC curve and average precision, by the definitions, from rows [score, attack]. */
function judged(rows) {
  const sorted = rows.toSorted((a, b) => b[0] - a[0]);
  const attacks = rows.filter(([, attack]) => attack).length;
  let [found, seen, area, precision] = [0, 0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to][0] === sorted[from][0]) to += 1;
    const here = sorted.slice(from, to).filter(([, attack]) => attack).length;
    area += (to - from - here) * (found + here / 2);
    [found, seen] = [found + here, to];
    precision += (here / attacks) * (found / seen);
    from = to;
  }
  return { auc: area / (attacks * (rows.length - attacks)), precision };
}

site("evaluate: figures, classes and findings by the labels of the sample, and runs beside each other", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const [names, ...lines] = parse(await page.downloadText("download-all"));
  const at = (name) => names.indexOf(name);
  const attack = (line) => line[at("Attack")] !== "none";
  const expected = judged(lines.map((line) => [Number(line[at("anomaly_score")]), attack(line)]));
  const flagged = lines.filter((line) => line[at("anomaly")] === "1");
  const right = flagged.filter(attack).length;

  await page.tab("evaluate");
  assert.equal(await page.get("label-column").locator("option:checked").innerText(), "Attack");
  const near = async (id, wanted) => {
    const close = async () => Math.abs(Number(await page.get(id).getAttribute("data-value")) - wanted) < 1e-9;
    await until(close, async () => `${id} is ${await page.get(id).getAttribute("data-value")}, not ${wanted}`);
  };
  await page.get("metric-roc-auc").waitFor();
  await near("metric-roc-auc", expected.auc);
  await near("metric-average-precision", expected.precision);
  await near("metric-precision", right / flagged.length);
  await near("metric-recall", right / lines.filter(attack).length);
  const rows = await page.get("class-table").locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText)));
  const kinds = new Set(lines.map((line) => line[at("Attack")]));
  assert.equal(rows.length, kinds.size);
  for (const [name, flows] of rows) {
    const kind = name.replace(" (normal)", "");
    assert.equal(Number(flows.replaceAll(",", "")), lines.filter((line) => line[at("Attack")] === kind).length, kind);
  }
  assert.match(await page.get("findings-covered").innerText(), /5: \d/);

  // Another opinion of what is normal.
  const kind = [...kinds].find((kind) => kind !== "none");
  await page.page.locator(`[data-testid=normal-value][value="${kind}"]`).check();
  const milder = judged(lines.map((line) => [Number(line[at("anomaly_score")]), attack(line) && line[at("Attack")] !== kind]));
  await near("metric-roc-auc", milder.auc);
  await page.page.locator(`[data-testid=normal-value][value="${kind}"]`).uncheck();
  await near("metric-roc-auc", expected.auc);

  // A second run beside the first.
  await page.run("classic");
  await page.tab("evaluate");
  await until(async () => (await page.get("run-table").locator("tbody tr").count()) === 2, () => "both runs are listed");
});
