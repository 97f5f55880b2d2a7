// Times an example of the crate beside peers on the rows that it makes up: natively, in Python, and as WebAssembly in Chromium.
// Best of all rounds, because other work on a machine only ever takes time.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { launch } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { examples } from "./files.mjs";
import { describe, watchLoad } from "./machine.mjs";
import { bind, npmVersions, page, PEERS, python, pythonVersions } from "./peers.mjs";
import { count, print } from "./table.mjs";

/** Rows, and features of each, on which all are timed. */
export const ROWS = Number(process.env.ROWS || 100_000);
const FEATURES = Number(process.env.FEATURES || 81);
const ROUNDS = Number(process.env.ROUNDS || 2);
const FILE = "rows.f32";

/**
 * Times the example of this name, `peers/NAME.py` with the packages of `NAME.txt`, and the page `peers/NAME.html`. Each gives
 * `{ contender: { figure: seconds } }`, of which one is "ours"; a `mean` of scores has to be the same wherever it is told.
 * Prints a table for each place; `cells(figures, natively, inChromium)` gives a line of one, the latter two being ours.
 */
export async function compare(name, header, cells) {
  const site = await page();
  const bin = await python(`${name}.txt`, `${name}/venv`);
  if (!site) return;
  const file = join(site, FILE);
  const native = examples([name])[name];
  await bind(name, site);
  const server = await serve(site);
  const browser = await launch();
  describe(browser, { ...pythonVersions(`${name}.txt`), ...npmVersions() });

  const lastLine = (command, ...args) => {
    const text = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return JSON.parse(text.trim().split("\n").pop());
  };
  const natively = () => ({ ours: lastLine(native, ROWS, FEATURES, file) });
  const inPython = () => (bin ? lastLine(bin, join(PEERS, `${name}.py`), file, FEATURES) : {});
  async function inChromium() {
    const tab = await browser.newPage();
    try {
      await tab.goto(`${server.url}${name}.html`);
      return await tab.evaluate((given) => globalThis.measure(...given), [FILE, FEATURES]);
    } finally {
      await tab.close();
    }
  }

  const groups = { natively: {}, "in Chromium": {} };
  const means = new Set();
  const busy = watchLoad();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [where, measure] of [["natively", natively], ["natively", inPython], ["in Chromium", inChromium]]) {
      for (const [contender, { mean, ...found }] of Object.entries(await measure())) {
        if (mean !== undefined) means.add(mean);
        const known = (groups[where][contender] ??= found);
        for (const [what, value] of Object.entries(found)) known[what] = value < known[what] ? value : known[what];
      }
    }
  }
  await Promise.all([browser.close(), server.close()]);
  if (means.size !== 1) throw new Error(`not the same scores everywhere: their means are ${[...means].join(", ")}`);

  const ours = Object.values(groups).map((group) => group.ours);
  console.log(`${count(ROWS)} rows × ${FEATURES}, best of ${ROUNDS} rounds`);
  for (const [where, group] of Object.entries(groups)) {
    print([[where, ...header], ...Object.entries(group).map(([contender, found]) => [contender, ...cells(found, ...ours)])]);
  }
  busy();
}
