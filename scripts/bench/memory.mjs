// The memory of the processes that this one has started, as far as Linux tells.
import { readFileSync, readdirSync } from "node:fs";

/** The process ids of everything that this process has started, and what those have. */
function descendants() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // The name, in brackets, may hold blanks.
      const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
      parents.set(Number(pid), Number(parent));
    } catch {
      // It has ended.
    }
  }
  const ours = (pid) => pid === process.pid || (parents.has(pid) && ours(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== process.pid && ours(pid));
}

/** Megabytes of those processes, what they share counted once (PSS). */
function megabytes() {
  let kib = 0;
  for (const pid of descendants()) {
    try {
      kib += Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return (kib * 1024) / 1e6;
}

/** Measures four times a second until `stop`. */
export function watchMemory() {
  let most = 0;
  const measure = () => (most = Math.max(most, megabytes()));
  const timer = setInterval(measure, 250);
  return {
    /** The most megabytes so far. */
    peak: measure,
    stop: () => clearInterval(timer),
  };
}
