// A newer version of the site: it waits until the visitor accepts it, and half of one is refused. Served under a sub-path.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { DIST, site } from "./page.mjs";
import { until } from "./wait.mjs";

const folder = mkdtempSync(join(tmpdir(), "flowsift-update-"));
cpSync(DIST, folder, { recursive: true });
after(() => rmSync(folder, { recursive: true }));

const change = (file, edit) => writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), "utf8")));

/** Publishes a version with another title; `whole` says whether its list of files agrees with the files. */
function publish(title, whole) {
  change("index.html", (text) => text.replace(/<title>.*<\/title>/, `<title>${title}</title>`));
  const hash = createHash("sha256").update(readFileSync(join(folder, "index.html"))).digest("hex");
  change("sw.js", (text) =>
    text
      .replace(/const BUILD = ".*"/, `const BUILD = "${title}"`)
      .replace(/("index.html": )".*"/, `$1"${whole ? hash : "0".repeat(64)}"`),
  );
}

/** Looks for a new version, and what became of it. In the page. */
async function tryUpdate() {
  const registration = await navigator.serviceWorker.ready;
  const { installing } = await registration.update();
  while (installing.state === "installing") await new Promise((changed) => installing.addEventListener("statechange", changed, { once: true }));
  return installing.state;
}

async function offlineState(page, wanted) {
  const state = () => page.page.evaluate(() => globalThis.FLOWSIFT_OFFLINE?.state).catch(() => "between pages");
  await until(async () => (await state()) === wanted, async () => `offline is ${await state()}, not ${wanted}`);
}

site(
  "an update is offered, not forced, and half of one is refused",
  async (page) => {
    await offlineState(page, "ready");
    const title = await page.page.title();

    publish("half", false);
    await page.page.reload();
    await offlineState(page, "ready");
    assert.equal(await page.page.evaluate(tryUpdate), "redundant");
    assert.equal(await page.get("update").isVisible(), false, "half of a version is not offered");
    assert.equal(await page.page.title(), title);

    publish("whole", true);
    await page.page.reload();
    await page.get("update").waitFor({ timeout: 20_000 });
    assert.equal(await page.page.title(), title, "the old version until the visitor accepts");
    // What the old version loads only now is its own, whatever the server has meanwhile.
    await page.loadSample();
    const part = "snippets/page/split_more.wasm";
    const own = readFileSync(join(folder, part));
    writeFileSync(join(folder, part), "of a later build");
    await page.run("recommended");
    await page.tab("models");
    await page.get("download-model").waitFor();
    assert.equal(await page.get("part-missing").count(), 0);
    writeFileSync(join(folder, part), own);
    await page.get("update").getByRole("button").click();
    await page.page.waitForFunction(() => document.title === "whole", null, { timeout: 20_000 });
    await offlineState(page, "ready");
    assert.equal(await page.get("update").isVisible(), false);
    await page.loadSample();
    await page.run("recommended");
  },
  // What the browser says of the half version, whose installation fails.
  { folder, base: "/some/path/", expected: [/belongs to another version/] },
);
