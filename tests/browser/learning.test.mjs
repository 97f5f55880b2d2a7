// What marks teach: the order of findings and flows, why, and back again.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const titles = (page) =>
  page.get("finding-list").getByTestId("finding").evaluateAll((all) => all.map((finding) => finding.querySelector(".what").innerText.replace(/^(Suspicious|Expected)\s*/, "").trim()));

site("learning: marks order the findings and the flows, say why, ask on, and are forgotten by one button", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  const list = page.get("finding-list").getByTestId("finding");
  const before = await titles(page);
  assert.equal(await page.get("order-marks").count(), 0, "nothing teaches yet");
  // The analyst answers by the labels: what is no attack is expected.
  const [names, ...lines] = parse(await page.downloadText("download-all"));
  const at = (name) => names.indexOf(name);
  const attacks = (number) => {
    const flows = lines.filter((line) => line[at("anomaly_group")] === String(number));
    return flows.filter((line) => line[at("Attack")] !== "none").length * 2 > flows.length;
  };
  const kinds = await list.evaluateAll((all) => all.map((finding) => finding.dataset.kind));
  let group = 0;
  let [suspicious, expected] = [0, 0];
  for (let place = 0; place < Math.min(12, kinds.length); place += 1) {
    if (kinds[place] !== "group") continue;
    group += 1;
    const attack = attacks(group);
    await list.nth(place).focus();
    await page.page.keyboard.press(attack ? "s" : "e");
    if (attack) suspicious += 1;
    else expected += 1;
  }
  await until(async () => (await page.value("review-progress")) === suspicious + expected, () => "all are marked");
  await page.get("order-marks").click();
  await page.get("ordered-by-marks").waitFor();
  const after = await titles(page);
  assert.deepEqual(after.toSorted(), before.toSorted(), "nothing is hidden");
  if (suspicious > 0 && expected > 0) assert.notDeepEqual(after, before, "another order");
  // Suspicious ones stand above expected ones, and it is said why.
  const marks = await list.evaluateAll((all) => all.map((finding) => finding.querySelector("[data-testid=finding-mark]")?.dataset.value ?? ""));
  if (suspicious > 0) assert.ok(marks.lastIndexOf("suspicious") < marks.indexOf("expected") || expected === 0, marks.join());
  await list.first().click();
  assert.match(await page.get("finding-moved").innerText(), suspicious > 0 ? /Ranked up/ : /Ranked/);
  // It asks on, for one that is not marked.
  const place = Number((await page.get("ask-next").innerText()).match(/\d+/)[0]);
  assert.equal(marks[place - 1], "");
  await page.get("ask-next").click();
  await until(async () => (await list.nth(place - 1).getAttribute("aria-selected")) === "true", () => "that one is selected");
  await page.page.keyboard.press("e");
  await until(async () => (await page.get("order-marks").count()) === 1, () => "it can be ordered again");
  await page.get("order-marks").click();
  await until(async () => (await page.get("order-marks").count()) === 0, () => "it is ordered again");

  // All flows in that order: those of suspicious groups come first.
  await page.get("list-all").click();
  await page.get("flows-by-marks").click();
  await until(async () => (await page.get("flows-by-marks").getAttribute("aria-pressed")) === "true", () => "pressed");
  await page.still();
  assert.ok((await page.get("anomaly-table").locator("tbody tr").count()) > 0);

  await page.get("order-severity").click();
  await until(async () => JSON.stringify(await titles(page)) === JSON.stringify(before), () => "as before");
  assert.equal(await page.get("finding-moved").count(), 0);
});

site("learning: any flow is marked in the table, says what moved it, and those come last of which marks tell", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("list-all").click();
  await page.still();
  assert.equal(await page.get("flows-by-marks").count(), 0, "nothing teaches yet");
  const rows = page.get("anomaly-table").locator("tbody tr");
  const badge = (row) => row.getByTestId("finding-mark");
  const first = await rows.first().innerText();
  await rows.first().focus();
  await page.page.keyboard.press("s");
  await badge(rows.first()).waitFor();
  assert.equal(await badge(rows.first()).getAttribute("data-value"), "suspicious");
  assert.equal(await page.get("flow-suspicious").getAttribute("aria-pressed"), "true");
  // Taken back, and said again by a button; a note stands beside.
  await page.page.keyboard.press("z");
  await until(async () => (await badge(rows.first()).count()) === 0, () => "taken back");
  await page.get("flow-suspicious").click();
  await badge(rows.first()).waitFor();
  await rows.first().focus();
  await page.page.keyboard.press("n");
  await page.page.keyboard.type("seen <b>before");
  await page.page.keyboard.press("Escape");
  await until(async () => (await rows.first().innerText()).includes("✎"), () => "noted");

  await page.get("flows-by-marks").click();
  await until(async () => (await page.get("flows-by-marks").getAttribute("aria-pressed")) === "true", () => "ordered");
  await page.get("flow-moved").waitFor();
  assert.match(await page.get("flow-moved").innerText(), /^Ranked up: you marked it suspicious\.$/);
  // Others say what they are like, where that moved them.
  const told = async (place) => {
    const rank = await rows.nth(place).getAttribute("data-rank");
    await rows.nth(place).click();
    const known = page.get("flow-moved").and(page.page.locator(`[data-rank="${rank}"]`));
    await known.waitFor();
    return known.innerText();
  };
  const moved = [];
  for (let place = 1; place < 6; place += 1) moved.push(await told(place));
  assert.ok(moved.every((why) => /^Ranked up: (in one group|\d+(\.\d+)? % alike to a flow that you marked suspicious \(\S+ → |in a group)/.test(why)), moved.join("\n"));

  // What was marked is no longer first; nothing above it is as alike as that.
  await page.get("flows-untold").click();
  await until(async () => (await badge(rows.first()).count()) === 0, () => "another is first");
  const alike = Number((await told(0)).match(/^Ranked up: (\d+(\.\d+)?) % alike/)[1]);
  assert.ok(alike <= 80, `${alike} %`);
  // Marked in turn, it goes as well once that is learned. The selected finding stays that.
  const finding = await page.get("finding-detail").locator(".who").innerText();
  const next = await rows.first().innerText();
  await rows.first().focus();
  await page.page.keyboard.press("e");
  await badge(rows.first()).waitFor();
  await page.get("flows-again").click();
  await until(async () => (await badge(rows.first()).count()) === 0 && (await rows.first().innerText()) !== next, () => "again another");

  assert.equal(await page.get("finding-detail").locator(".who").innerText(), finding);

  // Back by rank, with both marks in their places.
  await page.get("flows-by-marks").click();
  await until(async () => (await page.get("flows-by-marks").getAttribute("aria-pressed")) === "false", () => "by rank");
  await until(async () => (await badge(rows.first()).count()) === 1, () => "the first is the marked one");
  assert.ok((await rows.first().innerText()).startsWith(first.split("\n")[0].split("\t")[0]));
  assert.equal(await page.get("flow-moved").count(), 0);

  // Another run has no order by marks until it is asked for.
  await page.get("flows-by-marks").click();
  await until(async () => (await page.get("flows-by-marks").getAttribute("aria-pressed")) === "true", () => "ordered");
  await page.run("recommended");
  await until(async () => (await page.get("flows-by-marks").getAttribute("aria-pressed")) === "false", () => "by rank again");
});
