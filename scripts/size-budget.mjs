// What a first visit transfers, compressed, against the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Bytes. The worker reads every format of flows; nothing of it waits for a file of that kind yet.
const BUDGET = 1_150_000;
const dir = process.argv[2] ?? "dist";
// Everything at the top of the site but the service worker's own list, and the one icon that is shown.
const files = readdirSync(dir, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "sw.js")
  .map((entry) => entry.name)
  .concat("icons/icon.svg");

let total = 0;
const rows = files.map((file) => {
  const bytes = readFileSync(`${dir}/${file}`);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  total += gzip;
  return [file, bytes.length, gzip];
});
const line = (name, size, gzip) => console.log(`  ${name.padEnd(36)} ${String(size).padStart(10)} ${String(gzip).padStart(10)}`);
line("file", "bytes", "gzip -9");
for (const row of rows.sort((a, b) => b[2] - a[2])) line(...row);
line("first visit", "", total);
line("budget", "", BUDGET);
if (total > BUDGET) {
  console.error(`over the size budget by ${total - BUDGET} bytes`);
  process.exit(1);
}
