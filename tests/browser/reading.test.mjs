// How a file is read is shown, can be changed, and the preview follows.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { checkResults, parse } from "./csv.mjs";
import { flows } from "./data.mjs";
import { zip } from "./pack.mjs";
import { site } from "./page.mjs";

/** 60 rows of cells, joined as told; the header is `names`. */
function table(names, cells, join) {
  const lines = Array.from({ length: 60 }, (_, i) => cells(i).join(join));
  return [names.join(join), ...lines, ""].join("\n");
}

/** The names in the preview, and its first row. */
async function preview(page) {
  await page.unfold("reading");
  const rows = await page.get("preview").evaluate((table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent)));
  return { names: rows[0], first: rows[1], rows: rows.length - 1 };
}

/** Chooses in one of the controls and waits for the state that follows. */
async function choose(page, what, value, state = "ready") {
  await page.unfold("reading");
  await (await page.show(`choose-${what}`)).selectOption(value);
  return page.waitState(state);
}

/** What the control says that the file tells. */
const told = (page, what) => page.get(`choose-${what}`).locator("option").first().innerText();

site("the delimiter", async (page) => {
  await page.load({ name: "two.csv", text: table(["a|b", "c", "d"], (i) => [`${i}|${i + 1}`, i * 2, i * 3], ";") });
  assert.deepEqual((await preview(page)).names, ["a|b", "c", "d"]);
  assert.match(await told(page, "delimiter"), /semicolon/);
  await choose(page, "delimiter", "pipe");
  assert.equal(await page.value("column-count"), 2);
  const seen = await preview(page);
  assert.deepEqual(seen.names, ["a", "b;c;d"]);
  assert.deepEqual(seen.first, ["0", "1;0;0"]);
  assert.match(await told(page, "delimiter"), /semicolon/, "what the file tells is not what was chosen");
  await choose(page, "delimiter", "");
  assert.equal(await page.value("column-count"), 3);
});

site("whether the first line is a header", async (page) => {
  await page.load({ name: "bare.csv", text: table([7, 8, 9], (i) => [i, i * 2, i % 5], ",") });
  await choose(page, "header", "yes");
  assert.equal(await page.value("row-count"), 60);
  assert.deepEqual((await preview(page)).names, ["7", "8", "9"]);
  await choose(page, "header", "no");
  assert.equal(await page.value("row-count"), 61);
  const seen = await preview(page);
  assert.deepEqual(seen.first, ["7", "8", "9"]);
  assert.notDeepEqual(seen.names, ["7", "8", "9"]);
});

site("the encoding", async (page) => {
  const text = table(["naïve", "größe"], (i) => [i, (i * 7) % 11], ",");
  await page.load({ name: "latin.csv", text: Buffer.from(text, "latin1") });
  assert.deepEqual((await preview(page)).names, ["naïve", "größe"]);
  assert.match(await told(page, "encoding"), /1252/);
  await choose(page, "encoding", "utf-8");
  assert.deepEqual((await preview(page)).names, ["na\ufffdve", "gr\ufffd\ufffde"]);
  await choose(page, "encoding", "");
  assert.deepEqual((await preview(page)).names, ["naïve", "größe"]);

  await page.load({ name: "wide.csv", text: Buffer.from(`\ufeff${text}`, "utf16le") });
  assert.match(await told(page, "encoding"), /UTF-16 LE/);
  assert.deepEqual((await preview(page)).names, ["naïve", "größe"]);
  assert.equal(await page.value("row-count"), 60);
});

site("the decimal sign", async (page) => {
  const type = (name) =>
    page.get("column-table").evaluate((table, name) => [...table.rows].find((row) => row.cells[0].textContent === name)?.cells[3].textContent, name);
  await page.load({ name: "komma.csv", text: table(["a", "b"], (i) => [`${i},5`, i], ";") });
  await page.unfold("columns");
  await choose(page, "decimal", "comma");
  await page.unfold("columns");
  assert.equal(await type("a"), "number");
  await choose(page, "decimal", "point");
  await page.unfold("columns");
  assert.equal(await type("a"), "text");
  assert.equal(await type("b"), "number");
});

site("a choice that does not fit can be taken back", async (page) => {
  await page.load(flows());
  await choose(page, "delimiter", "tab", "error");
  assert.match(await page.get("error").innerText(), /number|column/i);
  assert.ok(await (await page.show("choose-delimiter")).isVisible(), "the choices stay");
  assert.equal(await page.get("preview").count(), 0, "nothing is shown that was not read");
  assert.equal(await page.get("run-button").isEnabled(), false);
  await choose(page, "delimiter", "");
  assert.equal(await page.value("row-count"), 500);
  assert.equal(await page.get("error").count(), 0);
  await page.run("classic");
  assert.ok((await page.value("anomaly-count")) > 0);
  // Changed while there are results: these are gone, and can be made again.
  await choose(page, "encoding", "windows-1252");
  assert.equal(await page.get("anomaly-count").count(), 0);
  await page.run();
});

site("packed files", async (page) => {
  const { text } = flows();
  const cut = text.indexOf("\n", text.length / 2) + 1;
  const members = [text.slice(0, cut), text.slice(cut)].map((part) => gzipSync(part));
  await page.load({ name: "flows.csv.gz", text: Buffer.concat(members) });
  assert.equal(await page.value("row-count"), 500);
  await page.run("classic");
  checkResults({ ...(await page.outcome()), input: parse(text) });

  await page.load({ name: "one.zip", text: zip([["flows.csv", text]]) });
  assert.equal(await page.value("row-count"), 500);
  await page.unfold("reading");
  assert.equal(await page.get("choose-entries").count(), 0, "there is nothing to choose");
});

/** Ticks or unticks an entry of the archive. */
const tick = async (page, entry) => (await page.show("choose-entries")).locator(`[data-entry="${entry}"]`).click();

site("entries of an archive", async (page) => {
  const [small, large] = [flows(60).text, flows(300).text];
  await page.load({ name: "hours.zip", text: zip([["hours/00.csv", small], ["hours/01.csv", large], ["README", "Read me."]]) });
  assert.equal(await page.value("row-count"), 300, "the largest");
  await page.unfold("reading");
  await tick(page, "hours/00.csv");
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 360, "both, as one table");
  assert.ok((await preview(page)).names.includes("source_file"));
  await tick(page, "hours/01.csv");
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 60);
  // Unticking all reads nothing else; ticking what is no table is an error that can be mended.
  await tick(page, "hours/00.csv");
  assert.equal(await page.value("row-count"), 60);
  await tick(page, "README");
  await page.waitState("error");
  await tick(page, "hours/01.csv");
  await page.waitState("error");
  await tick(page, "README");
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 300);
});

site("an archive whose largest entry is no table", async (page) => {
  const text = flows(60).text;
  await page.choose({ name: "mixed.zip", text: zip([["flows.csv", text], ["manual.pdf", `%PDF-1.4\n${"x".repeat(99_999)}`]]) });
  await page.waitState("error");
  await tick(page, "flows.csv");
  await page.waitState("ready");
  assert.equal(await page.value("row-count"), 60);
});

site("several files are one table", async (page) => {
  const [first, second] = [flows(100), flows(50)];
  await page.load([{ ...second, name: "b.csv" }, { ...first, name: "a.csv" }]);
  assert.equal(await page.value("row-count"), 150);
  assert.equal(await page.value("column-count"), 7);
  const { names, first: row } = await preview(page);
  assert.equal(names.at(-1), "source_file");
  assert.equal(row.at(-1), "a.csv", "in the order of their names");
  await page.run("classic");
  const { all } = await page.outcome();
  const [header, ...rows] = parse(all);
  const source = header.indexOf("source_file");
  assert.deepEqual([0, 99, 100, 149].map((at) => rows[at][source]), ["a.csv", "a.csv", "b.csv", "b.csv"]);

  await page.choose([first, { name: "z.csv", text: "x,y\n1,2\n3,4\n" }]);
  await page.waitState("error");
  assert.match(await page.get("error").innerText(), /z\.csv.*columns/);
  await page.load(first);
  assert.equal(await page.value("row-count"), 100);
});

site("what reading takes is said before and after", async (page) => {
  await page.load(flows());
  const outlook = page.get("outlook");
  assert.equal(await outlook.getAttribute("data-mode"), "held");
  assert.match(await outlook.innerText(), /memory/);
});

const streamed = { before: () => Object.defineProperty(Navigator.prototype, "deviceMemory", { get: () => 1e-5 }) };
site("a file that does not fit in memory is streamed, with the same answer", async (page) => {
  const file = flows(3_000);
  await page.load(file);
  assert.equal(await page.get("outlook").getAttribute("data-mode"), "streamed");
  await page.run("recommended");
  checkResults({ ...(await page.outcome()), input: parse(file.text) });
  assert.equal(await page.get("streamed-note").count(), 0, "up to the size of the sample nothing differs");
}, streamed);

site("what is not exact is said", async (page) => {
  await page.load(flows(70_000));
  assert.equal(await page.get("outlook").getAttribute("data-mode"), "streamed");
  await page.run("classic");
  assert.match(await (await page.show("streamed-note")).innerText(), /65,536/);
  assert.match(await (await page.show("chart-scatter")).innerText(), /sample of 65,536/i);
  const { rows } = checkShape(await page.downloadText("download-all"));
  assert.equal(rows, 70_000);
}, streamed);

function checkShape(text) {
  const [header, ...rows] = parse(text);
  assert.ok(rows.every((row) => row.length === header.length));
  return { rows: rows.length };
}
