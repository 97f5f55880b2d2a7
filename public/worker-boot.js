// A worker: loads the Rust program that the worker is named after, whose `main` listens for messages and reports that it
// is ready, with the build id, so that a page of another version can refuse it.
const BUILD = "__BUILD_ID__";
globalThis.FLOWSIFT_BUILD = BUILD;

// Messages that come before Rust listens would be lost.
const early = [];
const keep = (event) => early.push(event);
addEventListener("message", keep);

// What few visits need is built last and may be missing, which browsers do not tell from a failing network.
async function load(program) {
  const address = new URL(`./${program}.js?${BUILD}`, import.meta.url).href;
  try {
    return await import(address);
  } catch (error) {
    const answer = await fetch(address, { method: "HEAD" }).catch(() => undefined);
    throw answer?.status === 404 ? new Error(`this site does not have ${program}.js, or not yet`) : error;
  }
}

try {
  const program = ["trainer", "unpacker"].find((name) => self.name === `flowsift-${name}`) ?? "worker";
  const { default: init } = await load(program);
  const exports = await init({ module_or_path: new URL(`./${program}_bg.wasm?${BUILD}`, import.meta.url) });
  exports.__wasm_call_ctors?.(); // see build.rs
  removeEventListener("message", keep);
  for (const { data, ports } of early) dispatchEvent(new MessageEvent("message", { data, ports }));
} catch (error) {
  // A rejected top-level await does not reach the page's `onerror`; an exception from a task does.
  setTimeout(() => {
    throw error;
  });
}
