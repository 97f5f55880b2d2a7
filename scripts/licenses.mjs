// Collects the licences of the crates that end up in the wasm into generated/licenses/crates.txt, beside our own.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const { packages, resolve } = JSON.parse(
  execFileSync(
    "cargo",
    ["metadata", "--format-version=1", "--locked", "--offline", "--features=ui,trainer-web,parquet", "--filter-platform=wasm32-unknown-unknown"],
    { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] },
  ),
);
const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
const byId = new Map(packages.map((pkg) => [pkg.id, pkg]));
// Macros and build scripts run at compile time; they are not part of what is handed out.
const shipped = (pkg) => !pkg.targets.some((target) => target.kind.includes("proc-macro"));

const seen = new Set();
const visit = (id) => {
  if (seen.has(id) || !shipped(byId.get(id))) return;
  seen.add(id);
  for (const dep of nodes.get(id).deps) if (dep.dep_kinds.some(({ kind }) => kind === null)) visit(dep.pkg);
};
visit(resolve.root);
seen.delete(resolve.root);

// One entry per text: most crates carry the same Apache-2.0.
const texts = new Map();
const add = (text, name) => texts.set(text, [...(texts.get(text) ?? []), name]);
for (const pkg of [...seen].map((id) => byId.get(id)).sort((a, b) => a.name.localeCompare(b.name))) {
  const name = `${pkg.name} ${pkg.version} (${pkg.license ?? pkg.license_file})`;
  const folder = dirname(pkg.manifest_path);
  const own = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file) && !/\.(rs|toml)$/.test(file));
  for (const file of own) add(readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim(), name);
  if (own.length === 0) add(`No licence file in the package; by ${pkg.authors.join(", ") || "its contributors"}.`, name);
}

const rule = "-".repeat(100);
const body = [...texts].map(([text, names]) => `${rule}\n${names.join("\n")}\n${rule}\n\n${text}\n`).join("\n");
mkdirSync("generated/licenses", { recursive: true });
for (const own of ["MIT", "APACHE"]) copyFileSync(`LICENSE-${own}`, `generated/licenses/flowsift-LICENSE-${own}.txt`);
writeFileSync(
  "generated/licenses/crates.txt",
  `Flowsift is made with these crates, and with Rust's standard library (MIT OR Apache-2.0).\n\n${body}`,
);
