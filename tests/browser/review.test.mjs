// A review of the findings: marked by keys, kept with the file, in both downloads, and taken elsewhere.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const MARKS = { s: "suspicious", e: "expected", u: "unsure" };

/** The marks in the list, in its order. */
const marks = (page) =>
  page.get("finding-list").getByTestId("finding").evaluateAll((all) =>
    all.map((finding) => finding.querySelector("[data-testid=finding-mark]")?.dataset.value ?? ""));

const marked = (page, wanted, what) =>
  until(async () => JSON.stringify((await marks(page)).slice(0, wanted.length)) === JSON.stringify(wanted), async () => `${what}: ${await marks(page)}`);

/** The same flows again, once they were read and ranked. */
async function again(page) {
  await page.loadSample();
  await page.run("recommended");
  await page.get("finding-list").waitFor();
}

site("review: 25 findings by keys alone, found again in the next visit, in the files, and in another browser", async (page) => {
  await again(page);
  const all = (await marks(page)).length;
  const review = Math.min(25, all);
  const keyboard = page.page.keyboard;
  await page.get("finding-list").getByTestId("finding").first().focus();
  const wanted = [];
  for (let place = 0; place < review; place += 1) {
    if (place > 0) await keyboard.press("j");
    const key = ["s", "e", "u"][place % 3];
    await keyboard.press(key);
    wanted.push(MARKS[key]);
  }
  await marked(page, wanted, "marked by keys");
  assert.equal(await page.value("review-progress"), review);
  assert.equal(await page.get("mark-suspicious").getAttribute("aria-pressed"), String(wanted.at(-1) === "suspicious"));

  // The last mark is taken back, and said again; the first gets a note, which is text whatever it holds.
  await keyboard.press("z");
  await marked(page, [...wanted.slice(0, -1), ""], "taken back");
  await keyboard.press(["s", "e", "u"][(review - 1) % 3]);
  await marked(page, wanted, "and marked again");
  await keyboard.press("Home");
  await until(async () => /^1 · /.test(await page.get("finding-detail").locator("h3").innerText()), () => "the first is told of");
  await keyboard.press("n");
  const note = '=HYPERLINK("x") <img src=x onerror=alert(1)>';
  await page.get("finding-note").fill(note);
  await keyboard.press("Escape");
  await page.still();

  // Both files say the same.
  const [names, ...lines] = parse(await page.downloadText("download-findings"));
  const cell = (line, name) => line[names.indexOf(name)];
  assert.deepEqual(lines.slice(0, review).map((line) => cell(line, "mark")), wanted);
  assert.equal(cell(lines[0], "note"), `'${note}`);
  const suspicious = lines.filter((line) => cell(line, "mark") === "suspicious").reduce((sum, line) => sum + Number(cell(line, "flows")), 0);
  const [head, ...cells] = parse(await page.downloadText("download-all"));
  assert.equal(cells.filter((line) => line[head.indexOf("mark")] === "suspicious").length, suspicious);
  // The report holds the findings, marks and notes as text, and runs nothing.
  const report = (await page.download("download-report")).toString();
  assert.ok(!report.includes("<img") && report.includes("=HYPERLINK(&quot;x&quot;) &lt;img src=x"), "the note stays text");
  const opened = await page.page.context().newPage();
  await opened.setContent(report);
  const told = await opened.evaluate(() => {
    const rows = [...document.querySelectorAll("#findings tbody tr")];
    const cell = (row, place) => row.cells[place].querySelector("b").textContent;
    const pictures = [...document.querySelectorAll("figure.picture")].map((figure) => ({
      kind: figure.dataset.picture, titled: Boolean(figure.querySelector("svg > title")?.textContent), drawn: figure.querySelectorAll("svg path[d]:not([d=''])").length, told: figure.querySelector("figcaption")?.textContent ?? "",
    }));
    return { pictures, scripts: document.scripts.length, marks: rows.map((row) => cell(row, 5).toLowerCase()), flows: rows.map((row) => cell(row, 2)) };
  });
  await opened.close();
  assert.equal(told.scripts, 0);
  for (const kind of ["scores", "timeline", "times", "apart"]) assert.ok(told.pictures.some((picture) => picture.kind === kind), `a picture of ${kind}`);
  for (const picture of told.pictures) assert.ok(picture.titled && picture.drawn > 0 && picture.told.length > 3, JSON.stringify(picture));
  assert.deepEqual(told.marks.slice(0, review), wanted);
  assert.deepEqual(told.flows.map((text) => text.replaceAll(/\D/g, "")), lines.map((line) => cell(line, "flows")));
  await page.get("filter-input").fill("mark:suspicious");
  await page.get("filter-input").press("Enter");
  await until(async () => (await page.get("filter-count").getAttribute("data-value")) === String(suspicious), () => "the filter leaves what was marked");
  await page.get("filter-input").press("Escape");
  await page.unfold("marks");
  const taken = await page.download("download-marks");

  // The tab is closed and opened: the same file is known again.
  await page.page.reload();
  await again(page);
  await marked(page, wanted, "kept by the browser");
  assert.equal(await page.get("finding-note").inputValue(), note);

  // Cleared, and loaded from the file.
  await page.unfold("marks");
  await page.get("clear-marks").click();
  await marked(page, wanted.map(() => ""), "cleared");
  await page.get("marks-input").setInputFiles({ name: "other.json", mimeType: "application/json", buffer: Buffer.from("[1]") });
  await until(async () => /holds no marks/.test(await page.get("error").innerText()), () => "something else is refused");
  // What was cleared later than marked stays so; a browser that never knew takes the marks in.
  const forget = async () => (await navigator.storage.getDirectory()).removeEntry("flowsift-remarks", { recursive: true });
  await until(() => page.page.evaluate(forget).then(() => true, () => false), "what is being written cannot be removed");
  await page.page.reload();
  await again(page);
  assert.equal(await page.value("review-progress"), 0);
  await page.get("marks-input").setInputFiles({ name: "marks.json", mimeType: "application/json", buffer: taken });
  await marked(page, wanted, "loaded from the file");
});

site("review: alike findings are marked together", async (page) => {
  await again(page);
  const list = page.get("finding-list").getByTestId("finding");
  const all = await list.count();
  for (let place = 0; place < all; place += 1) {
    await list.nth(place).click();
    await page.get("mark-expected").click();
    await until(async () => (await page.get("mark-expected").getAttribute("aria-pressed")) === "true", () => "it is marked");
    const more = page.get("mark-alike");
    if (await more.count()) {
      const alike = Number((await more.innerText()).match(/^\d+/)[0]);
      const before = await page.value("review-progress");
      await more.click();
      await until(async () => (await page.value("review-progress")) === before + alike, () => "all of them are marked");
      return;
    }
  }
  assert.fail("no two findings of the sample are alike");
});
