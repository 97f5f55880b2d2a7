// Explore: what is told over time, by host, by pair and by port is what the downloaded lines add up to, and what is clicked or drawn
// over is what the filter leaves.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const TABLES = ["hosts-table", "pairs-table", "ports-table"];

/** Rows of a table: the name, and the digits of all other cells. */
const rows = (page, id) =>
  page.get(id).locator("tbody tr").evaluateAll((all) =>
    all.map((row) => ({ name: row.cells[0].innerText, values: [...row.cells].slice(1).map((cell) => Number(cell.dataset.value)) })));

const count = (sums, key, line) => {
  const sum = sums.get(key) ?? { flows: 0, anomalies: 0 };
  sums.set(key, { flows: sum.flows + 1, anomalies: sum.anomalies + line.anomaly });
};

const left = (page) => page.get("filter-count").getAttribute("data-value");

site("explore: hosts, pairs and ports add up to the file, and a click looks at theirs", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const [names, ...cells] = parse(await page.downloadText("download-all"));
  const at = (name) => names.indexOf(name);
  const [from, to, port] = ["Source.IP", "Destination.IP", "Destination.Port"].map(at);
  assert.ok(from >= 0 && to >= 0 && port >= 0, names.join());
  const [hosts, pairs, ports] = [new Map(), new Map(), new Map()];
  for (const line of cells) {
    const one = { anomaly: Number(line[at("anomaly")]) };
    count(hosts, line[from], one);
    if (line[to] !== line[from]) count(hosts, line[to], one);
    count(pairs, `${line[from]} → ${line[to]}`, one);
    count(ports, line[port], one);
  }
  await page.tab("explore");
  await until(async () => (await page.get("hosts-table").locator("tbody tr").count()) > 0, () => "hosts are told");
  for (const [id, sums] of [["hosts-table", hosts], ["pairs-table", pairs], ["ports-table", ports]]) {
    assert.equal(await page.value(id), sums.size, id);
    const told = await rows(page, id);
    assert.equal(told.length, Math.min(100, sums.size), id);
    let before = Infinity;
    for (const { name, values } of told) {
      const [flows, anomalies] = id === "hosts-table" ? values.slice(1) : values;
      assert.deepEqual({ flows, anomalies }, sums.get(name), `${id} ${name}`);
      assert.ok(anomalies <= before, `${id} is by anomalies`);
      before = anomalies;
    }
  }
  const peers = new Set(cells.filter((line) => line[from] === "10.0.0.7" || line[to] === "10.0.0.7").map((line) => (line[from] === "10.0.0.7" ? line[to] : line[from])));
  const known = (await rows(page, "hosts-table")).find((row) => row.name === "10.0.0.7");
  if (known) assert.equal(known.values[0], peers.size);

  // By another amount.
  await page.get("ports-table").getByRole("button", { name: "Flows" }).click();
  const flows = (await rows(page, "ports-table")).map((row) => row.values[0]);
  assert.deepEqual(flows, flows.toSorted((a, b) => b - a));

  // A click looks at a host's flows, a second one at all again.
  const first = page.get("hosts-table").locator("tbody tr").first().getByRole("button");
  const host = await first.innerText();
  await first.click();
  await until(async () => (await left(page)) === String(hosts.get(host).flows), async () => `${await left(page)} flows of ${host}, not ${hosts.get(host).flows}`);
  await until(async () => (await page.value("pairs-table")) === [...pairs.keys()].filter((pair) => pair.split(" → ").includes(host)).length, () => "pairs follow the filter");
  await page.get("hosts-table").getByRole("button", { name: host, exact: true }).click();
  await until(async () => (await page.get("filter-input").inputValue()) === "", () => "a second click takes it back");
  await until(async () => (await page.value("hosts-table")) === hosts.size, () => "all hosts again");
  const pair = page.get("pairs-table").locator("tbody tr").first().getByRole("button");
  const both = await pair.innerText();
  await pair.click();
  await until(async () => (await left(page)) === String(pairs.get(both).flows), () => `flows of ${both}`);
});

site("explore: a stretch of the time is drawn over by pointer and by keys", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const all = await page.value("row-count");
  await page.tab("explore");
  const chart = page.get("chart-timeline");
  const brush = page.get("timeline-brush");
  await until(async () => (await chart.locator("tbody tr").count()) === 96, () => "the table behind the chart is there");
  const parts = async () => chart.locator("tbody tr").evaluateAll((rows) => rows.map((row) => Number(row.cells[1].textContent.match(/^[\d,]+/)[0].replaceAll(",", ""))));
  const flows = await parts();
  assert.equal(flows.reduce((a, b) => a + b, 0), all);
  await brush.scrollIntoViewIfNeeded();
  const box = await brush.boundingBox();
  const x = (part) => box.x + ((part + 0.5) / 96) * box.width;
  await page.page.mouse.move(x(20), box.y + 40);
  await page.page.mouse.down();
  await page.page.mouse.move(x(40), box.y + 40, { steps: 5 });
  await page.page.mouse.up();
  const wanted = flows.slice(20, 41).reduce((a, b) => a + b, 0);
  await until(async () => (await left(page)) === String(wanted), async () => `${await left(page)} flows are left, not ${wanted}: ${await page.get("filter-input").inputValue()}`);
  // The chart goes nearer.
  await until(async () => (await parts()).reduce((a, b) => a + b, 0) === wanted, () => "the chart shows the stretch");
  await page.get("all-times").click();
  await until(async () => (await page.get("filter-input").inputValue()) === "", () => "all times again");
  await until(async () => (await parts()).reduce((a, b) => a + b, 0) === all, () => "all flows again");
  // Parts 1 to 3 by keys: the first key moves from part 0.
  await page.get("filter-input").fill("is:anomaly");
  await page.get("filter-input").press("Enter");
  await until(async () => (await parts()).reduce((a, b) => a + b, 0) < all, () => "the chart follows the filter");
  const flagged = await parts();
  await brush.focus();
  for (const key of ["ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"]) await page.page.keyboard.press(key);
  const few = flagged.slice(1, 4).reduce((a, b) => a + b, 0);
  await until(async () => (await left(page)) === String(few), async () => `${await left(page)} anomalies are left, not ${few}`);
  assert.match(await page.get("filter-input").inputValue(), /^is:anomaly .*>=.*</);
});

site("explore: a file that names no hosts and no times has no such panels", async (page) => {
  const lines = Array.from({ length: 400 }, (_, n) => `${(n * 7919) % 1000},${(n * 104729) % 777},${n % 13}`);
  await page.load({ name: "numbers.csv", text: `a,b,c\n${lines.join("\n")}\n` });
  await page.run("recommended");
  await page.tab("explore");
  await page.get("chart-scores").waitFor();
  for (const id of [...TABLES, "chart-timeline"]) assert.equal(await page.get(id).isVisible(), false, id);
});

/** The sample's lines, and two of its columns in the scatter. */
async function scattered(page) {
  await page.loadSample();
  await page.run("recommended");
  const lines = parse(await page.downloadText("download-all"));
  await page.tab("explore");
  await page.get("scatter-x").selectOption({ label: "Flow.Duration" });
  await page.get("scatter-y").selectOption({ label: "Total.Fwd.Packets" });
  await until(async () => /Flow.Duration × Total.Fwd.Packets/.test(await page.get("chart-scatter").innerText()), () => "the axes are drawn");
  return lines;
}

site("explore: a box drawn over the scatter leaves the flows in it", async (page) => {
  const [names, ...lines] = await scattered(page);
  await page.get("draw-box").click();
  const plane = page.get("scatter-box");
  await plane.scrollIntoViewIfNeeded();
  const box = await plane.boundingBox();
  const at = (x, y) => page.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
  await at(0.3, 0.2);
  await page.page.mouse.down();
  await at(0.8, 0.7);
  await page.page.mouse.up();
  const typed = async () => page.get("filter-input").inputValue();
  await until(async () => (await typed()).split(" ").length === 4, async () => `four ends: ${await typed()}`);
  const terms = [...(await typed()).matchAll(/(\S+?)(>=|<=)(\S+)/g)].map(([, name, sign, value]) => ({ place: names.indexOf(name), sign, value: Math.fround(Number(value)) }));
  assert.equal(terms.length, 4);
  const inside = lines.filter((line) => terms.every(({ place, sign, value }) => (sign === ">=" ? Number(line[place]) >= value : Number(line[place]) <= value))).length;
  assert.ok(inside > 0 && inside < lines.length, `${inside} flows`);
  await until(async () => (await left(page)) === String(inside), async () => `${await left(page)} flows are left, not ${inside}`);
  assert.equal(await page.get("scatter-box").count(), 0, "one box at a time");
});

site("explore: a lasso over the scatter leaves what is inside", async (page) => {
  const [names, ...lines] = await scattered(page);
  // Escape gives up.
  await page.get("draw-lasso").click();
  const plane = page.get("scatter-lasso");
  await plane.waitFor();
  await page.page.keyboard.press("Escape");
  await until(async () => (await plane.count()) === 0, () => "nothing is drawn any more");
  await page.get("draw-lasso").click();
  await plane.scrollIntoViewIfNeeded();
  const box = await plane.boundingBox();
  const at = (x, y) => page.page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
  await at(0.4, 0.95);
  await page.page.mouse.down();
  for (const [x, y] of [[0.9, 0.9], [0.85, 0.3], [0.6, 0.15], [0.45, 0.5]]) await at(x, y);
  await page.page.mouse.up();
  const typed = async () => page.get("filter-input").inputValue();
  await until(async () => (await typed()).startsWith('inside:"Flow.Duration ('), async () => `an outline: ${await typed()}`);
  const [, of, corners] = (await typed()).match(/^inside:"(.*?\)):(.*)"$/);
  const scale = (axis) => {
    const log = axis.includes("signed log");
    return (value) => (log ? Math.sign(value) * Math.log10(1 + Math.abs(value)) : value);
  };
  const scales = of.split(" / ").map(scale);
  const number = (text) => {
    assert.match(text, /^-?[\d.e+-]+$/, "values of the columns as they are");
    return Number(text);
  };
  const outline = corners.split(";").map((corner) => corner.trim().split(" / ").map((text, side) => scales[side](number(text))));
  assert.ok(outline.length >= 3 && outline.length <= 64, `${outline.length} corners`);
  const contains = ([x, y]) => {
    let inside = false;
    for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
      const [a, b] = [outline[j], outline[i]];
      if (a[1] > y !== b[1] > y && a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]) < x) inside = !inside;
    }
    return inside;
  };
  const [x, y] = ["Flow.Duration", "Total.Fwd.Packets"].map((name) => names.indexOf(name));
  const inside = lines.filter((line) => contains([scales[0](Number(line[x])), scales[1](Number(line[y]))])).length;
  assert.ok(inside > 0 && inside < lines.length, `${inside} flows`);
  await until(async () => (await left(page)) === String(inside), async () => `${await left(page)} flows are left, not ${inside}`);
  await page.get("filter-input").fill(`-${await typed()}`);
  await until(async () => (await left(page)) === String(lines.length - inside), () => "and all others");
});

site("explore: what is beside a flow", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const [names, ...lines] = parse(await page.downloadText("download-all"));
  const at = (name) => names.indexOf(name);
  const first = lines.find((line) => line[at("anomaly_rank")] === "1");
  const detail = page.get("explanation");
  await until(async () => (await detail.innerText()).includes(`Flows of ${first[at("Source.IP")]}`), async () => detail.innerText());
  await detail.getByRole("button", { name: "Between these two" }).click();
  const between = lines.filter((line) => line[at("Source.IP")] === first[at("Source.IP")] && line[at("Destination.IP")] === first[at("Destination.IP")]);
  await until(async () => (await left(page)) === String(between.length), async () => `${await left(page)} flows between them, not ${between.length}`);
  assert.match(await detail.innerText(), /Why flow 1 /, "the flow itself stays told of");
  await page.get("show-similar").click();
  await page.get("similar").waitFor();
  assert.equal(await page.get("similar").locator("li").count(), 8);
  await page.get("similar").getByRole("button").first().click();
  await until(async () => !/Why flow 1 /.test(await detail.innerText()), () => "another flow is told of");
});
