// Runs beside each other, a run's settings put back, and a run made again from its manifest: the same bytes.
import assert from "node:assert/strict";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

/** A run's row in the table. */
const run = (page, number) => page.get("runs-table").locator(`[data-testid=run][data-number="${number}"]`);

/** The digits that a cell of a run carries. */
const figure = async (page, number, id) => Number(await run(page, number).getByTestId(id).getAttribute("data-value"));

const manifest = (text, name = "flowsift-sample.flowsift-run.json") => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });

/** Types into a field of a folded form. */
async function type(page, form, field, text) {
  await page.unfold(form);
  await page.get(field).fill(text);
  await page.get(field).press("Tab");
}

/** So that the next error is not taken for the last one. */
async function closeNotice(page) {
  if (await page.get("close-error").count()) await page.get("close-error").click();
}

/** Chooses a manifest that is refused, and gives the words. */
async function refused(page, text) {
  await closeNotice(page);
  await page.get("manifest-input").setInputFiles(manifest(text));
  await page.waitState("error");
  return page.get("error").innerText();
}

site("runs: beside each other, settings put back, and the same bytes again from a manifest", async (page) => {
  await page.loadSample();
  await type(page, "params", "param-trees", "60");
  await page.run("recommended");
  const flagged = await page.value("anomaly-count");
  await page.tab("explore");
  assert.equal(await figure(page, 1, "run-flagged"), flagged);
  assert.match(await run(page, 1).getByTestId("run-agreement").innerText(), /the last run/);

  // Another one: both are listed, the newest first, with how far they agree.
  await page.get("params-reset").click();
  await type(page, "params", "param-seed", "7");
  await page.run();
  await page.tab("explore");
  const listed = await page.get("runs-table").getByTestId("run").evaluateAll((rows) => rows.map((row) => row.dataset.number));
  assert.deepEqual(listed, ["2", "1"]);
  const second = await page.value("anomaly-count");
  assert.equal(await figure(page, 2, "run-flagged"), second);
  assert.equal(await figure(page, 1, "run-flagged"), flagged, "what the first one came to stands");
  const both = await figure(page, 1, "run-agreement");
  assert.ok(both > 0 && both <= Math.min(flagged, second, 1000), `${both} are flagged by both`);
  assert.match(await run(page, 1).getByTestId("run-settings").innerText(), /60 trees × 256 flows, seed 42/);
  assert.match(await run(page, 2).getByTestId("run-settings").innerText(), /100 trees × 256 flows, seed 7/);

  // Settings come back into the steps, and nothing is run by that.
  await run(page, 1).getByTestId("use-settings").click();
  await page.unfold("params");
  assert.equal(await page.get("param-trees").inputValue(), "60");
  assert.equal(await page.get("param-seed").inputValue(), "42");
  assert.equal((await page.get("runs-table").getByTestId("run").count()), 2);
  await page.run();
  await page.tab("explore");
  assert.equal(await page.value("anomaly-count"), flagged);
  assert.equal(await figure(page, 1, "run-agreement"), Math.min(flagged, 1000), "the same run again agrees in all");

  // With a mark, a rule and a threshold that was moved.
  await page.tab("findings");
  await page.get("finding-list").getByTestId("finding").first().click();
  await page.get("mark-suspicious").click();
  await until(async () => (await page.get("mark-suspicious").getAttribute("aria-pressed")) === "true", () => "it is marked");
  const lower = Math.round(((await page.threshold()) - 0.02) * 1e4) / 1e4;
  await page.get("threshold-input").fill(String(lower));
  await page.get("threshold-input").press("Enter");
  await until(async () => (await page.threshold()) === lower, () => "the threshold is moved");
  await until(async () => (await page.value("anomaly-count")) > flagged, () => "and counted");
  const moved = await page.value("anomaly-count");
  const bytes = await page.downloadText("download-all");
  await page.tab("explore");
  assert.equal(await figure(page, 3, "run-flagged"), moved, "what is listed follows the threshold");
  const written = await page.downloadText("download-manifest");
  const read = JSON.parse(written);
  assert.equal(read.results.flagged, moved);
  assert.deepEqual(read.settings.typed, [["param-trees", "60"]]);

  // The tab is closed and opened; a browser that knows nothing of marks makes the run again.
  await page.page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry("flowsift-remarks", { recursive: true }));
  await page.page.reload();
  await page.loadSample();
  await page.get("manifest-input").setInputFiles(manifest(written));
  await page.waitState("done");
  await page.get("manifest-note").waitFor();
  assert.equal(await page.get("manifest-note").getAttribute("data-value"), "same", await page.get("manifest-note").innerText());
  assert.match(await page.get("manifest-note").innerText(), new RegExp(`^The same results as on \\d{4}-\\d\\d-\\d\\d: ${moved.toLocaleString("en")} flows flagged`));
  assert.equal(await page.threshold(), lower);
  assert.equal(await page.downloadText("download-all"), bytes, "the same bytes again");
  await page.unfold("params");
  assert.equal(await page.get("param-trees").inputValue(), "60");

  // Of a manifest whose results are others, that is said, and what differs.
  const other = { ...read, flowsift: "0.0.1", results: { ...read.results, flagged: moved + 1 } };
  await page.get("manifest-input").setInputFiles(manifest(JSON.stringify(other)));
  await until(async () => (await page.get("manifest-note").count()) === 1 && (await page.get("manifest-note").getAttribute("data-value")) === "other", () => "it is said", { within: 60_000 });
  assert.match(await page.get("manifest-note").innerText(), /flagged: then .* now .*That was Flowsift 0\.0\.1/);
});

site("runs: a manifest of another file, or with something in it that is not known, is refused in words", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.tab("explore");
  const read = JSON.parse(await page.downloadText("download-manifest"));
  const changed = (change) => {
    const copy = structuredClone(read);
    change(copy);
    return JSON.stringify(copy);
  };
  assert.match(await refused(page, "[1]"), /no manifest of Flowsift/);
  assert.match(await refused(page, changed((copy) => (copy.manifest = 2))), /of another format/);
  assert.match(await refused(page, changed((copy) => (copy.file.identity = "00"))), /of “flowsift-sample\.csv”.*another file is open/s);
  assert.match(await refused(page, changed((copy) => (copy.settings.magic = true))), /does not know: “magic”/);
  assert.match(await refused(page, changed((copy) => delete copy.results.threshold)), /“threshold” is missing/);
  assert.match(await refused(page, changed((copy) => copy.settings.typed.push(["param-trees", "1e15"]))), /beyond what can be chosen/);
  assert.match(await refused(page, changed((copy) => copy.settings.typed.push(["param-colour", "red"]))), /does not have/);
  const baseline = changed((copy) => Object.assign(copy.settings, { trained_on: "baseline", trained_with: "clean.csv" }));
  assert.match(await refused(page, baseline), /choose “clean\.csv” in step 2/);
  assert.ok(await page.get("anomaly-table").count(), "the results stand");

  // What was read otherwise is read so again.
  await closeNotice(page);
  await page.get("train-on-file").click();
  await page.get("manifest-input").setInputFiles(manifest(changed((copy) => copy.reading.roles.push(["Flow.Duration", "left out"]))));
  await page.get("manifest-note").waitFor({ timeout: 60_000 });
  assert.equal(await page.get("manifest-note").getAttribute("data-value"), "other", "without a column that was compared");

  // Another file is not that one.
  await page.load({ name: "other.csv", text: "Duration,Bytes\n" + Array.from({ length: 50 }, (_, n) => `${n},${n * 7}\n`).join("") });
  assert.match(await refused(page, JSON.stringify(read)), /another file is open/);
});
