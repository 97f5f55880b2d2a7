// A newer version of the site: it waits until the visitor accepts it, and half of one is refused. Served under a sub-path.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { DIST, site } from "./page.mjs";

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

async function offlineState(page, wanted) {
  for (let tries = 0; ; tries += 1) {
    const state = await page.page.evaluate(() => globalThis.FLOWSIFT_OFFLINE?.state).catch(() => "between pages");
    if (state === wanted) return;
    assert.ok(tries < 200, `offline is ${state}, not ${wanted}`);
    await page.page.waitForTimeout(50);
  }
}

site(
  "an update is offered, not forced, and half of one is refused",
  async (page) => {
    await offlineState(page, "ready");
    const title = await page.page.title();

    publish("half", false);
    await page.page.reload();
    await offlineState(page, "ready");
    await page.page.waitForTimeout(1_000);
    assert.equal(await page.get("update").isVisible(), false, "half of a version is not offered");
    assert.equal(await page.page.title(), title);

    publish("whole", true);
    await page.page.reload();
    await page.get("update").waitFor({ timeout: 20_000 });
    assert.equal(await page.page.title(), title, "the old version until the visitor accepts");
    await page.loadSample();
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
