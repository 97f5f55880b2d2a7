// How the site is put together: what belongs together has one build id, however much of it is built.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { stamp } from "../../scripts/post-build.mjs";
import { filesOf } from "../../scripts/site/inputs.mjs";
import { limit } from "../../scripts/site/limit.mjs";
import { programsOf, readLinks } from "../../scripts/site/links.mjs";

const root = mkdtempSync(join(tmpdir(), "flowsift-site-"));
after(() => rmSync(root, { recursive: true }));

let number = 0;
/** A site of such files, stamped; what its parts say. */
function stamped(files, inputs = "inputs", options = {}) {
  const dir = join(root, String((number += 1)));
  cpSync("public", dir, { recursive: true });
  for (const [name, text] of Object.entries({ "index.html": "<script src=boot.js?__BUILD_ID__>", ...files })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  stamp(dir, inputs, options);
  const read = (file) => readFileSync(join(dir, file), "utf8");
  const idIn = (file) => /const BUILD = "([0-9a-f]{16})"/.exec(read(file))?.[1];
  const worker = filesOf(dir).includes("sw.js");
  const list = worker && JSON.parse(/const FILES = (\{[^}]*\})/.exec(read("sw.js"))[1]);
  return { dir, read, build: idIn("worker-boot.js"), version: worker && idIn("sw.js"), list };
}

const FIRST = { "page-1.js": "page", "worker.js": "worker" };
const LATE = { "trainer.js": "trainer", "unpacker_bg.wasm": "unpacker" };

test("a site that is still being completed has the build id of the whole one, and its service worker a cache of its own", () => {
  const [part, whole] = [stamped(FIRST), stamped({ ...FIRST, ...LATE })];
  assert.match(part.build, /^[0-9a-f]{16}$/);
  assert.equal(part.build, whole.build);
  assert.notEqual(part.version, whole.version);
  for (const file of ["index.html", "boot.js", "worker-boot.js"]) assert.equal(part.read(file), whole.read(file));
});

test("another page, another worker or other sources of what comes late are another build", () => {
  const { build } = stamped(FIRST);
  assert.notEqual(stamped({ ...FIRST, "worker.js": "changed" }).build, build);
  assert.notEqual(stamped(FIRST, "others").build, build);
});

test("the service worker knows the hash of every file as it is served, but of itself and of ready-made models", () => {
  const { dir, list } = stamped({ ...FIRST, ...LATE });
  assert.deepEqual(Object.keys(list), filesOf(dir).filter((file) => file !== "sw.js" && !file.startsWith("models/")));
  for (const [file, hash] of Object.entries(list))
    assert.equal(createHash("sha256").update(readFileSync(join(dir, file))).digest("hex"), hash, file);
});

test("a program's parts are asked for by the build, and ask for the program as it is called", () => {
  const parts = (program) => `import { initSync } from "../../${program}.js"; fetch(new URL("./split_more.wasm", import.meta.url))`;
  const { read, build } = stamped({
    "page-0a.js": 'import * as import1 from "./snippets/page/parts.js"',
    "worker.js": 'import * as import1 from "./snippets/worker/parts.js"',
    "snippets/page/split_more.wasm": "a part",
    "snippets/worker/split_more.wasm": "a part",
    "snippets/page/parts.js": parts("page"),
    "snippets/worker/parts.js": parts("worker"),
  });
  assert.equal(read("page-0a.js"), `import * as import1 from "./snippets/page/parts.js?${build}"`);
  assert.equal(read("worker.js"), `import * as import1 from "./snippets/worker/parts.js?${build}"`);
  const hash = createHash("sha256").update("a part").digest("base64");
  for (const [program, address] of [["page", "page-0a.js"], ["worker", `worker.js?${build}`]])
    assert.equal(
      read(`snippets/${program}/parts.js`),
      `import { initSync } from "../../${address}"; fetch(new URL("./split_more.wasm?${build}", import.meta.url), { integrity: "sha256-${hash}" })`,
    );
});

test("a build for development has no service worker", () => {
  assert.equal(stamped(FIRST, "inputs", { offline: false }).list, false);
});

test("a visit begins with the page and the shards' worker; the others come later", () => {
  const programs = programsOf(readLinks().links);
  assert.deepEqual(programs.filter(({ first }) => first).map(({ name }) => name).sort(), ["page", "worker"]);
  assert.deepEqual(programs.filter(({ first }) => !first).map(({ name }) => name).sort(), ["trainer", "unpacker"]);
  assert.deepEqual(programs.filter(({ main }) => main).map(({ name }) => name), ["page"]);
});

test("so many at a time, in their order, also after one has failed", async () => {
  const turn = limit(2);
  const [begun, ends] = [[], []];
  const work = [0, 1, 2, 3].map((number) =>
    turn(() => (begun.push(number), new Promise((done, fail) => (ends[number] = number === 0 ? fail : done)))),
  );
  await new Promise(setImmediate);
  assert.deepEqual(begun, [0, 1]);
  ends[0](new Error("the first"));
  await assert.rejects(work[0]);
  await new Promise(setImmediate);
  assert.deepEqual(begun, [0, 1, 2]);
  for (const end of ends.slice(1)) end();
  await Promise.all(work.slice(1, 3));
  await new Promise(setImmediate);
  ends[3]();
  await work[3];
});
