// Findings: groups of alike flows and single flows in one list, reviewed by keyboard, in detail, in the downloads.
import assert from "node:assert/strict";
import { parse, results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** The findings as the list has them. */
const listed = (page) =>
  page.get("finding-list").getByTestId("finding").evaluateAll((all) =>
    all.map(({ dataset, innerText }) => ({ kind: dataset.kind, rank: Number(dataset.rank), size: Number(dataset.size), text: innerText })));

site("findings: the list, a review by keyboard alone, the flows of a group, and the files", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("finding-list").waitFor();
  const all = await listed(page);
  const groups = all.filter(({ kind }) => kind === "group");
  assert.ok(groups.length > 0 && groups.length <= 25, `${groups.length} groups`);
  assert.deepEqual(all.map(({ rank }) => rank), all.map((_, i) => i + 1), "ranks from 1");

  // All of them, without a mouse: each is selected, and the detail tells of it.
  const list = page.get("finding-list");
  await list.getByTestId("finding").first().focus();
  const review = Math.min(25, all.length);
  for (let place = 0; place < review; place += 1) {
    if (place > 0) await page.page.keyboard.press(place % 2 ? "ArrowDown" : "j");
    await until(async () => (await page.get("finding-detail").locator("h3").innerText()).startsWith(`${place + 1} · `), () => `finding ${place + 1} is told of`);
    assert.equal(await list.locator('[aria-selected="true"]').getAttribute("data-rank"), String(place + 1));
  }
  await page.page.keyboard.press("Home");
  await until(async () => (await list.locator('[aria-selected="true"]').getAttribute("data-rank")) === "1", () => "back at the first");

  // What the downloads say of the same groups.
  const { rows } = results(await page.downloadText("download-all"));
  const sizes = new Map();
  for (const { group } of rows) if (group > 0) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const [names, ...lines] = parse(await page.downloadText("download-findings"));
  assert.equal(lines.length, all.length);
  const cell = (line, name) => line[names.indexOf(name)];
  lines.forEach((line, i) => {
    assert.equal(cell(line, "kind"), all[i].kind);
    assert.equal(Number(cell(line, "flows")), all[i].size);
    if (all[i].kind === "group") assert.equal(sizes.get(Number(cell(line, "group"))), all[i].size, "the group's rows in the results");
    else assert.ok(rows.some(({ rank, group, anomaly }) => rank === Number(cell(line, "flow_rank")) && group === 0 && anomaly));
  });
  assert.equal(groups.length, sizes.size);

  // The sample's first finding is a burst, and says how short it is.
  await page.page.keyboard.press("Home");
  assert.match(await page.get("finding-evidence").innerText(), /^A burst (from one host to one port|to one port of one host|between two hosts) within [\d.]+ (s|min|h).*: .* of the file’s time and flows\.$/);
  assert.match(cell(lines[0], "sets_apart"), /^A burst .*; [^;]+/, "and which columns set it apart");

  // What stands out comes first, and the heading counts it; what goes on all through the file, and what chance would have as well, comes last.
  const late = await list.getByTestId("finding").evaluateAll((lines) => lines.map((line) => line.classList.contains("late")));
  assert.ok(late.includes(true) && late.lastIndexOf(false) < late.indexOf(true), "what stands out is first");
  const standing = all.filter(({ kind }, i) => kind === "group" && !late[i]).length;
  assert.match(await page.page.locator(".findings-list h2").innerText(), new RegExp(`^${standing} groups? of flows$`));
  const steady = lines.filter((line) => /^Goes on all through the file/.test(cell(line, "sets_apart")));
  assert.ok(steady.length > 0 && steady.every((line) => late[lines.indexOf(line)]));

  // The flows of a group of alike ones, in the table below; and the one outside that is most like them.
  const first = lines.findIndex((line) => cell(line, "kind") === "group" && !/^A (burst|series)/.test(cell(line, "sets_apart")));
  await list.getByTestId("finding").nth(first).click();
  await page.get("finding-nearest").waitFor();
  assert.match(await page.get("finding-nearest").innerText(), / → .*: it has .+/);
  await page.get("finding-flows").click();
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(all[first].size), () => "the filter leaves the group's flows");

  // Coloured in the charts: the table behind the points is of its flows, all others stay in sight.
  const told = async (chart) => page.get(chart).locator("table tr").evaluateAll((rows) => rows.slice(1).map((row) => [...row.cells].map((cell) => cell.textContent)));
  await page.get("filter-input").press("Escape");
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(rows.length), () => "all rows again");
  await page.get("finding-charts").click();
  const number = cell(lines[first], "group");
  await until(async () => (await page.get("chart-scatter").locator(".sub").innerText()).includes(`of group ${number} as points`), () => "the group is drawn");
  const ranks = new Set(rows.filter(({ group }) => group === Number(number)).map(({ rank }) => String(rank)));
  const points = await told("chart-scatter");
  assert.ok(points.length > 0 && points.every(([rank]) => ranks.has(rank)), "points are the group's flows");
  const bars = await told("chart-scores");
  const members = bars.map(([, text]) => Number(/of group \d+: ([\d,]+)/.exec(text)[1].replaceAll(",", "")));
  assert.equal(members.reduce((sum, flows) => sum + flows, 0), all[first].size, "each of its flows has a score");
  await page.get("coloured").selectOption("");
  await until(async () => (await page.get("chart-scatter").locator(".sub").innerText()).includes("anomal"), () => "the anomalies again");

  // Classic has no groups.
  await page.run("classic");
  assert.equal(await page.get("finding-list").count(), 0);
});
