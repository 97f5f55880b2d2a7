// Sets up what is compared with: Python packages in an environment of their own, npm packages as a page. Kept in the cache.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";
import { optimise } from "../site/optimise.mjs";
import { CACHE, examples } from "./files.mjs";

export const PEERS = fileURLToPath(new URL("peers/", import.meta.url));

/** Where the pages find what is ours, which is built by whoever times it. */
export const OURS = "./ours/";

/** Builds an example of the crate as WebAssembly, as the site's workers are, into the folder of the pages. */
export async function bind(name, site) {
  const wasm = examples([name], "--target", "wasm32-unknown-unknown", "--features", "web")[name];
  execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", join(site, OURS), "--out-name", name, wasm]);
  await optimise(name, join(site, OURS, `${name}_bg.wasm`));
}

/** What `set up` gives, or undefined with a plain message: whoever is offline still gets the rest. */
async function unless(skipped, setUp) {
  try {
    return await setUp();
  } catch (error) {
    console.log(`skipped ${skipped}: ${String(error.stderr || error.message).trim().split("\n").pop()}`);
    return undefined;
  }
}

/** The Python of an environment with the packages of a list. */
export const python = (list = "requirements.txt", folder = "venv") =>
  unless("the Python packages", () => {
    const environment = join(CACHE, folder);
    const bin = join(environment, "bin", "python");
    if (!existsSync(bin)) execFileSync("python3", ["-m", "venv", environment], { stdio: "ignore" });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(PEERS, list)];
    execFileSync(bin, pip, { stdio: ["ignore", "ignore", "pipe"] });
    return bin;
  });

/** The folder of the pages on which the npm packages can be timed. */
export const page = () =>
  unless("the npm packages", async () => {
    const [installed, site] = [join(CACHE, "npm"), join(CACHE, "page")];
    const modules = join(installed, "node_modules");
    mkdirSync(installed, { recursive: true });
    const wanted = readFileSync(join(PEERS, "package-lock.json"));
    const done = join(modules, ".installed");
    if (!existsSync(done) || !readFileSync(done).equals(wanted)) {
      for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(PEERS, file), join(installed, file));
      execFileSync("npm", ["ci", "--ignore-scripts", "--silent"], { cwd: installed, stdio: ["ignore", "ignore", "pipe"] });
      copyFileSync(join(PEERS, "package-lock.json"), done);
    }
    const entries = ["page", "handwritten", "udsv", "papaparse", "duckdb", "forest", "forest-worker", "autoencoder", "flowsift", "flowsift-worker"];
    await build({
      entryPoints: entries.map((name) => join(PEERS, `${name}.js`)),
      outdir: site,
      nodePaths: [modules],
      external: [...entries.map((name) => `./${name}.js`), `${OURS}*`],
      bundle: true,
      minify: true,
      format: "esm",
      logLevel: "error",
    });
    for (const name of ["index.html", "forest.html", "autoencoder.html"]) copyFileSync(join(PEERS, name), join(site, name));
    const dist = join(modules, "@duckdb", "duckdb-wasm", "dist");
    copyFileSync(join(dist, "duckdb-eh.wasm"), join(site, "duckdb.wasm"));
    copyFileSync(join(dist, "duckdb-browser-eh.worker.js"), join(site, "duckdb.worker.js"));
    const tensorflow = join(modules, "@tensorflow", "tfjs-backend-wasm", "dist");
    mkdirSync(join(site, "tensorflow"), { recursive: true });
    for (const file of readdirSync(tensorflow).filter((name) => name.endsWith(".wasm"))) {
      copyFileSync(join(tensorflow, file), join(site, "tensorflow", file));
    }
    return site;
  });

/** The versions of the npm packages, by name. */
export const npmVersions = () => JSON.parse(readFileSync(join(PEERS, "package.json"), "utf8")).dependencies;
/** The versions of the Python packages of a list, by name. */
export const pythonVersions = (list = "requirements.txt") =>
  Object.fromEntries(readFileSync(join(PEERS, list), "utf8").trim().split("\n").map((line) => line.split("==")));
