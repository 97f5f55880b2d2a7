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
