// The browser that tests, benchmarks and icons.mjs drive: the system's Chromium, or CHROME.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const path = () =>
  process.env.CHROME ||
  execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], { encoding: "utf8" }).trim();

const how = (args) => ({
  executablePath: path(),
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
