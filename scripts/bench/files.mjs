// What the benchmarks read, and where they keep it.
import { execFileSync } from "node:child_process";
import { mkdirSync, openSync, readSync, closeSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowsift", "bench");

/** Builds examples of the crate for speed; the path of each, by name. */
export function examples(names = ["parse", "sample"], ...options) {
  const build = ["build", "--release", "--locked", "--quiet", ...names.flatMap((name) => ["--example", name]), ...options];
  const messages = execFileSync("cargo", [...build, "--message-format=json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const artifacts = messages.trim().split("\n").map((line) => JSON.parse(line)).filter((message) => message.executable);
  return Object.fromEntries(artifacts.map(({ target, executable }) => [target.name, executable]));
}

const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** A file of synthetic flows in the Unicauca shape, made again only when its generator has changed. */
export function flows(rows, generator) {
  const path = join(CACHE, `flows-${rows}.csv`);
  if (changed(path) > changed(generator)) return path;
  mkdirSync(CACHE, { recursive: true });
  rmSync(path, { force: true });
  execFileSync(generator, [rows, `${path}.part`], { stdio: "ignore" });
  renameSync(`${path}.part`, path);
  return path;
}

/** Unique names of a CSV's columns, and which hold nothing but numbers in the first MiB: what readers are told. */
export function columnsOf(path) {
  const head = Buffer.alloc(1 << 20);
  const file = openSync(path);
  const length = readSync(file, head);
  closeSync(file);
  const [header, ...records] = head.toString("latin1", 0, length).split("\n").slice(0, -1);
  const split = (line) => line.trim().split(",");
  const names = split(header).map((name, index, all) => (all.indexOf(name) === index ? name : `${name}.${index}`));
  const cells = records.map(split);
  const isNumber = (cell) => !Number.isNaN(Number(cell)) || /^[+-]?(nan|inf(inity)?)$/i.test(cell);
  const numeric = [...names.keys()].filter((index) => cells.every((row) => isNumber(row[index])));
  return { names, numeric };
}
