// One build of a checkout at a time: all of them write to generated/.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const LOCK = "generated/lock";

function holder() {
  try {
    const pid = Number(readFileSync(LOCK, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

/** Waits until no other build of this checkout is under way; others wait until the returned function is called. */
export async function lock() {
  mkdirSync("generated", { recursive: true });
  for (let told = false; ; told = true) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    // One that was interrupted leaves it behind.
    if (holder() === undefined) rmSync(LOCK, { force: true });
    else if (!told) console.log("  waiting for another build in this folder to end");
    await sleep(500);
  }
}
