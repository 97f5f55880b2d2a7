// The last step to fast or small wasm.
import { execFileSync } from "node:child_process";

// The features that rustc's output uses; wasm-opt wants them named.
const FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue", "simd"];

/** Optimises a file of wasm in place: `-O3` for speed, `-Oz` for size. */
export function optimise(path, level) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  execFileSync("node_modules/.bin/wasm-opt", [level, ...features, path, "-o", path], { stdio: "inherit" });
}
