// What the tests do with a page and see of it. Only the `data-testid`s of the design are used, not the page's own
// classes or words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import { launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";

export const DIST = process.env.DIST || "dist";
const browsers = new Map();
after(() => Promise.all([...browsers.values()].map((browser) => browser.close())));

/** A browser with these flags, kept for the tests after this one. */
async function browserWith(args) {
  const key = args.join(" ");
  if (!browsers.has(key)) browsers.set(key, await launch(args));
  return browsers.get(key);
}

/**
 * A test with a browser profile and a server of its own. It ends with the promises that hold in every test: nothing was
 * asked of another host, the policy was not violated, no error reached the console but those that `expected` matches.
 * `before` is run in the page ahead of its own scripts; `skip` says why the test cannot be made here; `folder` is served
 * under `base` in place of the built site; `args` are flags of the browser.
 */
export function site(name, body, { expected = [], before, skip = false, timeout = 120_000, folder = DIST, base, args = [] } = {}) {
  test(name, { timeout, skip }, async () => {
    const browser = await browserWith(args);
    const server = await serve(folder, { base });
    const context = await browser.newContext();
    const errors = [];
    const foreign = [];
    context.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(blob|data):/.test(url)) foreign.push(url);
    });
    context.on("weberror", (error) => errors.push(String(error.error())));
    context.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    // The browser writes a console error for violations as well, but not for those that scripts catch early.
    await context.addInitScript(() =>
      addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`)),
    );
    if (before) await context.addInitScript(before);
    try {
      const page = await context.newPage();
      page.on("dialog", (dialog) => (errors.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
      await page.goto(server.url);
      await body(new Page(page, server));
      await sleep(50); // for what is on its way
      assert.deepEqual(foreign, [], "no request to elsewhere");
      assert.deepEqual(errors.filter((text) => !expected.some((pattern) => pattern.test(text))), [], "no errors");
    } catch (error) {
      if (errors.length > 0) console.log(`the console said: ${errors.join("\n")}`);
      throw error;
    } finally {
      await context.close();
      await server.close();
    }
  });
}

export class Page {
  constructor(page, server) {
    this.page = page;
    this.server = server;
  }

  /** The element with this `data-testid`. */
  get(id) {
    return this.page.getByTestId(id);
  }

  state() {
    return this.get("status").getAttribute("data-state");
  }

  /** Waits for one of these states. An `error` that is not waited for ends the wait with the page's words. */
  async waitState(...states) {
    for (const end = Date.now() + 90_000; ; ) {
      const state = await this.state();
      if (states.includes(state)) return state;
      if (state === "error") throw new Error(`the page says: ${await this.get("error").innerText()}`);
      if (Date.now() > end) throw new Error(`still ${state} instead of ${states.join(" or ")}`);
      await sleep(20);
    }
  }

  /** The digits that an element carries for machines. */
  async value(id) {
    const text = await this.get(id).getAttribute("data-value");
    assert.match(text ?? "", /^\d+$/, `${id} has plain digits`);
    return Number(text);
  }

  /** Chooses a file, or an array of files: paths, or `{ name, text }` with bytes or text. Does not wait. */
  async choose(files) {
    const content = (file) => {
      const { name, text } = typeof file === "string" ? {} : file;
      return name ? { name, mimeType: "text/csv", buffer: Buffer.from(text) } : file;
    };
    await this.get("file-input").setInputFiles(Array.isArray(files) ? files.map(content) : content(files));
  }

  /** Unfolds a `details`, and waits for what is in it. */
  async unfold(id) {
    const details = this.get(id);
    if (!(await details.evaluate((details) => details.open))) await details.locator("summary").first().click();
    await details.locator("summary + *").first().waitFor({ state: "attached" });
  }

  /** Chooses a file and waits until it was read. */
  async load(file) {
    await this.choose(file);
    await this.waitState("ready");
  }

  async loadSample() {
    await this.get("sample-button").click();
    await this.waitState("ready");
  }

  /** Drops a small file: of text, or of an array of bytes. */
  async drop({ name, text }) {
    const dataTransfer = await this.page.evaluateHandle(
      ([name, text]) => {
        const transfer = new DataTransfer();
        const content = typeof text === "string" ? text : Uint8Array.from(text);
        transfer.items.add(new File([content], name, { type: "text/csv" }));
        return transfer;
      },
      [name, text],
    );
    await this.get("drop-zone").dispatchEvent("dragenter", { dataTransfer });
    await this.get("drop-zone").dispatchEvent("dragover", { dataTransfer });
    await this.get("drop-zone").dispatchEvent("drop", { dataTransfer });
    await this.waitState("ready");
  }

  /** Drops what lies at these paths, folders too. Does not wait. */
  async dropPaths(files) {
    const session = await this.page.context().newCDPSession(this.page);
    const { x, y } = await this.get("drop-zone").boundingBox();
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await session.send("Input.dispatchDragEvent", { type, x: x + 5, y: y + 5, data });
    }
  }

  /** Runs the detector, in `mode` ("recommended" or "classic") if given. */
  async run(mode) {
    if (mode) await this.get(`mode-${mode}`).click();
    await this.get("run-button").click();
    await this.waitState("done");
  }

  /** The bytes that a button offers as a file. */
  async download(id) {
    const waiting = this.page.waitForEvent("download");
    await this.get(id).click();
    const download = await waiting;
    assert.match(download.suggestedFilename(), /\.csv$/);
    return readFileSync(await download.path());
  }

  async downloadText(id) {
    return (await this.download(id)).toString("utf8");
  }

  /** Everything that `checkResults` wants. */
  async outcome() {
    return {
      all: await this.downloadText("download-all"),
      anomalies: await this.downloadText("download-anomalies"),
      threshold: await this.threshold(),
      count: await this.value("anomaly-count"),
    };
  }

  /** The threshold in full; what the input shows may be rounded. */
  async threshold() {
    const input = this.get("threshold-input");
    return Number((await input.getAttribute("data-value")) ?? (await input.inputValue()));
  }

  /** Types a threshold and waits until `anomaly-count` says `count`. */
  async setThreshold(threshold, count) {
    await this.get("threshold-input").fill(String(threshold));
    await this.get("threshold-input").press("Enter");
    await this.waitCount(count);
  }

  async waitCount(count) {
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
      if ((await this.value("anomaly-count")) === count) return;
    }
    assert.equal(await this.value("anomaly-count"), count);
  }

  /** The number of different colours on a chart's canvases; a blank one has one or two. */
  colours(id) {
    return this.get(id).evaluate((chart) => {
      const colours = new Set();
      for (const canvas of chart.querySelectorAll("canvas")) {
        if (canvas.width === 0 || canvas.height === 0) continue;
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        for (const colour of new Uint32Array(data.buffer)) colours.add(colour);
      }
      return colours.size;
    });
  }

  /** All three charts show something. */
  async checkCharts() {
    for (const chart of ["chart-counts", "chart-scatter", "chart-scores"]) {
      await this.get(chart).scrollIntoViewIfNeeded();
      let colours = 0;
      // Charts appear with an animation frame or two.
      for (let tries = 0; tries < 100 && (colours = await this.colours(chart)) < 8; tries += 1) await sleep(50);
      assert.ok(colours >= 8, `${chart} is painted (${colours} colours)`);
    }
  }
}
