// What the tests do with a page and see of it. Only the `data-testid`s of the design are used, not the page's own
// classes or words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { launch } from "../../scripts/browser.mjs";
import { serve } from "../../scripts/serve.mjs";
import { evidence } from "./evidence.mjs";
import { until, within } from "./wait.mjs";

export const DIST = process.env.DIST || "dist";
const browsers = new Map();
after(() => Promise.all([...browsers.values()].map((browser) => browser.close())));

/** A browser with these flags, kept for the tests after this one. */
async function browserWith(args) {
  const key = args.join(" ");
  if (!browsers.has(key)) browsers.set(key, await launch(args));
  return browsers.get(key);
}

/** Waits until the pages have told everything that had happened in them by now. */
const caughtUp = (context) =>
  Promise.all(context.pages().map((page) => page.evaluate(() => new Promise((turn) => setTimeout(turn)))));

/**
 * A test with a browser profile and a server of its own. It ends with the promises that hold in every test: nothing was
 * asked of another host, the policy was not violated, no error reached the console but those that `expected` matches.
 * `before` is run in the page ahead of its own scripts; `skip` says why the test cannot be made here; `folder` is served
 * under `base` in place of the built site, with `headers` in place of its own; `args` are flags of the browser.
 */
export function site(name, body, { expected = [], before, skip = false, timeout = 120_000, folder = DIST, base, headers, args = [] } = {}) {
  test(name, { timeout: timeout + 20_000, skip }, async () => {
    const browser = await browserWith(args);
    const server = await serve(folder, { base, headers });
    const context = await browser.newContext();
    const recorded = await evidence(context, name);
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
      await within(timeout, body(new Page(page, server)));
      await caughtUp(context);
      assert.deepEqual(foreign, [], "no request to elsewhere");
      assert.deepEqual(errors.filter((text) => !expected.some((pattern) => pattern.test(text))), [], "no errors");
      await recorded.discard();
    } catch (error) {
      if (errors.length > 0) console.log(`the console said: ${errors.join("\n")}`);
      await recorded.keep();
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

  /** The names of the tabs that there are now: "findings" for the one that `tab-findings` opens. */
  async tabs() {
    const ids = await this.page.locator("[data-testid^=tab-]").evaluateAll((tabs) => tabs.map((tab) => tab.dataset.testid));
    return ids.map((id) => id.slice("tab-".length));
  }

  /** Opens a tab. */
  async tab(name) {
    await this.get(`tab-${name}`).click();
  }

  /** The element with this `data-testid`, in the tab that it is in: opens that. */
  async show(id) {
    const element = this.get(id).first();
    const tab = await element.evaluate((element) => element.closest("[role=tabpanel]")?.getAttribute("aria-labelledby"));
    if (tab && !(await element.isVisible())) await this.page.locator(`#${tab}`).click();
    return element;
  }

  state() {
    return this.get("status").getAttribute("data-state");
  }

  /** Waits for one of these states. An `error` that is not waited for ends the wait with the page's words. */
  async waitState(...states) {
    const seen = await this.page
      .waitForFunction(
        (states) => {
          const { state } = document.querySelector("[data-testid=status]")?.dataset ?? {};
          return states.includes(state) && state;
        },
        [...states, "error"],
        { timeout: 90_000, polling: 20 },
      )
      .catch(async () => assert.fail(`still ${await this.state()} instead of ${states.join(" or ")}`));
    const state = await seen.jsonValue();
    if (!states.includes(state)) throw new Error(`the page says: ${await this.get("error").innerText()}`);
    return state;
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
    const details = await this.show(id);
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
    await dataTransfer.dispose();
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

  /** Begins a training that does not end by itself, and waits until its losses are drawn. */
  async trainLong({ device } = {}) {
    await this.get("detector-autoencoder").click();
    if (device) await this.get("device-choice").selectOption(device);
    await this.unfold("ae-options");
    await this.get("ae-epochs").fill("100000");
    await this.get("ae-patience").fill(""); // never stop early
    await this.get("ae-epochs").press("Tab");
    await this.get("run-button").click();
    await this.waitState("running");
    await this.get("chart-losses").waitFor({ timeout: 60_000 });
  }

  /** The bytes that a button offers as a file. */
  async download(id) {
    const waiting = this.page.waitForEvent("download");
    await (await this.show(id)).click();
    const download = await waiting;
    assert.match(download.suggestedFilename(), /\.(csv|tsv|flowsift\.onnx|flowsift-marks\.json|flowsift-run\.json|html)$/);
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
    await until(async () => (await this.value("anomaly-count")) === count, async () => `${await this.value("anomaly-count")} anomalies, not ${count}`);
  }

  /** Waits until what was done is drawn and nothing fades or glides any more. (What turns for ever may go on.) */
  still() {
    return this.page.evaluate(async () => {
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
      await frame();
      await frame();
      const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    });
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

  /** A chart shows something. */
  async checkChart(chart) {
    await (await this.show(chart)).scrollIntoViewIfNeeded();
    // It appears with an animation frame or two.
    await until(async () => (await this.colours(chart)) >= 8, `${chart} is not painted`);
  }

  /** All three charts of results show something. */
  async checkCharts() {
    for (const chart of ["chart-counts", "chart-scatter", "chart-scores"]) await this.checkChart(chart);
  }
}
