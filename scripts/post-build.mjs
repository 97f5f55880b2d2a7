// The last step of a build (trunk's post_build hook): optimises the wasm, stamps the build id and writes the service worker.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesOf, hashOfInputs } from "./site/inputs.mjs";
import { fileOf, optimise } from "./site/optimise.mjs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

// What few visits need comes last, and may be built last.
const late = (file) => /^(snippets\/)?(trainer|unpacker)[._/]/.test(file);

// The scripts of a program that loads in parts name each other and its wasm. No name may be answered with what a browser
// kept of another build, and the page's own script has its hash in its name. A part is fetched with its hash: one of
// another build would link, and run on memory that is not laid out for it.
function withParts(dir, file, text, files, build) {
  if (!file.startsWith("snippets/")) return text.replace(/from "(\.\/snippets\/\w+\/parts\.js)"/g, `from "$1?${build}"`);
  const main = files.find((name) => new RegExp(`^${file.split("/")[1]}(-[0-9a-f]+)?\\.js$`).test(name));
  if (!main) return text;
  const query = main.includes("-") ? "" : `?${build}`;
  const fetched = (_, part) => {
    const hash = createHash("sha256").update(readFileSync(join(dir, dirname(file), part))).digest("base64");
    return `fetch(new URL("${part}?${build}", import.meta.url), { integrity: "sha256-${hash}" })`;
  };
  return text
    .replace(/"\.\.\/\.\.\/\w+\.js"/, `"../../${main}${query}"`)
    .replace(/fetch\(new URL\("(\.\/\w+\.wasm)", import\.meta\.url\)\)/g, fetched);
}

// Fetched when somebody asks for it, and kept from then on, but not stored for use without a network.
const stored = (file) => !file.startsWith("models/");

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
  for (const file of files) {
    const text = file.endsWith(".js") && withParts(dir, file, read(file).toString(), files, build);
    if (text) writeFileSync(join(dir, file), text);
  }
  console.log(`  build ${build}, ${files.length} files`);
  if (!offline) return;

  const list = JSON.stringify(Object.fromEntries(files.filter(stored).map((file) => [file, sha256(read(file))])), null, 2);
  // Its own id is by its list: of two with the same build, the one with more files has a cache of its own.
  const version = sha256(list, build).slice(0, 16);
  writeFileSync(join(dir, "sw.js"), worker.replaceAll("__BUILD_ID__", version).replace("__FILES__", list));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dir = process.env.TRUNK_STAGING_DIR ?? "dist";
  if (process.env.TRUNK_PROFILE !== "debug") {
    const wasm = filesOf(dir).filter((file) => file.endsWith(".wasm"));
    await Promise.all(wasm.map((file) => optimise(fileOf(file), join(dir, file))));
  }
  stamp(dir, hashOfInputs());
}
