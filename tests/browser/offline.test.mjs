// After one visit the page needs no server.
import assert from "node:assert/strict";
import { checkResults, parse } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

site("the server stops, the page reloads and does the whole job", async (page) => {
  for (let tries = 0; ; tries += 1) {
    const state = await page.page.evaluate(() => globalThis.FLOWSIFT_OFFLINE?.state);
    if (state === "ready") break;
    assert.ok(tries < 200, `offline is ${state}`);
    await page.page.waitForTimeout(50);
  }
  await page.server.close();
  await assert.rejects(fetch(page.server.url), "the server is gone");
  await page.page.reload();
  await page.loadSample();
  await page.run("recommended");
  await page.checkCharts();
  checkResults(await page.outcome());

  const file = flows();
  await page.load(file);
  await page.run("classic");
  checkResults({ ...(await page.outcome()), input: parse(file.text) });
});
