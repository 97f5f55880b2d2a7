// Help: keys by a question mark, how panels are read in place, the help page itself, a guided first run; all of it offline.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import axe from "axe-core";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const isOpen = (page) => page.get("shortcuts").evaluate((dialog) => dialog.open);
const focused = (page) => page.page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid);

/** The text that was fetched has come, in place of the link. */
const filled = (place) => until(async () => (await place.locator(".help-text a").count()) === 0 && (await place.locator(".help-text p, .help-text table").count()) > 0, () => "the text of the help page does not come");

/** What axe finds serious or critical. */
async function faults(page) {
  // Evaluated, because the policy lets no script in that is not the site's own.
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`);
}

site("a question mark opens the shortcuts, Escape and a button close them, and the focus comes back", async (page) => {
  await page.waitState("empty");
  await page.get("sample-button").focus();
  await page.page.keyboard.press("Shift+?");
  await until(() => isOpen(page), "they do not open");
  const dialog = page.get("shortcuts");
  await filled(dialog);
  const keys = await dialog.locator("kbd").allInnerTexts();
  for (const key of ["?", "/", "J", "K", "S", "E", "U", "N", "Z", "Escape"]) assert.ok(keys.includes(key), `${key} is listed`);
  for (const colorScheme of ["light", "dark"]) {
    await page.page.emulateMedia({ colorScheme });
    await page.still();
    assert.deepEqual(await faults(page.page), []);
  }
  await page.page.keyboard.press("Escape");
  await until(async () => !(await isOpen(page)), "Escape does not close them");
  assert.equal(await focused(page), "sample-button");

  await page.get("shortcuts-button").click();
  await until(() => isOpen(page), "the button does not open them");
  await page.get("shortcuts-close").click();
  await until(async () => !(await isOpen(page)), "the other does not close them");
  assert.equal(await focused(page), "shortcuts-button");

  // Who types a question mark means one.
  await page.loadSample();
  await page.run("recommended");
  await page.get("filter-input").focus();
  await page.page.keyboard.type("?");
  assert.equal(await page.get("filter-input").inputValue(), "?");
  assert.equal(await isOpen(page), false);
});

site("every panel says how it is read, with the words of the help page", async (page) => {
  await page.loadSample();
  await page.run("recommended");
  await page.get("finding-list").waitFor();
  const html = readFileSync(new URL("../../public/help.html", import.meta.url), "utf8");
  const seen = new Set();
  for (const tab of await page.tabs()) {
    await page.tab(tab);
    for (const help of await page.get("how-to-read").all()) {
      if (!(await help.isVisible())) continue;
      const section = await help.getAttribute("data-section");
      assert.ok(html.includes(`<section id="${section}">`), `help.html has the section ${section}`);
      await help.locator("summary").click();
      await filled(help);
      assert.equal(await help.locator("h2, script, [id]").count(), 0, `${section}: nothing but its text`);
      await help.locator("summary").click();
      seen.add(section);
    }
  }
  for (const section of ["findings", "finding", "flows", "flow", "scores", "scatter", "counts", "importance", "comparison", "evaluation", "models", "reading", "columns", "about-the-data"])
    assert.ok(seen.has(section), `${section} is explained in place`);

  // It is read where a list has all the room.
  await page.tab("findings");
  const help = page.page.locator("[data-testid=how-to-read][data-section=findings]");
  await help.locator("summary").click();
  const [text, card] = await Promise.all([help.locator(".help-text").boundingBox(), page.get("finding-list").boundingBox()]);
  assert.ok(text.width > 200 && text.x >= card.x && text.x + text.width <= card.x + card.width + 1, "over its own list");
  await page.page.setViewportSize({ width: 360, height: 780 });
  await page.still();
  assert.ok((await page.page.evaluate(() => document.documentElement.scrollWidth)) <= 360, "a phone does not scroll sideways");
});

site("the help page fits a phone, can be read in the dark, and is there without a network", async (page) => {
  await page.page.waitForFunction(() => globalThis.FLOWSIFT_OFFLINE?.state === "ready" && navigator.serviceWorker.controller);
  await page.server.close();
  assert.equal(await page.get("help-link").getAttribute("target"), "_blank", "the results stay where they are");
  const opening = page.page.context().waitForEvent("page");
  await page.get("help-link").click();
  const help = await opening;
  await help.waitForLoadState();
  assert.match(new URL(help.url()).pathname, /\/help\.html$/);
  assert.ok((await help.locator("main section").count()) > 20);
  const text = await help.evaluate(() => getComputedStyle(document.querySelector("main section")).borderTopStyle);
  assert.equal(text, "solid", "it has its style");
  for (const [width, height] of [[360, 780], [1280, 900]])
    for (const colorScheme of ["light", "dark"]) {
      await help.setViewportSize({ width, height });
      await help.emulateMedia({ colorScheme });
      assert.ok((await help.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} px`);
      assert.deepEqual(await faults(help), [], `${width} ${colorScheme}`);
    }
  await help.close();

  // In place, too.
  await page.page.keyboard.press("Shift+?");
  await until(() => isOpen(page), "the shortcuts do not open");
  await filled(page.get("shortcuts"));
});

site("a text that cannot be had leaves the way to the help page", async (page) => {
  await page.waitState("empty");
  await page.page.route("**/help.html", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<p>something else</p>" }));
  await page.get("shortcuts-button").click();
  await until(() => isOpen(page), "the shortcuts do not open");
  await page.still();
  assert.match(await page.get("shortcuts").locator(".help-text a").getAttribute("href"), /^help\.html#keyboard$/);
}, { before: () => { Object.defineProperty(navigator, "serviceWorker", { value: undefined }); } });

site("the guided first run goes from the sample to the report, by what is done", async (page) => {
  const step = (number) =>
    until(async () => (await page.get("guide").getAttribute("data-step")) === String(number), async () => `the guide is at ${await page.get("guide").getAttribute("data-step")}, not ${number}`);
  const { keyboard } = page.page;
  await page.get("guide-start").click();
  await page.waitState("ready");
  await step(1);
  await page.run("recommended");
  await step(2);
  await page.get("finding-list").getByTestId("finding").first().click();
  await step(3);
  await keyboard.press("s");
  await step(4);
  assert.deepEqual(await faults(page.page), []);
  // What is taken back is to be done again.
  await keyboard.press("z");
  await step(3);
  await keyboard.press("s");
  await step(4);
  await keyboard.press("n");
  await keyboard.type("a scan");
  await keyboard.press("Escape");
  await step(5);
  const report = (await page.download("download-report")).toString();
  assert.ok(report.includes("Suspicious") && report.includes("a scan"), "the finding is in the report, marked and noted");
  await step("done");
  assert.match(await page.get("guide").innerText(), /Done/);

  // It fits a phone, goes when it is told to, and does not come back by itself.
  await page.page.setViewportSize({ width: 360, height: 780 });
  await page.still();
  assert.ok((await page.page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  const box = await page.get("guide").boundingBox();
  assert.ok(box.y + box.height <= 781 && box.y > 500, "at the bottom, in sight");
  await page.get("guide-close").click();
  assert.equal(await page.get("guide").count(), 0);
  await page.loadSample();
  await page.run("recommended");
  assert.equal(await page.get("guide").count(), 0);
});

site("the guide is about the sample: it goes where another file comes", async (page) => {
  await page.get("guide-start").click();
  await page.waitState("ready");
  await page.get("guide").waitFor();
  await page.load({ name: "own.csv", text: `a,b\n${Array.from({ length: 200 }, (_, i) => `${i % 7},${(i * 31) % 17}`).join("\n")}\n` });
  assert.equal(await page.get("guide").count(), 0);
  assert.equal(await page.get("guide-start").isVisible(), false);
  await page.loadSample();
  assert.equal(await page.get("guide").count(), 0, "and does not come back by itself");
  await page.get("guide-start").click();
  await page.get("guide").waitFor();
  await page.waitState("ready");
});
