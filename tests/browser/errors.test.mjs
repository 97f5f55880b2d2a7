// What goes wrong is said in words, nothing half-done is shown, and the page stays usable.
import assert from "node:assert/strict";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

const repeat = (line, times) => `${line}\n`.repeat(times);
const UNUSABLE = [
  ["nothing", "", /empty/i],
  ["blank lines", "\n\n\n", /empty/i],
  ["only a header", "Duration,Bytes\n", /header/i],
  ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /text|binary/i],
  ["a gzip archive", Buffer.from("1f8b0800000000000003", "hex"), /unpacked/i],
  ["no numbers", `Name,Place\n${repeat("somebody,somewhere", 50)}`, /number/i],
  ["nothing to compare", `A,B\n${repeat("1,2", 50)}`, /constant|compare/i, "when it is run"],
];

async function worksAgain(page) {
  await page.load(flows());
  assert.equal(await page.value("row-count"), 500);
  assert.ok(!(await page.get("error").isVisible()), "the old error is gone");
  await page.run("classic");
  assert.ok((await page.value("anomaly-count")) > 0);
}

async function showsError(page, pattern) {
  await page.waitState("error");
  await page.get("error").waitFor({ state: "visible" });
  assert.match(await page.get("error").innerText(), pattern);
  for (const id of ["download-all", "download-anomalies"]) {
    assert.equal(await page.get(id).isEnabled({ timeout: 100 }).catch(() => false), false, `${id} offers nothing`);
  }
}

site("files that cannot be used", async (page) => {
  for (const [what, text, pattern, whenRun] of UNUSABLE) {
    if (whenRun) {
      await page.load({ name: "constant.csv", text });
      await page.get("run-button").click();
    } else {
      await page.choose({ name: "unusable.csv", text });
    }
    await showsError(page, pattern).catch((error) => {
      throw new Error(`${what}: ${error.message}`);
    });
  }
  await worksAgain(page);
});

const died = [/test: this worker dies/];
for (const when of ["while it runs", "while nobody waits for it"])
  site(`a worker that dies ${when}`, async (page) => {
    await page.loadSample();
    const [worker] = page.page.workers();
    assert.ok(worker, "there are workers");
    // Over once it has thrown, or was ended for it.
    const die = () =>
      worker
        .evaluate(() => new Promise((thrown) => setTimeout(() => { setTimeout(thrown); throw new Error("test: this worker dies"); })))
        .catch(() => {});
    if (when === "while it runs") {
      await page.get("run-button").click();
      await die();
    } else {
      await die();
      // Told at once or by the next run.
      if ((await page.state()) !== "error") await page.get("run-button").evaluate((button) => button.click());
    }
    await showsError(page, /worker/i);
    await worksAgain(page);
  }, { expected: died });

// The boot script says so before the page's wasm starts.
const lacking = {
  "web workers": () => delete globalThis.Worker,
  "WebAssembly SIMD": () => (WebAssembly.validate = () => false),
  WebAssembly: () => delete globalThis.WebAssembly,
};
for (const [what, before] of Object.entries(lacking))
  site(`a browser without ${what}`, async (page) => {
    await page.get("error").waitFor({ state: "visible" });
    assert.match(await page.get("error").innerText(), new RegExp(what));
  }, { before });

site("a browser that refuses to keep the page offline", async (page) => {
  await worksAgain(page);
  assert.equal(await page.page.evaluate(() => globalThis.FLOWSIFT_OFFLINE.state), "unavailable");
  const footer = await page.page.locator("footer").innerText();
  assert.match(footer, /browser refused to store the page/);
  assert.doesNotMatch(footer, /test:/, "the browser's own words");
}, {
  before: () => {
    // Not on the blank page that comes first.
    const container = globalThis.ServiceWorkerContainer?.prototype;
    if (container) container.register = () => Promise.reject(new Error("test: storage denied"));
  },
});
