// What a first visit transfers, compressed, against the budget; and the trainer, which is fetched in the background where
// there is WebGPU, against its own.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Bytes. The worker reads every format of flows; nothing of it waits for a file of that kind yet.
const BUDGET = 1_300_000;
const TRAINER_BUDGET = 5_000_000;
const isTrainer = (name) => /^trainer[._-]/.test(name);
const dir = process.argv[2] ?? "dist";
// Everything at the top of the site but the service worker's own list, and the one icon that is shown.
const files = readdirSync(dir, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "sw.js")
  .map((entry) => entry.name)
  .concat("icons/icon.svg");

let total = 0;
let trainer = 0;
const rows = files.map((file) => {
  const bytes = readFileSync(`${dir}/${file}`);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  if (isTrainer(file)) trainer += gzip;
  else total += gzip;
  return [file, bytes.length, gzip];
});
const line = (name, size, gzip) => console.log(`  ${name.padEnd(36)} ${String(size).padStart(10)} ${String(gzip).padStart(10)}`);
line("file", "bytes", "gzip -9");
for (const row of rows.sort((a, b) => b[2] - a[2])) line(...row);
line("first visit", "", total);
line("budget", "", BUDGET);
line("trainer", "", trainer);
line("its budget", "", TRAINER_BUDGET);
for (const over of [total - BUDGET, trainer - TRAINER_BUDGET].filter((over) => over > 0)) {
  console.error(`over the size budget by ${over} bytes`);
  process.exitCode = 1;
}
