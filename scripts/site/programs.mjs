// One of the site's Rust programs: compiled by cargo, split and bound by our wasm-bindgen, optimised by wasm-opt.
import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { limit } from "./limit.mjs";
import { filesOf } from "./inputs.mjs";
import { fileOf, optimise } from "./optimise.mjs";

const WASM = "wasm32-unknown-unknown";
const folderOf = ({ name }) => `generated/programs/${name}`;

// Two at once: while one is linked, which takes one core, the other compiles.
const turn = limit(2);

// Cargo's own words go to the terminal; resolves to the path of the program.
async function cargo(name, args, { patient }) {
  const quiet = patient ? ["--quiet"] : [];
  const child = spawn("cargo", ["build", "--locked", "--offline", ...quiet, "--message-format=json-render-diagnostics", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // What is built while the page is used must not slow it down.
  if (patient) setPriority(child.pid, 10);
  const ended = new Promise((done, fail) => child.on("error", fail).on("close", done));
  const messages = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`cargo could not build ${name}`);
  const built = messages
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .find(({ reason, target }) => reason === "compiler-artifact" && target.name === name && target.kind.includes("bin"));
  return built.filenames.find((file) => file.endsWith(".wasm"));
}

const bind = (name, wasm, folder, options = []) =>
  promisify(execFile)("wasm-bindgen", ["--target=web", "--no-typescript", `--out-dir=${folder}`, `--out-name=${name}`, ...options, wasm]);

/** Builds a program for release into its folder; `patient` leaves the machine to what else it does. */
export async function build(program, inputs, { patient = false } = {}) {
  const { name, profile, features } = program;
  const begun = performance.now();
  const folder = folderOf(program);
  rmSync(`${folder}/inputs`, { force: true });
  mkdirSync(folder, { recursive: true });
  await turn(async () => {
    const wasm = await cargo(name, ["--target", WASM, "--profile", profile, "--features", features, "--bin", name], { patient });
    await bind(name, wasm, folder);
  });
  const files = filesOf(folder).filter((file) => file.endsWith(".wasm"));
  await Promise.all(files.map((file) => optimise(fileOf(file), join(folder, file))));
  writeFileSync(`${folder}/inputs`, inputs);
  return (performance.now() - begun) / 1000;
}

/** Builds programs for development, in one go, each into its folder: quick to build, with names in the traces of errors. */
export async function buildForDevelopment(programs) {
  const features = programs.map((program) => program.features).join();
  for (const program of programs) {
    const wasm = await cargo(program.name, ["--target", WASM, "--features", features, "--bin", program.name], {});
    await bind(program.name, wasm, folderOf(program));
    rmSync(`${folderOf(program)}/inputs`, { force: true });
  }
}

/** Whether a program was built from these inputs. */
export const isBuilt = (program, inputs) =>
  existsSync(`${folderOf(program)}/inputs`) && readFileSync(`${folderOf(program)}/inputs`, "utf8") === inputs;

/** Copies a built program's files into a folder; their names. */
export function place(program, folder) {
  const files = filesOf(folderOf(program)).filter((file) => file !== "inputs");
  for (const file of files) cpSync(join(folderOf(program), file), join(folder, file));
  return files;
}
