// The browser that tests, benchmarks and icons.mjs drive: the system's Chromium, or CHROME.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** The path of the first of these programs that there is; empty if there is none. */
export function programOf(...names) {
  const asked = names.map((name) => `command -v ${name}`).join(" || ");
  return execFileSync("sh", ["-c", `${asked} || true`], { encoding: "utf8" }).trim();
}

// scripts/setup.sh looks in the same places.
const chrome = () =>
  process.env.CHROME ||
  programOf("chromium", "google-chrome") ||
  ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`).find(existsSync);

const how = (args) => ({
  executablePath: chrome(),
  args: [
    "--no-sandbox", // tests run as root in containers
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ...args,
  ],
});

/** A headless browser with a fresh profile that asks the network for nothing on its own. */
export const launch = (args = [], options = {}) => chromium.launch({ ...how(args), ...options });

/** The same with a profile in a folder, as people have it. (Others hold what a site stores in memory.) */
export const launchIn = (folder, args = []) => chromium.launchPersistentContext(folder, how(args));
