// Pages in other engines than Chromium, which playwright drives only in builds of its own. What the smoke test needs of
// WebDriver (https://www.w3.org/TR/webdriver2/): Firefox takes its commands over a socket, WebKit's driver over HTTP.
import { spawn } from "node:child_process";
import { until } from "./wait.mjs";

/**
 * What can be done with a page, given four commands. Controls are used by scripts, because not every build of WebKit takes
 * the pointer's and keyboard's commands. Functions that are evaluated say `window` for what they leave in the page:
 * Firefox gives each a global object of its own.
 */
export function page({ navigate, execute, screenshot, close }) {
  /** What a function gives in the page, once its promise is kept. */
  async function evaluate(act, ...args) {
    const script = `const [args, done] = arguments;
      (async () => (${act})(...args))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await execute(script, [args]);
    if (error) throw new Error(error);
    return value;
  }
  /** As a visitor does it. WebDriver's own command goes past the service worker in Firefox. */
  async function reload() {
    await evaluate(() => {
      window.old = true;
      setTimeout(() => location.reload());
    });
    // In between, there may be no page that could answer.
    await until(() => evaluate(() => !window.old && document.readyState === "complete").catch(() => false), "the page does not come again");
  }

  return {
    evaluate,
    open: navigate,
    reload,
    click: (id) => evaluate((id) => document.querySelector(`[data-testid=${id}]`).click(), id),
    setFile: (id, { name, bytes }) => evaluate(choose, id, name, Buffer.from(bytes).toString("base64")),
    picture: async () => Buffer.from(await screenshot(), "base64"),
    close,
  };
}

function choose(id, name, text) {
  const input = document.querySelector(`[data-testid=${id}]`);
  const chosen = new DataTransfer();
  chosen.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Starts a program with all that it starts in turn, as a group that ends as one. */
export function group(program, args, env = {}) {
  const started = spawn(program, args, { stdio: "ignore", detached: true, env: { ...process.env, ...env } });
  const ended = new Promise((over) => started.on("exit", over).on("error", over));
  return async () => {
    try {
      if (started.pid) process.kill(-started.pid);
    } catch {
      // It has ended by itself.
    }
    await ended;
  };
}
