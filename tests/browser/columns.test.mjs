// Columns and what is noteworthy about them: roles, remedies, and what was left out of rows.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

/** The cells of a column's row in the table of columns; the role is the chosen one. */
async function facts(page, column) {
  await page.unfold("columns");
  return page.get("column-table").evaluate((table, column) => {
    const select = table.querySelector(`select[data-column="${column}"]`);
    const cells = [...select.closest("tr").cells].map((cell) => cell.textContent.trim());
    const names = [...table.rows[0].cells].map((cell) => cell.textContent);
    return { ...Object.fromEntries(names.map((name, i) => [name, cells[i]])), role: select.value, bars: select.closest("tr").querySelector("path").getAttribute("d") };
  }, column);
}

async function setRole(page, column, role) {
  await page.unfold("columns");
  await page.get("column-table").locator(`select[data-column="${column}"]`).selectOption(role);
  await page.get("apply-roles").click();
  await page.waitState("ready");
}

const compared = async (page) => Number(await page.get("column-count").getAttribute("data-compared"));

site("the table of columns", async (page) => {
  await page.load(flows());
  const bytes = await facts(page, "Bytes");
  assert.equal(bytes.Type, "number, B");
  assert.equal(bytes.role, "measure");
  assert.equal(bytes.Max, "88 MB");
  assert.match(bytes.bars, /^M.*z$/);
  const protocol = await facts(page, "Protocol");
  assert.equal(protocol.role, "protocol");
  assert.equal(protocol.Distinct, "2");
  await page.run("recommended");
  assert.match((await facts(page, "Bytes"))["How compared"], /scale/);
  assert.match((await facts(page, "Source IP"))["How compared"], /constant/, "all are private");
});

site("a role that is changed changes what is compared", async (page) => {
  await page.load(flows());
  await page.run("recommended");
  const before = await compared(page);
  await setRole(page, "Bytes", "left out");
  assert.equal(await page.get("anomaly-count").count(), 0, "the results were of other columns");
  assert.ok(await page.get("run-button").isEnabled());
  assert.equal(await page.value("row-count"), 500);
  await page.run();
  assert.equal(await compared(page), before - 1);
  assert.match((await facts(page, "Bytes"))["How compared"], /never|left out/);
  await setRole(page, "Bytes", "measure");
  await page.run();
  assert.equal(await compared(page), before);
  // What is stored of this one differs, so the file is read again.
  await setRole(page, "Source IP", "category");
  assert.equal((await facts(page, "Source IP")).role, "category");
  await page.run();
  assert.equal(await compared(page), before + 1);
});

site("roles are changed together, and not before they are applied", async (page) => {
  await page.load(flows());
  await page.run("recommended");
  const before = await compared(page);
  const count = await page.value("anomaly-count");
  await page.get("tab-data").click();
  const select = (column, role) => page.get("column-table").locator(`select[data-column="${column}"]`).selectOption(role);
  const role = (column) => page.get("column-table").locator(`select[data-column="${column}"]`).inputValue();
  await select("Bytes", "left out");
  await select("Packets", "left out");
  assert.equal(await page.state(), "done");
  assert.equal(await page.value("anomaly-count"), count, "results stand");
  await page.get("reset-roles").click();
  assert.equal(await role("Bytes"), "measure");
  assert.equal(await page.get("apply-roles").count(), 0);
  await select("Bytes", "left out");
  await select("Packets", "left out");
  await page.get("apply-roles").click();
  await page.waitState("ready");
  assert.equal(await role("Packets"), "left out");
  await page.run();
  assert.equal(await compared(page), before - 2);
});

/** Many columns: two equal ones, one with −1 for nothing, and as many constants as told. */
function noteworthy(constants) {
  const names = ["Bytes", "Same", "Window", ...Array.from({ length: constants }, (_, i) => `Zero ${i}`)];
  const row = (i) => [(i * 37) % 101, (i * 37) % 101, i % 3 ? i : -1, ...Array(constants).fill(0)].join(",");
  return { name: "wide.csv", text: [names.join(","), ...Array.from({ length: 90 }, (_, i) => row(i)), ""].join("\n") };
}

const remedies = (page, kind) => page.get("lints").locator(`[data-testid=remedy][data-kind=${kind}]`);

async function remedy(page, kind) {
  await page.show("lints");
  await remedies(page, kind).click();
}

site("lints and their remedies", async (page) => {
  await page.load(noteworthy(5));
  const words = await page.get("lints").innerText();
  assert.match(words, /5 columns are constant/);
  assert.match(words, /1 column equals another/);
  await remedy(page, "duplicate");
  await page.waitState("ready");
  assert.equal(await remedies(page, "duplicate").count(), 0, "it is no longer noteworthy");
  assert.equal((await facts(page, "Same")).role, "left out");
  await setRole(page, "Same", "measure");
  assert.equal(await remedies(page, "duplicate").count(), 1, "the role undoes it");

  await (await page.show("lints")).locator("[data-testid=remedy-all][data-kind=constant]").click();
  await page.waitState("ready");
  assert.doesNotMatch(await page.get("lints").innerText(), /constant/);
  assert.equal((await facts(page, "Zero 4")).role, "left out");

  assert.doesNotMatch((await facts(page, "Window")).Missing, /\d/);
  await remedy(page, "minus-one");
  await page.waitState("ready");
  assert.match((await facts(page, "Window")).Missing, /^30 missing/);
  await (await page.show("remedy-undo")).click();
  await page.waitState("ready");
  assert.doesNotMatch((await facts(page, "Window")).Missing, /\d/);
});

site("remedies that the next run follows", async (page) => {
  // Half of the flows repeat, and one size is far beyond all others.
  const row = (i) => `${100 + ((i * 37) % 50)},${i === 77 ? 90_000_000 : (i * 53) % 30},${(i * 11) % 7}`;
  const rows = Array.from({ length: 12_000 }, (_, i) => row(i % 6_000 === 77 ? i : i % 6_000 < 3_000 ? i % 6_000 : i));
  await page.load({ name: "repeated.csv", text: ["Packets,Bytes,Flags", ...rows, ""].join("\n") });
  const different = new Set(rows).size;
  const words = await page.get("lints").innerText();
  assert.match(words, new RegExp(`${(12_000 - different).toLocaleString("en")} flows repeat`), "every repeat is counted");

  const remedied = (kind) => page.get("lints").locator(`[data-testid=remedied][data-kind=${kind}]`);
  await page.run();
  const before = await page.downloadText("download-all");
  await remedy(page, "repeated-rows");
  await remedied("repeated-rows").waitFor();
  await page.run();
  assert.notEqual(await page.downloadText("download-all"), before, "each was learned from once");
  assert.equal(await page.value("row-count"), 12_000);

  assert.equal(await remedied("skewed").count(), 1, "Recommended does so by itself");
  await page.get("mode-classic").click();
  await remedy(page, "skewed");
  assert.equal(await page.get("mode-recommended").getAttribute("aria-pressed"), "true");
  await remedied("skewed").waitFor();
});

site("hundreds of columns", async (page) => {
  await page.load(noteworthy(600));
  await page.unfold("columns");
  const listed = () => page.get("column-role").count();
  assert.ok((await listed()) < 603, "not all at once");
  await page.get("column-filter").fill("zero 59");
  assert.equal(await listed(), 11);
  assert.equal((await facts(page, "Zero 599")).role, "measure");
});

site("rejected rows and unread cells are a download", async (page) => {
  await page.load(flows());
  assert.equal(await page.get("download-rejected").count(), 0, "nothing was rejected");
  const file = flows(300);
  const lines = file.text.split("\n");
  lines[100] = "10.0.0.1,";
  lines[200] = lines[200].replace(/,\d+,(\d+)$/, ",many,$1");
  file.text = lines.join("\n");
  await page.load(file);
  assert.equal(await page.value("skipped-count"), 1);
  const [header, ...rows] = parse(await page.downloadText("download-rejected"));
  assert.equal(await page.state(), "ready");
  const found = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
  assert.equal(found.length, 2);
  assert.deepEqual([found[0].line, found[0].text], ["101", "10.0.0.1,"]);
  assert.deepEqual([found[1].line, found[1].column, found[1].text], ["201", "Bytes", "many"]);
  for (const { line, byte } of found) {
    assert.equal(Number(byte), lines.slice(0, Number(line) - 1).join("\n").length + 1, `line ${line} begins at byte ${byte}`);
  }
  // With results too, and these stay.
  await page.run("classic");
  const count = await page.value("anomaly-count");
  await page.downloadText("download-rejected");
  assert.equal(await page.state(), "done");
  assert.equal(await page.value("anomaly-count"), count);
});
