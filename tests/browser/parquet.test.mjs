// Parquet files, which a worker of their own unpacks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse, results } from "./csv.mjs";
import { flows } from "./data.mjs";
import { site } from "./page.mjs";

const fixture = (name) => readFileSync(new URL(`../fixtures/parquet/${name}`, import.meta.url));

site("a table gives the results of its text", async (page) => {
  const outcomeOf = async (file) => {
    await page.drop(file);
    assert.equal(await page.value("row-count"), 240);
    assert.equal(await page.value("column-count"), 23);
    await page.run("classic");
    return page.outcome();
  };
  const verdicts = ({ all }) => results(all).rows.map(({ score, rank, anomaly }) => ({ score, rank, anomaly }));
  const expected = await outcomeOf({ name: "flows.csv", text: fixture("expected.csv").toString() });
  const files = ["duckdb-snappy", "polars-zstd"];
  for (const name of files) {
    const file = { name: "flows.parquet", text: [...fixture(`${name}.parquet`)] };
    const outcome = await outcomeOf(file);
    assert.deepEqual(verdicts(outcome), verdicts(expected), name);
    assert.deepEqual(results(outcome.all).header, parse(fixture("expected.csv").toString())[0]);
  }
});

site("damage is told, and the next file is read", async (page) => {
  const whole = fixture("duckdb-snappy.parquet");
  const damaged = Buffer.from(whole).fill(0xff, 4, 9_000);
  for (const [name, text, words] of [
    ["cut.parquet", whole.subarray(0, 20_000), /could not be unpacked/],
    ["damaged.parquet", damaged, /could not be unpacked/],
    ["lists.parquet", fixture("lists.parquet"), /ports.*lists/],
    ["brotli.parquet", fixture("brotli.parquet"), /BROTLI/],
  ]) {
    await page.choose({ name, text });
    await page.waitState("loading", "error");
    await assert.rejects(page.waitState("ready"), words);
    await page.load(flows());
    assert.equal(await page.value("row-count"), 500);
    await page.load({ name: "flows.parquet", text: whole });
    assert.equal(await page.value("row-count"), 240);
  }
});

// The decoder panics on this one, which ends its worker. A panic is written to the console.
site("a decoder that panics is told, too", async (page) => {
  const damaged = fixture("polars-zstd.parquet").fill(0, 25_330, 25_331);
  await page.load(flows());
  await page.choose({ name: "damaged.parquet", text: damaged });
  await page.waitState("loading", "error");
  await assert.rejects(page.waitState("ready"), /could not be unpacked: the worker that reads Parquet stopped/);
  await page.load({ name: "flows.parquet", text: fixture("polars-zstd.parquet") });
  assert.equal(await page.value("row-count"), 240);
  await page.run("classic");
}, { expected: [/parquet.*out of range/s, /unreachable/] });

site("cancelled before it is unpacked; then it is read", async (page) => {
  const file = { name: "flows.parquet", text: fixture("duckdb-snappy.parquet") };
  const cancelling = page.page.evaluate(async () => {
    const button = () => document.querySelector("[data-testid=cancel-button]:enabled");
    while (!button()) await new Promise((turn) => setTimeout(turn));
    button().click();
  });
  await page.choose(file);
  await cancelling;
  assert.equal(await page.waitState("cancelled", "ready"), "cancelled");
  await page.load(file);
  assert.equal(await page.value("row-count"), 240);
});
