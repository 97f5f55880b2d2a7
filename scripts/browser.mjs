// The browser that tests, benchmarks and icons.mjs drive: the system's Chromium, or CHROME.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const path = () =>
  process.env.CHROME ||
  execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], { encoding: "utf8" }).trim();

/** A headless browser with a fresh profile that asks the network for nothing on its own. */
export const launch = (args = [], options = {}) =>
  chromium.launch({
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
    ...options,
  });
