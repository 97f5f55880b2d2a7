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
