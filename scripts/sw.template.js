// Keeps one complete version of the site for offline use, and answers for nothing else. Written by
// scripts/post-build.mjs, which fills in the build id and the files with their sha256.
const BUILD = "__BUILD_ID__";
const FILES = __FILES__;

const scope = new URL(registration.scope);
const ours = `flowsift-${scope.pathname}@`; // other copies of the site may live on this origin
const CACHE = ours + BUILD;

// Headers that say what the file is and what it may do. Others (its length, its encoding, its age) were of the transfer.
const KEPT = /^(content-type|content-security-policy|cross-origin-.*|permissions-policy|referrer-policy|x-content-type-options)$/;

// The file as the server has it now, if it is the one this version was built with: half of a deployment is refused.
async function verified(path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== FILES[path]) throw new Error(`${path} belongs to another version`);
  // Built anew, because a response that came by a redirect may not answer a navigation.
  return new Response(bytes, { headers: [...response.headers].filter(([name]) => KEPT.test(name)) });
}

// What few need comes last. What trains on a GPU is megabytes, and does not come at all where there is no WebGPU.
const late = (path) => /^(snippets\/)?(unpacker|trainer)/.test(path);
const useful = (path) => navigator.gpu || !/^(snippets\/)?trainer/.test(path);

async function install() {
  const cache = await caches.open(CACHE);
  const store = (paths) => Promise.all(paths.map(async (path) => cache.put(path, await verified(path))));
  try {
    await store(Object.keys(FILES).filter((path) => !late(path)));
    await store(Object.keys(FILES).filter((path) => late(path) && useful(path)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(ours) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // Pages opened before the first install are of this version; after an update they may not be.
  if (old.length === 0) await clients.claim();
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("message", (event) => {
  if (event.data?.type === "skip-waiting") skipWaiting();
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const path = url.pathname.slice(scope.pathname.length) || "index.html";
  if (!Object.hasOwn(FILES, path)) return;
  event.respondWith(
    caches.open(CACHE).then(async (cache) => (await cache.match(path)) ?? fetch(event.request)),
  );
});
