// Puts the site together from what index.html links to, as trunk does.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { stamp } from "../post-build.mjs";
import { programsOf } from "./links.mjs";
import { place } from "./programs.mjs";

const STAGE = "generated/site";
const hashOf = (...files) => files.reduce((hash, file) => hash.update(readFileSync(file)), createHash("sha256")).digest("hex").slice(0, 16);

/** Writes the site with these programs into `dist`, which changes in one step. */
export function assemble(site, programs, inputs, dist, { development = false } = {}) {
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  let { html } = site;
  const all = programsOf(site.links);
  for (const link of site.links) {
    let inPlace = "";
    if (link.rel === "css") {
      const name = `${basename(link.href, ".css")}-${hashOf(link.href)}.css`;
      cpSync(link.href, join(STAGE, name));
      inPlace = `    <link rel="stylesheet" href="./${name}" />\n`;
    } else if (link.rel === "copy-file" || link.rel === "copy-dir") {
      const target = link["target-path"] ?? (link.rel === "copy-dir" ? basename(link.href) : ".");
      cpSync(link.href, join(STAGE, target, link.rel === "copy-file" ? basename(link.href) : ""), { recursive: true });
    } else if (link.rel === "rust") {
      const program = programs.find(({ name }) => name === link.bin);
      if (program?.main) inPlace = main(site, program, development);
      else if (program) place(program, STAGE);
      else if (!all.some(({ name }) => name === link.bin)) throw new Error(`index.html: unknown program ${link.bin}`);
    } else throw new Error(`index.html: scripts/site does not know rel="${link.rel}", as trunk may`);
    html = html.replace(link.text, () => inPlace);
  }
  writeFileSync(join(STAGE, "index.html"), html);
  stamp(STAGE, inputs, { offline: !development });

  if (existsSync(dist)) renameSync(dist, `${STAGE}-before`);
  renameSync(STAGE, dist);
  rmSync(`${STAGE}-before`, { recursive: true, force: true });
}

// The page's program has its hash in its name; boot.js, by trunk's pattern, loads it.
function main({ script, preload }, program, development) {
  const files = place(program, STAGE);
  const as = `page-${hashOf(...files.map((file) => join(STAGE, file)))}`;
  const names = { base: "./", js: `${as}.js`, wasm: `${as}_bg.wasm` };
  renameSync(join(STAGE, "page.js"), join(STAGE, names.js));
  renameSync(join(STAGE, "page_bg.wasm"), join(STAGE, names.wasm));
  const fill = (pattern) => pattern.replace(/\{(base|js|wasm)\}/g, (_, name) => names[name]);
  const boot = development ? fill(script).replace("<script ", '<script data-offline="never" ') : fill(script);
  return `    ${fill(preload)}\n    ${boot}\n`;
}
