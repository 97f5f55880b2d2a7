// A site that is still being completed: `make serve` builds last what few visits need.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { stamp } from "../../scripts/post-build.mjs";
import { flows } from "./data.mjs";
import { DIST, site } from "./page.mjs";

const folder = mkdtempSync(join(tmpdir(), "flowsift-incomplete-"));
cpSync(DIST, folder, { recursive: true });
after(() => rmSync(folder, { recursive: true }));
const late = readdirSync(DIST).filter((file) => /^(trainer|unpacker)[._]/.test(file));
for (const file of late) rmSync(join(folder, file));

/** Writes the service worker anew for the files that are there, as a build does. */
function restamp() {
  rmSync(join(folder, "sw.js"));
  stamp(folder, "inputs");
}
restamp();

const table = { name: "flows.parquet", text: readFileSync(new URL("../fixtures/parquet/polars-zstd.parquet", import.meta.url)) };

site(
  "what is missing is told and the rest works; what comes in is used by the open page",
  async (page) => {
    await page.choose(table);
    await page.waitState("loading", "error");
    await assert.rejects(page.waitState("ready"), /does not have unpacker\.js, or not yet/);
    await page.load(flows());
    await page.run("classic");

    await page.get("detector-autoencoder").click();
    await page.get("device-choice").selectOption("gpu");
    await page.run("classic");
    assert.equal(await page.get("device").getAttribute("data-device"), "cpu");
    assert.match(await page.get("training-warning").innerText(), /does not have trainer\.js, or not yet/);

    for (const file of late) cpSync(join(DIST, file), join(folder, file));
    restamp();
    await page.load(table);
    assert.equal(await page.value("row-count"), 240);
    await page.run("classic");
  },
  { folder, args: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"], expected: [/404/, /does not have/] },
);
