// Last step of a build (trunk's post_build hook): optimises the wasm, stamps the build id and writes the service worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optimise } from "./optimise.mjs";

const dir = process.env.TRUNK_STAGING_DIR ?? "dist";
const files = readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dir.length + 1))
  .sort();
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
const read = (file) => readFileSync(join(dir, file));

if (process.env.TRUNK_PROFILE !== "debug")
  for (const wasm of files.filter((file) => file.endsWith(".wasm"))) {
    const path = join(dir, wasm);
    const before = read(wasm).length;
    // The page and the trainer are small rather than fast, as their cargo profiles say; the trainer is too big to be
    // optimised for long.
    const level = wasm.startsWith("page") ? "-Oz" : wasm.startsWith("trainer") ? "-O2" : "-O3";
    optimise(path, level);
    console.log(`  wasm-opt ${wasm}: ${before} → ${read(wasm).length} bytes`);
  }

const worker = readFileSync("scripts/sw.template.js", "utf8");
const build = sha256(...files.flatMap((file) => [file, "\0", read(file)]), worker).slice(0, 16);
const stamp = (text) => text.replaceAll("__BUILD_ID__", build);
for (const file of ["index.html", "boot.js", "worker-boot.js"])
  writeFileSync(join(dir, file), stamp(read(file).toString()));

const list = Object.fromEntries(files.map((file) => [file, sha256(read(file))]));
const template = stamp(worker);
writeFileSync(join(dir, "sw.js"), template.replace("__FILES__", JSON.stringify(list, null, 2)));
console.log(`  build ${build}, ${files.length} files`);
