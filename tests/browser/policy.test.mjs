// Nothing leaves the machine: the policy holds where the bytes of a file are read, too, in every engine and whatever headers
// the host sends.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";
import { lacksFirefox, launchFirefox } from "./firefox.mjs";
import { DIST, site } from "./page.mjs";
import { until, within } from "./wait.mjs";
import { lacksWebKit, launchWebKit } from "./webkit.mjs";
import { askWorkers, beforeWorkers } from "./workers.mjs";

/** Asks another host for something. Resolves to the rule by which the browser refused, and what the request came to. */
const ask = async (url) => {
  let refusedBy = null;
  const listener = (event) => (refusedBy = event.effectiveDirective);
  addEventListener("securitypolicyviolation", listener);
  const came = await fetch(`${url}${self.name}`, { mode: "no-cors" }).then(() => "answered", (error) => error.name);
  // The event may come after the answer.
  for (let turns = 0; turns < 100 && refusedBy === null; turns += 1) await new Promise((turn) => setTimeout(turn, 10));
  removeEventListener("securitypolicyviolation", listener);
  return { refusedBy, came };
};

/** Another host: its address, and what it was asked for. */
async function elsewhere() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, asked, close: () => server.close() };
}

function noteViolations() {
  window.violations = [];
  window.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
    window.violations.push(`${effectiveDirective} ${blockedURI} by ${sourceFile}:${lineNumber}`),
  );
}

/** The site, with a script ahead of its own that lets this test into the workers. */
function siteWithHook() {
  const folder = mkdtempSync(join(tmpdir(), "flowsift-policy-"));
  cpSync(DIST, folder, { recursive: true });
  writeFileSync(join(folder, "test-hook.js"), `(${noteViolations})();${beforeWorkers(() => {}, { ask })}`);
  const index = readFileSync(join(folder, "index.html"), "utf8");
  writeFileSync(join(folder, "index.html"), index.replace("<script", '<script src="test-hook.js"></script><script'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

const parquet = readFileSync(new URL("../fixtures/parquet/duckdb-snappy.parquet", import.meta.url));

/** Has a worker of each kind at work, asks from each, and compares. */
async function visit(engine, address, tells) {
  const attribute = (id, name) =>
    engine.evaluate((id, name) => document.querySelector(`[data-testid=${id}]`)?.getAttribute(name), id, name);
  const reached = (state) =>
    until(async () => (await attribute("status", "data-state")) === state, async () => `${await attribute("status", "data-state")}, not ${state}`, { within: 60_000 });
  await engine.open(address);
  await until(async () => (await attribute("device", "data-device")) === "cpu", "the page does not start", { within: 60_000 });
  await engine.setFile("file-input", { name: "flows.parquet", bytes: parquet });
  await reached("ready");
  await engine.click("detector-autoencoder");
  const choose = () => {
    const choice = document.querySelector("[data-testid=device-choice]");
    if (!choice) return false;
    choice.value = "cpu";
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  await until(() => engine.evaluate(choose), "there is no choice of devices");
  await engine.click("run-button");
  await reached("done");

  assert.deepEqual(await engine.evaluate(() => window.violations), [], "the page itself keeps to the policy");
  const shards = await engine.evaluate(() => Number(/\d+/.exec(document.querySelector("[data-testid=device]").textContent)[0]));
  const other = await elsewhere();
  const answers = await engine.evaluate(askWorkers, shards + 2, "ask", other.url);
  const names = Array.from({ length: shards }, (_, shard) => `flowsift-${shard}`).concat("flowsift-cpu-trainer", "flowsift-unpacker");
  const blocked = { refusedBy: tells ? "connect-src" : null, came: "TypeError" };
  assert.deepEqual(answers, Object.fromEntries(names.map((name) => [name, blocked])));
  assert.deepEqual(other.asked, []);
  // It would have answered.
  await fetch(other.url);
  assert.deepEqual(other.asked, ["/"]);
  other.close();
}

async function launchChromium() {
  const browser = await launch();
  const page = await browser.newPage();
  return {
    open: (url) => page.goto(url),
    click: (id) => page.getByTestId(id).click(),
    setFile: (id, { name, bytes }) => page.getByTestId(id).setInputFiles({ name, mimeType: "text/csv", buffer: bytes }),
    evaluate: (act, ...args) => page.evaluate(`(${act})(...${JSON.stringify(args)})`),
    close: () => browser.close(),
  };
}

const ENGINES = {
  Chromium: { start: launchChromium, lacks: false },
  Firefox: { start: launchFirefox, lacks: lacksFirefox() },
  // It tells workers of no violations.
  WebKit: { start: launchWebKit, lacks: lacksWebKit(), tells: false },
};
for (const [name, { start, lacks, tells = true }] of Object.entries(ENGINES))
  test(`${name} refuses requests to elsewhere in every kind of worker, without any header from the host`, { skip: lacks, timeout: 120_000 }, async () => {
    const { folder, remove } = siteWithHook();
    const server = await serve(folder, { headers: {} });
    const engine = await start();
    try {
      await within(100_000, visit(engine, server.url, tells));
    } finally {
      await engine.close();
      await server.close();
      remove();
    }
  });

site("the server sends the page's policy with every file, and the offline copy keeps it", async (page) => {
  const policyOf = (path) => page.page.evaluate(async (path) => (await fetch(path)).headers.get("content-security-policy"), path);
  const own = await page.page.evaluate(() => document.querySelector("meta[http-equiv=Content-Security-Policy]").content);
  assert.match(own, /default-src 'none'/);
  const files = ["./", "worker-boot.js", "worker.js"];
  for (const file of [...files, "sw.js"]) {
    assert.equal((await fetch(new URL(file, page.server.url))).headers.get("content-security-policy"), own, file);
  }
  await page.page.waitForFunction(() => globalThis.FLOWSIFT_OFFLINE?.state === "ready" && navigator.serviceWorker.controller);
  await page.server.close();
  for (const file of files) assert.equal(await policyOf(file), own, file);
});
