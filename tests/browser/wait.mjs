// Tests wait for what they need, never for a time.
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks `probe` again and again until it gives something other than `false`, `null`, `undefined` or 0, and gives that back.
 * `what` is what did not happen if that takes longer than `within` milliseconds: words, or a function that finds them.
 */
export async function until(probe, what, { within = 10_000, every = 20 } = {}) {
  for (const end = Date.now() + within; ; await sleep(every)) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`after ${within / 1000} s: ${typeof what === "function" ? await what() : what}`);
  }
}

/** Fails once so many milliseconds have passed. In time for the test to leave its evidence, which node's limit is not. */
export function within(timeout, doing) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeout / 1000} s`)), timeout);
  });
  return Promise.race([doing, late]).finally(() => clearTimeout(timer));
}
