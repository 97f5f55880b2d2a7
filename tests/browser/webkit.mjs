// WebKit's GTK port, whose driver takes WebDriver's commands over HTTP, on a display that nobody sees.
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { programOf } from "../../scripts/browser.mjs";
import { until } from "./wait.mjs";
import { group, page } from "./webdriver.mjs";

const driver = () => process.env.WEBKIT_DRIVER || programOf("WebKitWebDriver");

/** WebKit's own small browser, which no PATH leads to. */
function browser() {
  const libraries = existsSync("/usr/lib") ? readdirSync("/usr/lib").filter((name) => name.includes("-linux-")) : [];
  const folders = [...libraries.map((name) => `/usr/lib/${name}`), "/usr/libexec", "/usr/lib64", "/usr/lib"];
  return folders.map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`).find(existsSync);
}

/** Why WebKit cannot be driven here; `false` if it can. */
export function lacksWebKit() {
  const lacking = ["dbus-run-session", "xvfb-run", "xauth"].filter((name) => !programOf(name));
  if (!driver()) lacking.unshift("WebKitWebDriver");
  if (!browser()) lacking.unshift("WebKit's MiniBrowser");
  return lacking.length > 0 && `there is no ${lacking.join(", no ")} (Debian: webkit2gtk-driver xvfb xauth dbus)`;
}

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

/** Starts WebKit with a fresh profile. */
export async function launchWebKit() {
  const port = await freePort();
  const end = group("dbus-run-session", ["--", "xvfb-run", "-a", driver(), `--port=${port}`], {
    NO_AT_BRIDGE: "1", // else it waits for an accessibility bus
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", // tests run as root in containers
  });
  async function call(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
    return value;
  }
  try {
    const answers = () => call("GET", "/status").then(({ ready }) => ready, () => false);
    await until(answers, "WebKit's driver does not answer", { within: 60_000 });
    const { sessionId } = await call("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: browser(), args: ["--automation"] } } },
    });
    const session = `/session/${sessionId}`;
    await call("POST", `${session}/timeouts`, { script: 120_000, pageLoad: 60_000 });
    return page({
      navigate: (url) => call("POST", `${session}/url`, { url }),
      execute: (script, args) => call("POST", `${session}/execute/async`, { script, args }),
      screenshot: () => call("GET", `${session}/screenshot`),
      close: async () => {
        await call("DELETE", session).catch(() => {});
        await end();
      },
    });
  } catch (error) {
    await end();
    throw error;
  }
}
