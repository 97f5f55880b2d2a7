// Files from elsewhere: real ones where they are at hand, and small ones with everything that CSV files do.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkResults, parse } from "./csv.mjs";
import { flows, shared } from "./data.mjs";
import { site } from "./page.mjs";

const MODES = ["recommended", "classic"];

/** Loads and runs in both modes, and checks the downloads against `input` (records, header first). */
async function checkBothModes(page, input, delimiter) {
  for (const mode of MODES) {
    await page.run(mode);
    checkResults({ ...(await page.outcome()), input, delimiter });
  }
}

const clean = shared("cicids/Dicotomico23_cicids2017_sample_12000.csv");
site("CICIDS2017, 12,000 rows", async (page) => {
  await page.load(clean.path);
  assert.equal(await page.value("row-count"), 12_000);
  assert.equal(await page.value("column-count"), 53);
  assert.equal(await page.value("skipped-count"), 0);
  await checkBothModes(page, parse(readFileSync(clean.path, "utf8")));
  await page.checkCharts();
}, clean);

const raw = shared("cicids/NetSentinel_Friday-DDos_subset.csv");
site("CICIDS2017 with its raw header: padded and repeated names, infinities", async (page) => {
  await page.load(raw.path);
  assert.equal(await page.value("row-count"), 299);
  assert.equal(await page.value("column-count"), 85);
  assert.equal(await page.value("skipped-count"), 0);
  const warnings = await page.get("warnings").innerText();
  assert.match(warnings, /\b70\b.*spaces/i);
  assert.match(warnings, /twice|duplicate|repeat/i);
  assert.match(warnings, /infinit/i);
  await checkBothModes(page, parse(readFileSync(raw.path, "utf8")));
  await page.checkCharts();
}, raw);

/** 300 plain rows of `a, b, note` with `odd` ones in the middle; `write` makes a line of cells. */
function small(odd, { write = (cells) => cells.join(","), end = "\n", header = ["a", "b", "note"] } = {}) {
  const plain = (i) => write([`${100 + ((i * 37) % 50)}`, `${10 + ((i * 53) % 30)}.5`, i % 2 ? "x" : "y"]);
  const lines = Array.from({ length: 300 }, (_, i) => plain(i));
  lines.splice(150, 0, ...odd);
  return { name: "small.csv", text: [write(header), ...lines, ""].join(end) };
}

site("quotes, line ends and delimiters", async (page) => {
  const quoted = small(['90000,5.5,"two\nlines, ""quoted"""', '101,11.5,"=HYPERLINK(""x"")"', "102,12.5,+1+cmd", "103,13.5,@SUM(A1)"]);
  const files = [
    [quoted, ","],
    [small(['90000,5.5,"two\r\nlines"'], { end: "\r\n" }), ","],
    [small(['90000;5.5;"semi;colon"'], { write: (cells) => cells.join(";") }), ";"],
    [small(["90000\t5.5\tplain"], { write: (cells) => cells.join("\t") }), "\t"],
  ];
  for (const [file, delimiter] of files) {
    await page.load(file);
    const input = parse(file.text, delimiter);
    assert.equal(await page.value("row-count"), input.length - 1);
    assert.equal(await page.value("column-count"), 3);
    await checkBothModes(page, input, delimiter);
  }
});

site("ragged rows, missing and infinite cells are counted and warned of", async (page) => {
  const odd = ["90000,5.5,x,surplus", "101,11.5", "102", "Infinity,12.5,x", "-Infinity,13.5,x", "NaN,14.5,x", ",15.5,y"];
  const file = small(odd);
  await page.load(file);
  // A row with less than half of the cells is no row; the other two ragged ones stay.
  assert.equal(await page.value("row-count"), 306);
  assert.equal(await page.value("skipped-count"), 1);
  const warnings = await page.get("warnings").innerText();
  for (const word of [/shorter/, /longer/, /half/, /infinit/i]) assert.match(warnings, word);
  const input = parse(file.text)
    .filter((cells) => cells.length > 1)
    .map((cells) => [...cells, ""].slice(0, 3));
  await checkBothModes(page, input);
});

site("a file that is dropped, and columns that results would hide", async (page) => {
  const file = flows();
  file.text = file.text.replace("Protocol", "anomaly");
  await page.drop(file);
  assert.equal(await page.value("row-count"), 500);
  await page.run("classic");
  const whole = checkResults({ ...(await page.outcome()), input: parse(file.text) });
  assert.equal(whole.rows[499].rank, 1, "the row that stands out is the first");
});

site("a folder of hourly logs that is dropped", async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "flowsift-"));
  try {
    const { text } = small([]);
    const write = (name, text) => writeFileSync(join(folder, name), text);
    mkdirSync(join(folder, "later"));
    write("later/02.csv", text);
    write("01.csv", text);
    write("00.csv", text.split("\n")[0] + "\n");
    write(".hidden", "no table");
    await page.dropPaths([folder]);
    await page.waitState("ready");
    assert.equal(await page.value("row-count"), 600);
    assert.equal(await page.value("column-count"), 4);
    assert.match(await page.get("warnings").innerText(), /1 file has no rows/);
    await page.run();
    const { all } = await page.outcome();
    assert.deepEqual(parse(all).slice(1).map((cells) => cells[3]).filter((name, at) => at % 300 === 0), ["01.csv", "02.csv"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
