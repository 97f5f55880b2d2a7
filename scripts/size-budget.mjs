// What a first visit transfers, compressed, against the budget; and the programs that are fetched in the background or when
// they are needed, each against its own: the autoencoder's trainer and the reader of Parquet files.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

// Bytes. The worker reads every format of flows; nothing of it waits for a file of that kind yet.
const BUDGETS = { "first visit": 1_300_000, trainer: 5_000_000, unpacker: 900_000 };
const partOf = (name) => /^(trainer|unpacker)[._-]/.exec(name)?.[1] ?? "first visit";
const dir = process.argv[2] ?? "dist";
// Everything at the top of the site but the service worker's own list, and the one icon that is shown.
const files = readdirSync(dir, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "sw.js")
  .map((entry) => entry.name)
  .concat("icons/icon.svg");

const totals = Object.fromEntries(Object.keys(BUDGETS).map((part) => [part, 0]));
const rows = files.map((file) => {
  const bytes = readFileSync(`${dir}/${file}`);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  totals[partOf(file)] += gzip;
  return [file, bytes.length, gzip];
});
const line = (name, size, gzip) => console.log(`  ${name.padEnd(36)} ${String(size).padStart(10)} ${String(gzip).padStart(10)}`);
line("file", "bytes", "gzip -9");
for (const row of rows.sort((a, b) => b[2] - a[2])) line(...row);
for (const [part, budget] of Object.entries(BUDGETS)) {
  line(part, "", totals[part]);
  line("its budget", "", budget);
  if (totals[part] > budget) {
    console.error(`${part}: over the size budget by ${totals[part] - budget} bytes`);
    process.exitCode = 1;
  }
}
