// Starts the page: checks what the browser can do, loads the wasm, and keeps the site available offline.
// A classic script, so that it can say what is wrong even where modules do not load (a page opened as a file).
(() => {
  "use strict";
  const BUILD = "__BUILD_ID__";
  const { page, wasm, offline: keeping } = document.currentScript.dataset;
  const boot = document.getElementById("boot");
  globalThis.FLOWSIFT_BUILD = BUILD;

  // What draws the charts: the page waits for this promise before the first of them.
  const charts = {};
  globalThis.FLOWSIFT_CHARTS = new Promise((loaded, failed) => {
    charts.load = () => {
      const script = document.createElement("script");
      script.src = new URL(`echarts.js?${BUILD}`, document.baseURI).href;
      script.onload = loaded;
      script.onerror = () => failed(new Error("echarts.js did not load"));
      document.head.append(script);
    };
  });
  globalThis.FLOWSIFT_CHARTS.catch(() => {}); // the page tells it where a chart would be

  // The smallest module that uses a 128-bit value.
  const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  function missing() {
    const has = {
      "WebAssembly": () => typeof WebAssembly === "object",
      "WebAssembly SIMD": () => WebAssembly.validate(new Uint8Array(SIMD)),
      "web workers": () => typeof Worker === "function",
      "reading files (FileReader, Blob)": () => typeof FileReader === "function" && typeof Blob === "function",
    };
    return Object.keys(has).filter((name) => {
      try {
        return !has[name]();
      } catch {
        return true;
      }
    });
  }

  function fail(text) {
    const error = boot.querySelector("#boot-error");
    error.textContent = text;
    error.hidden = false;
    boot.querySelector("#boot-wait").hidden = true;
    if (!boot.isConnected) document.body.prepend(boot);
  }

  async function start() {
    if (location.protocol === "file:")
      return fail("Browsers do not run WebAssembly from a page opened as a file. Serve this folder over HTTP, for example with “make serve”.");
    const lacks = missing();
    if (lacks.length)
      return fail(`This browser lacks ${lacks.join(", ")}. Flowsift works in Chrome and Edge 96, Firefox 114, Safari 16.4 and newer.`);
    try {
      const { default: init } = await import(new URL(page, document.baseURI).href);
      await init({ module_or_path: new URL(wasm, document.baseURI) });
      boot.remove();
      requestAnimationFrame(() => setTimeout(charts.load)); // after the page was painted
    } catch (error) {
      fail(`Flowsift could not start (${error?.message ?? error}). Reload the page; if that does not help, the site's files are incomplete.`);
      throw error;
    }
  }

  // ---- a page that stopped ----

  // A program of wasm that panicked or trapped cannot go on, and what is still seen does nothing any more.
  function stop(reason) {
    if (document.getElementById("stopped")) return;
    boot.remove();
    const box = document.createElement("div");
    box.id = "stopped";
    box.dataset.testid = "error";
    box.setAttribute("role", "alert");
    const reload = document.createElement("button");
    reload.type = "button";
    reload.textContent = "Reload";
    reload.onclick = () => location.reload();
    box.append(`Something in this page went wrong, and it cannot go on (${reason}). Your file is as it was. `, reload);
    document.body.prepend(box);
    reload.focus();
  }
  const stopIfTrapped = (error) => error instanceof WebAssembly.RuntimeError && stop(error.message);

  globalThis.FLOWSIFT_STOP = stop; // the program calls it when it panics, with what is known
  if (typeof WebAssembly === "object") {
    addEventListener("error", (event) => stopIfTrapped(event.error));
    addEventListener("unhandledrejection", (event) => stopIfTrapped(event.reason));
  }

  // ---- offline ----

  // The last state is kept as well as announced: the page may begin to listen later than this.
  function offline(state, reason = "") {
    const detail = { state, reason };
    globalThis.FLOWSIFT_OFFLINE = detail;
    dispatchEvent(new CustomEvent("flowsift-offline", { detail }));
  }

  let updating = false;

  // The new version never takes over by itself: the visitor may be in the middle of something.
  function offerUpdate(onAccept) {
    const banner = document.getElementById("update");
    banner.hidden = false;
    banner.querySelector("button").onclick = onAccept;
    offline("update");
  }

  function offerWaiting(worker) {
    offerUpdate(() => {
      updating = true;
      const reload = () => worker.state === "activated" && location.reload();
      worker.addEventListener("statechange", reload);
      worker.postMessage({ type: "skip-waiting" });
      reload(); // another tab may have been quicker
    });
  }

  async function keepOffline() {
    const container = navigator.serviceWorker;
    if (!container)
      return offline("unavailable", isSecureContext ? "this browser or its private mode has no service workers" : "the page is not served over https or from localhost");

    let controlled = container.controller !== null;
    container.addEventListener("controllerchange", () => {
      // Another tab accepted the update; this one still runs the old version.
      if (controlled && !updating) offerUpdate(() => location.reload());
      controlled = true;
    });

    try {
      const registration = await container.register("sw.js", { updateViaCache: "none" });
      const watch = (worker) => {
        const changed = () => {
          if (worker.state === "installed" && registration.active) offerWaiting(worker);
          else if (worker.state === "activated" && !updating) offline("ready");
          else if (worker.state === "redundant" && !registration.active)
            offline("unavailable", "the site's files could not be stored, or do not belong to one version");
        };
        worker.addEventListener("statechange", changed);
        changed();
      };
      if (registration.active) offline("ready");
      if (registration.waiting) offerWaiting(registration.waiting);
      if (registration.installing) watch(registration.installing);
      registration.addEventListener("updatefound", () => watch(registration.installing));
    } catch (error) {
      // The browser's own words are for its console, not for the visitor.
      console.info("the page could not be stored:", error);
      offline("unavailable", "the browser refused to store the page (a private window, its settings, or a full disk)");
    }
  }

  start();
  // After load: storing the site must not compete with showing it.
  if (keeping === "never") offline("unavailable", "this is a build for development");
  else if (document.readyState === "complete") keepOffline();
  else addEventListener("load", keepOffline);
})();
