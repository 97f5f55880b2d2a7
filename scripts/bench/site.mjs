// Our page, timed by its own clock.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The folder of the built site. */
export const DIST = process.env.DIST || "dist";
if (!existsSync(join(DIST, "index.html"))) {
  console.error(`there is no site in ${DIST}: make build`);
  process.exit(1);
}

/** In the page, before its own scripts: notes events, states and the gaps between animation frames. */
function watch() {
  const marks = (globalThis.MARKS = []);
  const mark = (what) => marks.push([what, performance.now()]);
  for (const event of ["change", "click"]) addEventListener(event, () => mark(event), { capture: true });
  const states = new MutationObserver((records) => {
    for (const { target } of records) if (target.dataset.testid === "status") mark(target.dataset.state);
  });
  states.observe(document, { subtree: true, attributeFilter: ["data-state"] });

  const gaps = (globalThis.GAPS = []);
  let last = performance.now();
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Our page in a tab of this browser profile. */
export async function open(context, url) {
  context.setDefaultTimeout(0); // whoever waits for large files waits long
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(url);
  const get = (id) => page.getByTestId(id);
  await get("file-input").waitFor({ state: "attached" });
  await sleep(1_000); // let the page, and the copy for offline use, settle

  /** The seconds from the event that `act` causes until the page is in `state`. */
  async function timed(event, state, act) {
    await page.evaluate(() => (globalThis.MARKS.length = 0));
    await act();
    for (;;) {
      const marks = await page.evaluate(() => globalThis.MARKS);
      const at = (wanted) => marks.find(([what]) => what === wanted)?.[1];
      if (at(state)) return (at(state) - at(event)) / 1_000;
      if (at("error")) throw new Error(await get("error").innerText());
      await sleep(50);
    }
  }

  return {
    /** The element with this `data-testid`. */
    get,
    /** Chooses a file; the seconds until it was read. */
    load: (path) => timed("change", "ready", () => get("file-input").setInputFiles(path)),
    /** Runs the detector; the seconds until its results are there. */
    async run(mode = "recommended") {
      await get(`mode-${mode}`).click();
      return timed("click", "done", () => get("run-button").click());
    },
    /** Takes all rows away: the seconds until they are offered, and until they are on the disk, and their bytes. */
    async download() {
      const waiting = page.waitForEvent("download");
      const start = performance.now();
      await get("download-all").click();
      const download = await waiting;
      const offered = (performance.now() - start) / 1_000;
      const { size } = statSync(await download.path());
      const written = (performance.now() - start) / 1_000;
      await download.delete();
      return { offered, written, size };
    },
    /** The gaps between frames since the last time, in milliseconds. */
    gaps: () => page.evaluate(() => globalThis.GAPS.splice(0)),
    /** The number that an element carries. */
    value: async (id) => Number(await get(id).getAttribute("data-value")),
    close: () => context.close(),
  };
}
