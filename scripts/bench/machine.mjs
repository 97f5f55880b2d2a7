// Where and with what a benchmark was run.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";

const says = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return `no ${command}`;
  }
};

/** Prints the machine and the versions. */
export function describe(browser, packages) {
  const [{ model }] = cpus();
  const gigabytes = (totalmem() / 1e9).toFixed(0);
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  console.log(`- machine: ${cpus().length} cores of ${model.trim()}, ${gigabytes} GB of memory, ${type()} ${release().split("-")[0]}`);
  console.log(`- Flowsift at ${says("git", "describe", "--always", "--dirty")}, ${says("rustc", "--version")}`);
  const chromium = browser ? `Chromium ${browser.version()}, ` : "";
  console.log(`- ${chromium}${says("python3", "--version")}, Node ${process.versions.node}`);
  console.log(`- ${versions.join(", ")}\n`);
}

/** Gives what prints how busy the machine has been since. */
export function watchLoad() {
  const load = () => loadavg()[0].toFixed(1);
  const before = load();
  return () => console.log(`\nLoad average (1 minute): ${before} before, ${load()} after.\n`);
}
