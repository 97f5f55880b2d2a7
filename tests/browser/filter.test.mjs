// The filter, the order and the columns of the list: table, charts and downloads are of the same rows.
import assert from "node:assert/strict";
import { parse, results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** Types a filter and waits until so many rows are said to be left. */
async function filter(page, text, rows) {
  await page.get("filter-input").fill(text);
  await page.get("filter-input").press("Enter");
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(rows), async () =>
    `“${text}” leaves ${await page.get("filter-count").getAttribute("data-value")}, not ${rows}`);
}

const ranks = (page) => page.get("anomaly-table").locator("tbody tr").evaluateAll((rows) => rows.map((row) => Number(row.dataset.rank)));

/** Waits until the table lists rows of these ranks, in this order. */
const listed = (page, expected) =>
  until(async () => JSON.stringify(await ranks(page)) === JSON.stringify(expected), async () => `${await ranks(page)} instead of ${expected}`);

site("table, charts and downloads follow the filter", async (page) => {
  await page.get("filter-input").waitFor(); // always there
  await page.loadSample();
  await page.run("recommended");
  const [header, ...cells] = parse(await page.downloadText("download-all"));
  const at = (name) => header.indexOf(name);
  const rows = cells.map((cells) => ({ cells, rank: Number(cells[at("anomaly_rank")]), anomaly: cells[at("anomaly")] === "1", score: Number(cells[at("anomaly_score")]) }));
  const port = at("Destination.Port");
  const kept = rows.filter(({ cells }) => Number(cells[port]) === 443);
  await filter(page, "Destination.Port:443", kept.length);
  const flagged = kept.filter(({ anomaly }) => anomaly).sort((a, b) => a.rank - b.rank);
  await listed(page, flagged.slice(0, 25).map(({ rank }) => rank));

  // Downloads.
  const written = results(await page.downloadText("download-anomalies")).rows.filter(({ anomaly }) => anomaly);
  assert.deepEqual(written.map(({ rank }) => rank).sort((a, b) => a - b), flagged.map(({ rank }) => rank));
  assert.equal(results(await page.downloadText("download-all")).rows.length, kept.length);

  // Charts: the tables behind them.
  await page.get("tab-explore").click();
  await until(async () => {
    const [, ...bars] = await page.get("chart-counts").locator("table tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
    return Number(bars[1]?.[1].replaceAll(",", "")) === flagged.length;
  }, () => "the counts follow");
  await page.get("tab-findings").click();

  await filter(page, "score>0.5 -is:anomaly", rows.filter(({ score, anomaly }) => score > 0.5 && !anomaly).length);
  await filter(page, "rank<=10", 10);
  await listed(page, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

  // What cannot be understood is said, and what was shown stays.
  await page.get("filter-input").fill("nonsense>1");
  await page.get("filter-input").press("Enter");
  assert.match(await page.get("filter-problem").innerText(), /nonsense/);
  assert.equal(await page.state(), "done");
  await listed(page, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

  // Escape clears, a slash comes back.
  await page.get("filter-input").press("Escape");
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(rows.length), () => "all rows again");
  await page.get("anomaly-table").locator("tbody tr").first().focus();
  await page.page.keyboard.press("/");
  assert.equal(await page.page.evaluate(() => document.activeElement.dataset.testid), "filter-input");
});

site("the list: order, columns, pages, and rows below the threshold", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const [header, ...cells] = parse(await page.downloadText("download-all"));
  const [rank, flag] = ["anomaly_rank", "anomaly"].map((name) => header.indexOf(name));
  const name = "Flow.Duration";
  const column = header.indexOf(name);
  assert.ok(column >= 0);
  const order = (some) => [...some].sort((a, b) => Number(b[column]) - Number(a[column]) || Number(a[rank]) - Number(b[rank])).map((row) => Number(row[rank]));

  await page.get("choose-columns").locator("summary").click();
  await page.get("choose-columns").locator(`[data-column="${name}"]`).check();
  const head = page.get("anomaly-table").getByRole("columnheader", { name });
  await head.waitFor();
  await page.get("choose-columns").locator("summary").click();
  await head.getByRole("button").click();
  const anomalies = cells.filter((row) => row[flag] === "1");
  await listed(page, order(anomalies).slice(0, 25));
  assert.equal(await head.getAttribute("aria-sort"), "descending");

  await page.get("list-all").click();
  await listed(page, order(cells).slice(0, 25));
  await page.get("page-next").click();
  await listed(page, order(cells).slice(25, 50));
  await page.get("page-rows-100").click();
  await listed(page, order(cells).slice(0, 100));

  // Back to ranks, and beyond the threshold.
  await page.get("anomaly-table").getByRole("columnheader", { name: "#" }).getByRole("button").click();
  await listed(page, Array.from({ length: 100 }, (_, i) => i + 1));
  await page.get("list-anomalies").click();
  await page.setThreshold(1, 0);
  await listed(page, Array.from({ length: 25 }, (_, i) => i + 1));
});
