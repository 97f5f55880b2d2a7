// Files to drop: some made here, some that only a few machines have.
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

/** The path of a file of ../shared/data, and for `site` why a test of it is skipped where that is absent. */
export function shared(name) {
  const path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  return { path, skip: existsSync(path) ? false : `${name} is not on this machine` };
}

/** Plain flows without surprises: `rows` of them, the last of which stands out. */
export function flows(rows = 500) {
  const lines = ["Source IP,Source Port,Duration,Packets,Bytes,Protocol"];
  for (let i = 0; i < rows; i += 1) {
    // A fixed formula instead of chance, so that every run sees the same.
    const wave = (period) => Math.round(1000 + 300 * Math.sin(i * period));
    lines.push(`10.0.0.${i % 250},${1024 + ((i * 7919) % 60000)},${wave(1.3)},${wave(0.7)},${wave(2.1)},${i % 3 ? 6 : 17}`);
  }
  lines[rows] = "10.9.9.9,4444,9000000,70000,88000000,6";
  return { name: "flows.csv", text: `${lines.join("\n")}\n` };
}

/** The path of a file of at least `megabytes`, made of the sample's rows over and over; deleted after the tests. */
export function bigFile(sampleText, megabytes) {
  const folder = mkdtempSync(join(tmpdir(), "flowsift-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "big.csv");
  const body = sampleText.indexOf("\n") + 1;
  const rows = Buffer.from(sampleText.slice(body));
  const file = openSync(path, "w");
  writeSync(file, sampleText.slice(0, body));
  for (let bytes = 0; bytes < megabytes * 1e6; bytes += rows.length) writeSync(file, rows);
  closeSync(file);
  return path;
}

/** The input of an all-rows download of the sample, in which no cell is quoted: the lines without the last four cells. */
export function withoutResults(text) {
  const header = text.slice(0, text.indexOf("\n"));
  const width = header.split(",").length - 5;
  return text.replace(/^.*$/gm, (line) => line.split(",").slice(0, width).join(","));
}
