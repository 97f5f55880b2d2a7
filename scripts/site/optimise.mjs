// The last step to fast or small wasm: binaryen's wasm-opt. It takes as long as compiling, so its results are kept in
// generated/optimised/ and several files are worked on at once.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { limit } from "./limit.mjs";

// The features that rustc's output uses; wasm-opt wants them named.
const FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue", "simd"];
const WASM_OPT = "node_modules/binaryen/bin/wasm-opt";
const KEPT = "generated/optimised";

// The page and the trainer are small rather than fast, as their cargo profiles say; the trainer is too big to be optimised
// for long. A function of the page that is called once stays a function unless it is tiny: that compresses better.
const LEVELS = { page: ["-Oz", "--one-caller-inline-max-function-size=20"], trainer: ["-O2"] };
// By name, the copies of a generic function stand side by side, which is worth 4 % of what is sent: gzip looks back 32 KiB.
const ORDER = ["--reorder-functions-by-name", "--strip-debug", "--strip-producers"];
const turn = limit(availableParallelism());

/** The program that a file of wasm is of, and its name among the program's files, by its path in a site. */
export function fileOf(path) {
  const [, part, file] = /^(?:snippets\/([^/]+)\/)?(.+)$/.exec(path);
  return { program: part ?? /^[a-z]+/.exec(file)[0], file: part ? file : "first.wasm" };
}

/** Optimises one of the files of wasm of a program in place. */
export async function optimise({ program, file }, path) {
  const args = [...FEATURES.map((feature) => `--enable-${feature}`), ...(LEVELS[program] ?? ["-O3"]), ...ORDER];
  const { version } = JSON.parse(readFileSync("node_modules/binaryen/package.json", "utf8"));
  const key = createHash("sha256").update(readFileSync(path)).update([version, ...args].join(" ")).digest("hex");
  const [kept, keyOfKept] = [`${KEPT}/${program}/${file}`, `${KEPT}/${program}/${file}.key`];
  if (!existsSync(kept) || !existsSync(keyOfKept) || readFileSync(keyOfKept, "utf8") !== key) {
    mkdirSync(`${KEPT}/${program}`, { recursive: true });
    await turn(() => promisify(execFile)(process.execPath, [WASM_OPT, ...args, path, "-o", kept]));
    writeFileSync(keyOfKept, key);
  }
  copyFileSync(kept, path);
}
