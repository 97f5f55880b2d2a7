// After one visit the page needs no server.
import assert from "node:assert/strict";
import { checkResults, parse } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

site("the server stops, the page reloads and does the whole job", async (page) => {
  const stored = () => page.page.evaluate(() => globalThis.FLOWSIFT_OFFLINE?.state);
  await until(async () => (await stored()) === "ready", async () => `offline is ${await stored()}`);
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
