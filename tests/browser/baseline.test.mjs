// A detector that is fitted on flows known to be normal: columns under other names, what is told of it, what it refuses.
import assert from "node:assert/strict";
import { parse, results } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const csv = (records) => records.map((record) => record.join(",")).join("\n") + "\n";
const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

site("baseline: what nothing in it is like is found, whatever its columns are called; a file of other things is refused", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const { header, rows } = results(await page.downloadText("download-all"));
  const kind = header.indexOf("Attack");
  assert.ok(kind >= 0);
  // Every other usual row is known to be normal; the rest, with all attacks, is what is looked into.
  const normal = rows.filter(({ cells }, row) => cells[kind] === "none" && row % 2 === 0).map(({ cells }) => cells);
  const rest = rows.filter(({ cells }, row) => cells[kind] !== "none" || row % 2 === 1).map(({ cells }) => cells);
  await page.load({ name: "today.csv", text: csv([header, ...rest]) });

  // Not before there is a baseline.
  await page.get("train-on-baseline").click();
  const runs = page.get("run-button");
  assert.equal(await runs.getAttribute("aria-disabled"), "true");
  // Its columns stand the other way round, under names in capitals, and one is not among today's.
  const named = header.map((name) => name.toUpperCase().replaceAll(".", " "));
  const baseline = [[...named, "ONLY HERE"], ...normal.map((cells, row) => [...cells, row])].map((cells) => cells.toReversed());
  await page.get("baseline-input").setInputFiles(file("yesterday.csv", csv(baseline)));
  await page.run();
  assert.match(await page.get("run-note").innerText(), /trained on a baseline/);
  const note = await page.get("baseline-note").innerText();
  assert.match(note, new RegExp(`compared with ${normal.length.toLocaleString("en")} normal flows`));
  assert.match(note, /Only in the baseline, and not compared: ONLY HERE\./);
  assert.match(await page.get("usual-groups").innerText(), /^\d+ sets? of alike flows (is|are) about as common in the baseline/);

  const against = results(await page.downloadText("download-all")).rows;
  const groups = new Map();
  for (const { cells, group } of against) {
    if (group > 0) groups.set(group, (groups.get(group) ?? []).concat(cells[kind]));
  }
  assert.ok(groups.size >= 2, `${groups.size} groups`);
  for (const [group, kinds] of groups) {
    const attacks = kinds.filter((kind) => kind !== "none").length;
    assert.ok(2 * attacks > kinds.length, `group ${group}: ${attacks} attacks of ${kinds.length} flows`);
  }
  const [names, ...lines] = parse(await page.downloadText("download-findings"));
  assert.equal(lines.filter((line) => line[names.indexOf("kind")] === "group").length, groups.size);

  // The third detector: what the most alike normal flow holds is told beside a flow's own values.
  await page.get("detector-nearest").click();
  await page.run();
  assert.match(await page.get("run-note").innerText(), /^Distance to the most alike flow, .* trained on a baseline/);
  assert.match(await page.get("threshold-words").innerText(), /farther than .* from the most alike normal flow/);
  const [columns, ...both] = parse(await page.downloadText("download-all"));
  assert.deepEqual(columns.slice(-3), ["isolation_forest_rank", "nearest_rank", "consensus_rank"]);
  const far = both.filter((cells) => cells[columns.indexOf("anomaly")] === "1");
  const attacks = far.filter((cells) => cells[kind] !== "none").length;
  assert.ok(attacks > far.length / 2, `${attacks} attacks of ${far.length} flagged flows`);
  assert.match(await (await page.show("explanation")).innerText(), /distance to the most alike flow of the baseline.*there /s);
  assert.equal(await page.get("compare-button").innerText(), "Compare with Isolation Forest");

  // A file of other things, in words; what was found stands.
  await page.get("baseline-input").setInputFiles(file("colours.csv", "colour,size\n" + "red,1\nblue,2\n".repeat(20)));
  await page.get("run-button").click();
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), /The baseline cannot be used: none of its columns is one of the file’s|none of its columns/);
  assert.equal(await page.get("finding-list").getByTestId("finding").first().count(), 1);

  // And on the file itself again.
  await page.get("train-on-file").click();
  await page.run();
  assert.doesNotMatch(await page.get("run-note").innerText(), /baseline/);
  await until(async () => (await page.get("usual-groups").count()) === 0, () => "nothing is said of a baseline");
});

site("baseline: the first part of the file itself, by a number of flows or a point in time", async (page) => {
  await page.loadSample();
  await page.get("train-on-first").click();
  await page.run();
  const note = page.get("baseline-note");
  assert.match(await note.innerText(), /compared with 25,000 normal flows/, "the first half");
  await page.get("first-rows").fill("20,000");
  await page.run();
  assert.match(await note.innerText(), /compared with 20,000 normal flows/);
  assert.equal(results(await page.downloadText("download-all")).rows.length, 50_000, "all flows are scored");

  // Not both; and a part that is the whole file is none.
  const until = page.get("first-until");
  await until.fill("2037-01-01");
  assert.equal(await page.get("run-button").getAttribute("aria-disabled"), "true");
  assert.match(await page.get("first-until-error").innerText(), /not both/);
  await page.get("first-rows").fill("");
  await page.get("run-button").click();
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), /that part is the whole file/);
});

site("baseline: the first part of a file is as good as a file of just these flows", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const { header, rows } = results(await page.downloadText("download-all"));
  const kind = header.indexOf("Attack");
  // Normal flows first, then the others.
  const cells = rows.map((row) => row.cells);
  const normal = cells.filter((row, place) => row[kind] === "none" && place % 2 === 0);
  const rest = cells.filter((row, place) => row[kind] !== "none" || place % 2 === 1);
  await page.load({ name: "both.csv", text: csv([header, ...normal, ...rest]) });
  await page.get("train-on-first").click();
  await page.get("first-rows").fill("0");
  assert.equal(await page.get("run-button").getAttribute("aria-disabled"), "true", "no flows are no baseline");
  await page.get("first-rows").fill(String(normal.length));
  await page.run();
  const by = (text) => results(text).rows.map(({ score, anomaly }) => `${score} ${anomaly}`);
  const first = by(await page.downloadText("download-all"));

  // The same as with a file of just these.
  await page.get("train-on-baseline").click();
  await page.get("baseline-input").setInputFiles(file("normal.csv", csv([header, ...normal])));
  await page.run();
  assert.deepEqual(by(await page.downloadText("download-all")), first);
});
