// Firefox as its makers or Debian build it, which takes WebDriver's commands over a socket ("Marionette", messages as in
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html). geckodriver would be another program to have.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programOf } from "../../scripts/browser.mjs";
import { until } from "./wait.mjs";
import { group, page } from "./webdriver.mjs";

const program = () => process.env.FIREFOX || programOf("firefox-esr", "firefox");

/** Why Firefox cannot be driven here; `false` if it can. */
export const lacksFirefox = () => !program() && "there is no Firefox (Debian: firefox-esr)";

/** Each message is the number of its bytes, a colon, and JSON. */
function messages(socket, heard) {
  let waiting = Buffer.alloc(0);
  socket.on("data", (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (let colon; (colon = waiting.indexOf(":")) > 0; ) {
      const end = colon + 1 + Number(waiting.subarray(0, colon));
      if (waiting.length < end) return;
      heard(JSON.parse(waiting.subarray(colon + 1, end)));
      waiting = waiting.subarray(end);
    }
  });
}

/** A socket that takes commands: `[0, number, name, parameters]`, answered by `[1, number, error, result]`. */
async function commands(port) {
  const socket = connect(port, "127.0.0.1");
  const asked = new Map();
  const fail = (error) => asked.forEach(({ reject }) => reject(error));
  socket.on("error", fail).on("close", () => fail(new Error("Firefox has gone")));
  let greeted;
  const greeting = new Promise((resolve, reject) => {
    greeted = resolve;
    socket.on("error", reject);
  });
  messages(socket, (message) => {
    if (!Array.isArray(message)) return greeted();
    const [, number, error, result] = message;
    const { resolve, reject } = asked.get(number);
    asked.delete(number);
    if (error) reject(new Error(`Firefox: ${error.error}: ${error.message}`));
    else resolve(result?.value ?? result);
  });
  await greeting;
  let number = 0;
  return (name, parameters = {}) =>
    new Promise((resolve, reject) => {
      asked.set((number += 1), { resolve, reject });
      const text = JSON.stringify([0, number, `WebDriver:${name}`, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

/** Starts a headless Firefox with a fresh profile. */
export async function launchFirefox() {
  const profile = mkdtempSync(join(tmpdir(), "flowsift-firefox-"));
  // A free port, which Firefox then writes into its profile.
  writeFileSync(join(profile, "user.js"), 'user_pref("marionette.port", 0);\n');
  const end = group(program(), ["--headless", "--marionette", "--no-remote", "--profile", profile]);
  const close = async () => {
    await end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const file = join(profile, "MarionetteActivePort");
    const port = await until(() => existsSync(file) && Number(readFileSync(file, "utf8")), "Firefox takes no commands", { within: 60_000 });
    const command = await commands(port);
    await command("NewSession", {});
    await command("SetTimeouts", { script: 120_000, pageLoad: 60_000 });
    return page({
      navigate: (url) => command("Navigate", { url }),
      execute: (script, args) => command("ExecuteAsyncScript", { script, args }),
      screenshot: () => command("TakeScreenshot", { full: false }),
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}
