// Builds the site: `node scripts/site.mjs build` all of it into dist/; `serve` what a visit begins with, which it serves
// while it builds the rest; `dev` without optimisation into generated/dev/, again whenever a source changes.
// `PORT=8080 BASE=/some/path/` say where it is served.
import { execFile } from "node:child_process";
import { watch } from "node:fs";
import { promisify } from "node:util";
import { serve } from "./serve.mjs";
import { assemble } from "./site/assemble.mjs";
import { hashOfInputs } from "./site/inputs.mjs";
import { programsOf, readLinks } from "./site/links.mjs";
import { lock } from "./site/lock.mjs";
import { build, buildForDevelopment, isBuilt } from "./site/programs.mjs";

// What a program is for, and what works without it until it is there.
const PURPOSES = {
  unpacker: ["the reader of Parquet files", "Parquet files cannot be opened"],
  trainer: ["training on the GPU", "autoencoders train on the processor"],
};

const run = promisify(execFile);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
const say = (program, seconds) => console.log(`  ${program.name}: built in ${clock(seconds)}`);

const assets = () => Promise.all(["echarts", "licenses"].map((name) => run(process.execPath, [`scripts/${name}.mjs`])));

const buildAll = (programs, inputs) =>
  Promise.all(programs.map(async (program) => say(program, await build(program, inputs))));

async function open(folder, port) {
  try {
    return await serve(folder, { port, base: process.env.BASE ?? "/" });
  } catch (error) {
    throw error.code === "EADDRINUSE" ? new Error(`port ${port} is taken; choose another, such as PORT=${port + 10}`) : error;
  }
}

// The port to serve on, found free before minutes of work.
async function freePort(port) {
  port = Number(process.env.PORT ?? port);
  await (await open("public", port)).close();
  return port;
}

async function buildSite() {
  const site = readLinks();
  const programs = programsOf(site.links);
  const inputs = hashOfInputs();
  const unlock = await lock();
  await Promise.all([assets(), buildAll(programs, inputs)]);
  assemble(site, programs, inputs, "dist");
  unlock();
}

async function serveSite() {
  const port = await freePort(8080);
  const site = readLinks();
  const programs = programsOf(site.links);
  const inputs = hashOfInputs();
  const unlock = await lock();
  const there = programs.filter((program) => program.first || isBuilt(program, inputs));
  const missing = programs.filter((program) => !there.includes(program));
  await Promise.all([assets(), buildAll(there, inputs)]);
  assemble(site, there, inputs, "dist");
  const { url } = await open("dist", port);
  console.log(`Flowsift is at ${url} (Ctrl-C stops it)`);

  const comeIn = async (program) => {
    const [what, without] = PURPOSES[program.name];
    console.log(`  in the background: ${what} (${program.name}). Until it is there, ${without}.`);
    const seconds = await build(program, inputs, { patient: true });
    there.push(program);
    assemble(site, there, inputs, "dist");
    console.log(`  ${program.name} is there, after ${clock(seconds)}: reload the page when it suits you`);
  };
  const whole = await Promise.allSettled(missing.map(comeIn));
  for (const { reason } of whole) if (reason) console.error(reason.message);
  if (missing.length) console.log(`  dist/ is ${there.length === programs.length ? "whole" : "not whole"}`);
  unlock();
}

async function develop() {
  const folder = "generated/dev";
  const port = await freePort(8081); // not the release site's: its service worker would answer
  let server;
  const rebuild = async () => {
    const begun = performance.now();
    const unlock = await lock();
    try {
      const site = readLinks();
      const programs = programsOf(site.links).filter(({ first }) => first);
      await buildForDevelopment(programs);
      assemble(site, programs, "development", folder, { development: true });
      server ??= await open(folder, port);
      console.log(`Built in ${clock((performance.now() - begun) / 1000)}: reload ${server.url} (Ctrl-C stops it)`);
    } catch (error) {
      console.error(error.message);
    }
    unlock();
  };
  let [changed, busy] = [true, false];
  const follow = async () => {
    if (busy) return;
    busy = true;
    for (; changed; await rebuild()) changed = false;
    busy = false;
  };
  const notice = () => ((changed = true), setTimeout(follow, 100));
  await assets();
  for (const folder of ["src", "public", "style"]) watch(folder, { recursive: true }, notice);
  watch(".", (_, file) => ["index.html", "Cargo.toml", "Cargo.lock"].includes(file) && notice());
  await follow();
}

try {
  await { build: buildSite, serve: serveSite, dev: develop }[process.argv[2]]();
} catch (error) {
  console.error(error.stderr || error.message);
  process.exit(1);
}
