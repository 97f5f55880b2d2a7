import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchIn } from "../browser.mjs";
import { serve } from "../serve.mjs";
import { watchMemory } from "./memory.mjs";
import { open } from "./site.mjs";
const [path, runs, ...dists] = process.argv.slice(2);
for (let run = 0; run < Number(runs); run += 1) for (const dist of run % 2 ? dists.toReversed() : dists) {
  const server = await serve(dist);
  const profile = mkdtempSync(join(tmpdir(), "flowsift-profile-"));
  const browser = await launchIn(profile);
  const memory = watchMemory();
  try {
    const site = await open(browser, server.url);
    const idle = memory.peak();
    const load = await site.load(path);
    const took = await site.run();
    await new Promise((drawn) => setTimeout(drawn, 500));
    const results = memory.peak();
    const { offered } = await site.download();
    console.log(dist, "load", load.toFixed(2), "run", took.toFixed(2), "offered", offered.toFixed(2), "idle", Math.round(idle), "results", Math.round(results), "most", Math.round(memory.peak()), "anomalies", await site.value("anomaly-count"));
  } finally { memory.stop(); await browser.close(); rmSync(profile, { recursive: true }); await server.close(); }
}
process.exit(0);
