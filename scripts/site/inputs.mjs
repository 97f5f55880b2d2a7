// What the programs are made from, as one hash. The build id has it, so that the parts of a site agree on whether they
// belong together before all of them are built.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FILES = ["Cargo.toml", "Cargo.lock", "build.rs", "rust-toolchain.toml", ".cargo/config.toml", "index.html", "package-lock.json",
  "scripts/wasm-bindgen/main.rs", "scripts/wasm-bindgen/Cargo.lock"];
const FOLDERS = ["src", "scripts/site"];

/** Names of the files in a folder and below it. */
export const filesOf = (dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dir.length + 1))
    .sort();

const within = (folder) => filesOf(folder).map((file) => join(folder, file));

/** The hash of all sources of the programs, and of the compiler's version. */
export function hashOfInputs() {
  const hash = createHash("sha256").update(execFileSync("rustc", ["-vV"]));
  for (const file of [...FILES, ...FOLDERS.flatMap(within)]) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}
