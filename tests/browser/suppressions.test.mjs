// What is expected once can be expected from now on: rules hide what they cover, count it, and can be taken back; models carry them.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

async function ranked(page) {
  await page.loadSample();
  await page.run("recommended");
  await page.get("finding-list").waitFor();
}

/** The ranks that are listed, in the list's order. */
const ranks = (page) =>
  page.get("finding-list").getByTestId("finding").evaluateAll((all) => all.map(({ dataset }) => Number(dataset.rank)));

const listed = (page, wanted, what) =>
  until(async () => JSON.stringify(await ranks(page)) === JSON.stringify(wanted), async () => `${what}: ${await ranks(page)}`);

/** Marks findings as expected from the first on, until one can be a rule of at least so many parts; its rank. */
async function expectOne(page, parts = 1) {
  for (const rank of await ranks(page)) {
    await page.get("finding-list").locator(`[data-rank="${rank}"]`).click();
    await until(async () => (await page.get("finding-detail").locator("h3").innerText()).startsWith(`${rank} · `), () => `finding ${rank} is told of`);
    // Another tab may have said so already.
    if ((await page.get("mark-expected").getAttribute("aria-pressed")) !== "true") await page.get("mark-expected").click();
    await until(async () => (await page.get("mark-expected").getAttribute("aria-pressed")) === "true", () => "it is marked");
    const told = await page.get("suppress-part").evaluateAll((all) => all.filter(({ checked }) => checked).length);
    if ((await page.get("suppress").count()) && told >= parts) return rank;
  }
  assert.fail("no finding of the sample has a host in common");
}

/** How many findings a rule like the one that is offered would hide. */
const offered = async (page) => Number((await page.get("suppress-words").innerText()).match(/\((\d+) findings? in this list\)$/)[1]);

const hides = (page, wanted) =>
  until(async () => (await page.get("suppressed-count").count()) === 1 && (await page.value("suppressed-count")) === wanted, () => `${wanted} are hidden`);

/** Waits until the browser keeps this many rules that are in force. */
const keeps = (page, wanted) =>
  until(
    async () =>
      (await page.page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle("flowsift-rules").catch(() => undefined);
        const handle = await folder?.getFileHandle("rules.json").catch(() => undefined);
        if (!handle) return 0;
        // While it is written, it may be empty.
        const text = await (await handle.getFile()).text();
        return text ? JSON.parse(text).filter(({ removed }) => !removed).length : -1;
      })) === wanted,
    () => `${wanted} rules are kept`,
  );

site("suppressions: a rule hides what it covers, in the next visit too, is counted, in both files, and can be taken back", async (page) => {
  await ranked(page);
  const all = await ranks(page);
  assert.equal(await page.get("suppressed-count").count(), 0, "there is no rule yet");
  const results = await page.downloadText("download-all");
  const rank = await expectOne(page);
  await page.get("finding-note").fill("the backup <b>");
  await page.get("finding-note").press("Escape");

  // Fewer parts cover more; none is no rule; what stands there is what will be.
  const narrow = await page.get("suppress-words").innerText();
  await page.unfold("suppress-parts");
  const parts = page.get("suppress-part");
  const values = await parts.evaluateAll((all) => all.filter(({ checked }) => checked).map(({ value }) => value));
  const count = await offered(page);
  assert.ok(values.length > 0 && count >= 1 && !values.includes("apart"), `${values}: ${count}`);
  for (const value of values) await page.page.locator(`[data-testid=suppress-part][value=${value}]`).uncheck();
  await until(async () => page.get("suppress").isDisabled(), () => "a rule must say something");
  for (const value of values) await page.page.locator(`[data-testid=suppress-part][value=${value}]`).check();
  await until(async () => (await page.get("suppress-words").innerText()) === narrow, () => "as before");

  await page.get("suppress").click();
  await hides(page, count);
  const left = await ranks(page);
  assert.equal(left.length, all.length - count);
  assert.ok(!left.includes(rank) && left.every((rank) => all.includes(rank)), "ranks stay as they were");
  const words = await page.get("suppressed-count").innerText();
  assert.match(words, count === 1 ? /^1 finding is hidden by 1 rule/ : /^\d+ findings are hidden by 1 rule/);
  // The keyboard goes on in the list.
  await until(async () => page.page.evaluate(() => document.activeElement?.getAttribute("aria-selected") === "true"), () => "the list has the focus");

  // Nothing is lost: the files have all of it, and say why it is not in the list; the flows' file is the same but for the mark.
  const [names, ...lines] = parse(await page.downloadText("download-findings"));
  const cell = (line, name) => line[names.indexOf(name)];
  assert.equal(lines.length, all.length);
  const suppressed = lines.filter((line) => cell(line, "suppressed") !== "");
  assert.equal(suppressed.length, count);
  assert.equal(cell(lines[rank - 1], "mark"), "expected");
  assert.ok(narrow.startsWith(cell(lines[rank - 1], "suppressed")), cell(lines[rank - 1], "suppressed"));
  const report = (await page.download("download-report")).toString();
  assert.ok(report.includes(`${count} suppressed by rules`) && report.includes("Suppressed by the rule: "));
  const before = parse(results);
  const after = parse(await page.downloadText("download-all")).map((line) => line.slice(0, before[0].length).join("\n"));
  assert.ok(before.every((line, place) => line.join("\n") === after[place]), "scores and anomalies are as they were");
  assert.equal(after.length, before.length);

  // Shown anyway, with its mark.
  await page.get("show-suppressed").click();
  await listed(page, all, "all are listed");
  assert.equal(await page.get("show-suppressed").getAttribute("aria-pressed"), "true");
  assert.equal(await page.get("finding-suppressed").count(), count);
  const hidden = page.get("finding-list").locator(`[data-rank="${rank}"]`);
  assert.equal(await hidden.getByTestId("finding-mark").getAttribute("data-value"), "expected");
  await page.get("show-suppressed").click();
  await listed(page, left, "hidden again");

  // The next visit knows the rule, whatever the file.
  await keeps(page, 1);
  await page.page.reload();
  await ranked(page);
  await listed(page, left, "hidden in the next visit");
  await page.unfold("suppressions");
  const rules = page.get("suppression");
  assert.equal(await rules.count(), 1);
  assert.match(await rules.innerText(), /the backup <b>/);
  await page.get("remove-suppression").click();
  await listed(page, all, "the rule is removed");
  assert.equal(await page.get("suppressed-count").count(), 0);
  await keeps(page, 0);
  await page.page.reload();
  await ranked(page);
  await listed(page, all, "and stays so");
});

site("suppressions: a model carries the rules, and its own can be removed for the visit", async (page) => {
  await ranked(page);
  const all = await ranks(page);
  await expectOne(page);
  const count = await offered(page);
  await page.get("suppress").click();
  await hides(page, count);
  await keeps(page, 1);
  await page.tab("models");
  const model = await page.download("download-model");
  await page.tab("findings");
  await page.unfold("suppressions");
  await page.get("remove-suppression").click();
  await listed(page, all, "the visitor's rule is removed");
  await keeps(page, 0);

  await page.get("train-on-model").click();
  await page.get("model-input").setInputFiles({ name: "office.flowsift.onnx", mimeType: "application/octet-stream", buffer: model });
  await page.run();
  await page.get("finding-list").waitFor();
  await hides(page, count);
  await keeps(page, 0);
  await page.unfold("suppressions");
  assert.equal(await page.get("suppression").getAttribute("data-from"), "model");
  assert.match(await page.get("suppression").innerText(), /from the model/);
  await page.get("remove-suppression").click();
  await until(async () => (await page.get("suppressed-count").count()) === 0, () => "it is removed");
  await page.run();
  await page.get("finding-list").waitFor();
  assert.equal(await page.get("suppressed-count").count(), 0, "for the whole visit");
});

site("suppressions: two tabs that make rules keep both", async (page) => {
  await ranked(page);
  const second = await page.page.context().newPage();
  await second.goto(page.server.url);
  const other = Object.assign(Object.create(Object.getPrototypeOf(page)), { page: second, server: page.server });
  await ranked(other);
  await expectOne(page, 2);
  await expectOne(other, 2);
  // The same finding, of which one tab asks for less.
  await other.unfold("suppress-parts");
  await other.get("suppress-part").first().uncheck();
  await until(async () => other.get("suppress").isEnabled(), () => "it still says something");
  await Promise.all([page.get("suppress").click(), other.get("suppress").click()]);
  await keeps(page, 2);
  await second.close();
});

site("suppressions: where there is no room, it is said, and the rule holds for the visit", async (page) => {
  await ranked(page);
  const session = await page.page.context().newCDPSession(page.page);
  const quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.server.url).origin, quotaSize });
  await expectOne(page);
  const count = await offered(page);
  await quota(1);
  await page.get("suppress").click();
  await hides(page, count);
  await page.get("rules-unkept").waitFor();
  await quota();
  await page.unfold("suppressions");
  await page.get("remove-suppression").click();
  await page.get("rules-unkept").waitFor({ state: "detached" });
});
