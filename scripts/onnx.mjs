// Kept models in other runtimes: what `flowsift fit` keeps and `flowsift score` says, against onnxruntime, and with --spark against Spark.
// With --rows 10000000 instead: so many rows that Spark makes itself, how fast they are scored, and whether memory grows.
// Where Python or its packages cannot be had, it says so and checks nothing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { rows, spark = Boolean(rows) } = parseArgs({ options: { spark: { type: "boolean" }, rows: { type: "string" } } }).values;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowsift", spark ? "python-spark" : "python");
const python = join(cache, "bin", "python");
const quietly = { stdio: ["ignore", "ignore", "pipe"] };
const run = (program, args, options = { stdio: "inherit" }) => execFileSync(program, args, options);

function setUp() {
  if (spark) run("java", ["-version"], quietly);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(python)) run("python3", ["-m", "venv", cache], quietly);
  const packages = ["onnxruntime>=1.21", "pyarrow>=15", "numpy>=1.26", ...(spark ? ["pyspark>=4.0", "pandas>=2.2,<3"] : [])];
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1", ...packages], quietly);
}

try {
  setUp();
} catch (error) {
  console.log(`${spark ? "Java, or Python's packages for Spark," : "Python's packages"} cannot be had here: models are not checked there (${String(error.stderr ?? error).trim().split("\n").at(-1)})`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "flowsift-onnx-"));
try {
  const target = process.env.CARGO_TARGET_DIR ?? "target";
  run("cargo", ["build", "--quiet", "--locked", "--bin", "flowsift", "--example", "sample"]);
  const [flowsift, sample] = [join(target, "debug", "flowsift"), join(target, "debug", "examples", "sample")];
  const flows = join(folder, "flows.csv");
  run(sample, ["20000", flows, "7"], quietly);
  const environment = { ...process.env, PYTHONPATH: resolve("python/flowsift_score"), PYSPARK_PYTHON: python, SPARK_LOCAL_IP: "127.0.0.1" };
  const kinds = [["--detector", "forest"], ["--detector", "forest", "--classic"], ["--detector", "autoencoder"], ["--detector", "nearest"]];
  const asked = { stdio: ["ignore", "inherit", "pipe"], env: environment };
  for (const how of rows ? kinds.slice(0, 1) : spark ? [kinds[0], kinds.at(-1)] : kinds) {
    const [model, older, scored] = ["model.flowsift.onnx", "older.flowsift.onnx", "scored.csv"].map((name) => join(folder, name));
    run(flowsift, ["fit", flows, "--quiet", "--out", model, ...how], quietly);
    if (rows) {
      console.log(how.join(" "));
      run(python, ["python/flowsift_score/tests/scale.py", model, rows], asked);
      continue;
    }
    run(flowsift, ["score", flows, "--quiet", "--model", model, "--out", scored], quietly);
    run(flowsift, ["export", model, "--onnx", "older", "--out", older], quietly);
    for (const [of, file] of [["", model], [", for older runtimes", older]]) {
      console.log(how.join(" ") + of);
      run(python, ["python/flowsift_score/tests/check.py", file, scored, ...(spark ? ["--spark"] : [])], asked);
    }
  }
} catch (error) {
  console.error(String(error.stderr ?? error).split("\n").slice(-12).join("\n"));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
