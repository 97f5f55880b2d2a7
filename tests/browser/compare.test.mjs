// Both detectors on the same flows: one button runs the other one, and what the page says of both is in the downloads.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

const OF_BOTH = ["isolation_forest_rank", "autoencoder_rank", "consensus_rank"];

/** Few epochs, so that training takes no time. */
async function quick(page) {
  await page.get("detector-autoencoder").click();
  await page.unfold("ae-options");
  await page.get("ae-epochs").fill("3");
  await page.get("ae-epochs").press("Tab");
}

/** Presses the button, and waits for the card. */
async function compare(page) {
  await (await page.show("compare-button")).click();
  await page.waitState("done");
  await (await page.show("comparison")).waitFor();
}

/** The named columns of a results file, as numbers by row. */
function numbers(text, names) {
  const [header, ...rows] = parse(text);
  const places = names.map((name) => header.indexOf(name));
  assert.ok(places.every((place) => place >= 0), `${names} are there`);
  return rows.map((row) => places.map((place) => Number(row[place])));
}

/** What the card counts is what the file holds; `forest` and `network` are how many each flags. */
async function checkCounts(page, { forest, network }) {
  const text = await page.downloadText("download-all");
  const ranks = numbers(text, [...OF_BOTH, "anomaly_rank"]);
  const count = (keep) => ranks.filter(keep).length;
  assert.equal(await page.value("compare-both"), count(([a, b]) => a <= forest && b <= network));
  assert.equal(await page.value("compare-only-forest"), count(([a, b]) => a <= forest && b > network));
  assert.equal(await page.value("compare-only-autoencoder"), count(([a, b]) => a > forest && b <= network));
  const sorted = ranks.map((row, place) => ({ row, place })).sort((x, y) => x.row[0] + x.row[1] - y.row[0] - y.row[1] || x.place - y.place);
  sorted.forEach(({ row }, place) => assert.equal(row[2], place + 1, "by the sum of both ranks"));
  return ranks;
}

/** Spearman's correlation, with equal scores sharing their rank, from what two runs alone gave. */
function spearman(first, second) {
  const middles = (scores) => {
    const order = scores.map((_, row) => row).sort((a, b) => scores[b] - scores[a]);
    const middles = [];
    for (let from = 0, to; from < order.length; from = to) {
      for (to = from; to < order.length && scores[order[to]] === scores[order[from]]; ) to += 1;
      for (let at = from; at < to; at += 1) middles[order[at]] = (from + to + 1) / 2;
    }
    return middles;
  };
  const [a, b] = [middles(first), middles(second)];
  const mean = (a.length + 1) / 2;
  const moment = (x, y) => x.reduce((sum, value, row) => sum + (value - mean) * (y[row] - mean), 0);
  return moment(a, b) / Math.sqrt(moment(a, a) * moment(b, b));
}

site("the other detector at a press: counts, correlation, list and downloads belong together", async (page) => {
  await page.loadSample();
  await quick(page);
  await page.get("detector-isolation-forest").click();
  await page.run("recommended");
  assert.equal(await page.get("comparison").count(), 0, "one detector alone is not compared");
  const forest = await page.value("anomaly-count");
  const alone = await page.downloadText("download-all");
  assert.ok(!alone.slice(0, alone.indexOf("\n")).includes("consensus_rank"));

  await compare(page);
  assert.equal(await page.get("detector-autoencoder").getAttribute("aria-pressed"), "true");
  const network = await page.value("anomaly-count");
  const ranks = await checkCounts(page, { forest, network });
  assert.ok(ranks.every((row) => row[1] === row[3]), "the autoencoder ran last");
  const together = await page.downloadText("download-all");
  const scores = [alone, together].map((text) => numbers(text, ["anomaly_score"]).map(([score]) => score));
  const correlation = Number(await page.get("compare-rank-correlation").getAttribute("data-value"));
  assert.ok(Math.abs(correlation - spearman(...scores)) < 1e-9, `${correlation}`);
  assert.equal(await page.value("compare-highest"), ranks.filter(([a, b]) => a <= 100 && b <= 100).length);

  // The first of the list is explained when it is selected, also where the last run alone would not list it.
  const first = (await page.show("consensus-table")).locator("tbody tr").first();
  const by = ranks.find((row) => row[2] === 1);
  assert.equal(Number(await first.getAttribute("data-rank")), by[1]);
  await first.click();
  assert.equal(await first.getAttribute("aria-selected"), "true");
  assert.match(await page.get("explanation").innerText(), new RegExp(`flow ${by[1].toLocaleString("en")} `));

  // The counts follow a threshold that is moved.
  const errors = [...scores[1]].sort((a, b) => b - a);
  const threshold = (errors[9] + errors[10]) / 2;
  await page.setThreshold(threshold, 10);
  await page.page.waitForFunction(
    () => ["compare-both", "compare-only-autoencoder"]
      .map((id) => Number(document.querySelector(`[data-testid=${id}]`).dataset.value))
      .reduce((sum, rows) => sum + rows) === 10,
  );
  await checkCounts(page, { forest, network: 10 });

  // And back: the forest's results again, beside the autoencoder with the threshold that it ended with.
  await compare(page);
  assert.equal(await page.value("anomaly-count"), forest);
  const back = await checkCounts(page, { forest, network: 10 });
  assert.ok(back.every((row) => row[0] === row[3]), "the forest ran last");
});

site("another file: nothing stale is compared", async (page) => {
  await page.load(flows());
  await quick(page);
  await page.run("classic");
  await compare(page);
  await page.load({ name: "other.csv", text: flows().text });
  await page.run();
  assert.equal(await page.get("comparison").count(), 0);
  await compare(page);
  assert.ok((await page.value("compare-both")) >= 0);
});
