// Marks and notes under strain: very many, very long, two tabs on one file, no room. Nothing is lost in silence, nothing is run.
import assert from "node:assert/strict";
import { parse } from "./csv.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const MIB = 1 << 20;

async function ranked(page) {
  await page.loadSample();
  await page.run("recommended");
  await page.get("finding-list").waitFor();
}

/** Waits until the browser keeps this many remarks that say something. */
const keeps = (page, wanted) =>
  until(
    async () =>
      (await page.page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle("flowsift-remarks").catch(() => undefined);
        let said = 0;
        for await (const [, handle] of folder?.entries() ?? []) {
          const text = await handle.getFile().then((file) => file.text(), () => ""); // it may be replaced just now
          if (!text) continue; // it is made before it is written
          try {
            said += JSON.parse(text).remarks.filter(([, remark]) => remark.mark || remark.note).length;
          } catch {
            said = NaN; // what was read of it while it was replaced
          }
        }
        return said;
      })) === wanted,
    () => `${wanted} remarks are kept`,
  );

/** The first findings are marked, and the marks taken away. */
async function someMarks(page) {
  await page.get("finding-list").getByTestId("finding").first().click();
  await page.get("mark-suspicious").click();
  await until(async () => (await page.value("review-progress")) === 1, () => "one is marked");
  await page.unfold("marks");
  return JSON.parse((await page.download("download-marks")).toString());
}

site("remarks: 10,000 marks and a note of megabytes are taken in, kept, and written", async (page) => {
  await ranked(page);
  const written = await someMarks(page);
  const note = `<script>alert(1)</script>=cmd|'/c calc'!A1 ${"long ".repeat((3 * MIB) / 5)}end`;
  const at = Date.now();
  const remark = (mark, note) => ({ mark, note, about: "", at, flows: [] });
  // Any byte can be marked; those at which no record begins are kept all the same, and are of no flow.
  const many = Array.from({ length: 10_000 }, (_, n) => [{ group: false, flow: 1_000_000_000 + n }, remark(["suspicious", "expected", "unsure"][n % 3], "")]);
  many[0][1] = remark("suspicious", note);
  const buffer = Buffer.from(JSON.stringify({ ...written, remarks: [...written.remarks, ...many] }));
  await page.get("marks-input").setInputFiles({ name: "marks.json", mimeType: "application/json", buffer });
  await keeps(page, 10_001);
  // The page goes on as before: another mark is said, kept, and all of it is taken away again.
  await page.get("finding-list").getByTestId("finding").nth(1).click();
  await page.get("mark-expected").click();
  await keeps(page, 10_002);
  const taken = JSON.parse((await page.download("download-marks")).toString());
  assert.equal(taken.remarks.filter(([, remark]) => remark.mark).length, 10_002);
  assert.ok(taken.remarks.some(([, remark]) => remark.note === note), "the note is whole");
  // A note of a megabyte on a finding is in the files, as text.
  await page.get("finding-note").fill(note.slice(0, MIB));
  await page.get("finding-note").press("Escape");
  await page.still();
  const [names, ...findings] = parse(await page.downloadText("download-findings"));
  assert.equal(findings[1][names.indexOf("note")], note.slice(0, MIB));
  const report = (await page.download("download-report")).toString();
  assert.ok(!report.includes("<script"), "no script is in the report");
  await page.page.reload();
  await ranked(page);
  assert.equal(await page.value("review-progress"), 2);
});

site("remarks: two tabs that say something of one file at the same time keep both", async (page) => {
  await ranked(page);
  const second = await page.page.context().newPage();
  await second.goto(page.server.url);
  const other = Object.assign(Object.create(Object.getPrototypeOf(page)), { page: second, server: page.server });
  await ranked(other);
  const mark = async (tab, place, key) => {
    await tab.get("finding-list").getByTestId("finding").nth(place).focus();
    await tab.page.keyboard.press(key);
  };
  const count = Math.min(10, await page.get("finding-list").getByTestId("finding").count());
  for (let place = 0; place + 1 < count; place += 2) {
    await Promise.all([mark(page, place, "s"), mark(other, place + 1, "e")]);
  }
  await keeps(page, count - (count % 2));
  await second.close();
  await page.page.reload();
  await ranked(page);
  assert.equal(await page.value("review-progress"), count - (count % 2));
});

site("remarks: where there is no room, it is said, and the marks can still be taken away", async (page) => {
  await ranked(page);
  const session = await page.page.context().newCDPSession(page.page);
  const quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.server.url).origin, quotaSize });
  await quota(1);
  const written = await someMarks(page);
  assert.equal(written.remarks.length, 1);
  await page.get("marks-unkept").waitFor();
  await quota();
  await page.get("finding-list").getByTestId("finding").nth(1).click();
  await page.get("mark-expected").click();
  await keeps(page, 2);
  await page.get("marks-unkept").waitFor({ state: "detached" });
});
