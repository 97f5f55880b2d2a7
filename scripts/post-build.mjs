// The last step of a build (trunk's post_build hook): optimises the wasm, stamps the build id and writes the service worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOfInputs } from "./site/inputs.mjs";
import { optimise } from "./site/optimise.mjs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

// What few visits need comes last, and may be built last.
const late = (file) => /^(trainer|unpacker)[._]/.test(file);

/** Names of the files in a folder and below it. */
export const filesOf = (dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dir.length + 1))
    .sort();

/** Stamps the build id into the site in a folder, and writes its service worker unless it is not to be kept offline. */
export function stamp(dir, inputs, { offline = true } = {}) {
  const read = (file) => readFileSync(join(dir, file));
  const files = filesOf(dir);
  const worker = readFileSync("scripts/sw.template.js", "utf8");
  // By what a visit begins with, and what the rest is made from: a site that is still being completed has the id of the
  // whole one, so that an open page can use what comes in.
  const first = files.filter((file) => !late(file));
  const build = sha256(...first.flatMap((file) => [file, "\0", read(file)]), worker, inputs).slice(0, 16);
  for (const file of ["index.html", "boot.js", "worker-boot.js"])
    writeFileSync(join(dir, file), read(file).toString().replaceAll("__BUILD_ID__", build));
  console.log(`  build ${build}, ${files.length} files`);
  if (!offline) return;

  const list = JSON.stringify(Object.fromEntries(files.map((file) => [file, sha256(read(file))])), null, 2);
  // Its own id is by its list: of two with the same build, the one with more files has a cache of its own.
  const version = sha256(list, build).slice(0, 16);
  writeFileSync(join(dir, "sw.js"), worker.replaceAll("__BUILD_ID__", version).replace("__FILES__", list));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dir = process.env.TRUNK_STAGING_DIR ?? "dist";
  if (process.env.TRUNK_PROFILE !== "debug") {
    const wasm = filesOf(dir).filter((file) => file.endsWith(".wasm"));
    await Promise.all(wasm.map((file) => optimise(/^[a-z]+/.exec(file)[0], join(dir, file))));
  }
  stamp(dir, hashOfInputs());
}
