// Whether trunk, which reads index.html and Trunk.toml, builds the site that is in dist/. Names with hashes and build ids
// differ; everything else has to be the same.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "./site/inputs.mjs";

const OTHER = "generated/trunk";

try {
  execFileSync("trunk", ["--version"], { stdio: "ignore" });
} catch {
  console.log("trunk is not installed: not checked that it builds the same site");
  process.exit();
}
rmSync(OTHER, { recursive: true, force: true });
execFileSync("trunk", ["build", "--release", "--dist", OTHER], { stdio: "inherit" });

const plain = (text) => text.replaceAll(/\b(page|main)-[0-9a-f]{8,16}/g, "$1");
// Trunk leaves its own attribute of the style sheet in place, which means nothing to a browser.
const words = (html) => (plain(html).replace(/<!--.*?-->| data-integrity="none"/gs, "").match(/<[^>]+>|[^<\s]+/g) ?? []).map((word) => word.replace(/\s+|\/?>$/g, "")).sort();

/** The files of a site by their names without hashes; text without what depends on these. */
function contents(dir) {
  const build = /const BUILD = "(.*)"/.exec(readFileSync(join(dir, "boot.js"), "utf8"))[1];
  const content = (file) => {
    if (file === "sw.js") return plain(readFileSync(join(dir, file), "utf8")).replaceAll(/"[0-9a-f]{16,64}"/g, '""');
    if (/^index\.html$|\.js$/.test(file)) {
      const text = readFileSync(join(dir, file), "utf8").replaceAll(build, "");
      return file.endsWith(".html") ? words(text).join("\n") : plain(text);
    }
    return readFileSync(join(dir, file)).toString("latin1");
  };
  return Object.fromEntries(filesOf(dir).map((file) => [plain(file), content(file)]));
}

const [ours, trunks] = [contents("dist"), contents(OTHER)];
const different = [...new Set([...Object.keys(ours), ...Object.keys(trunks)])].filter((file) => ours[file] !== trunks[file]);
for (const file of different) console.error(`trunk's ${file} differs`);
if (different.length) process.exitCode = 1;
else console.log(`trunk builds the same ${Object.keys(ours).length} files`);
