// What a failed test leaves behind: a picture of each of its pages, and playwright's trace of what was done
// (`npx playwright-core show-trace FILE`, or https://trace.playwright.dev, which reads it in the browser).
import { mkdirSync } from "node:fs";

export const FOLDER = "test-results/failed";

const fileName = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 80);

/** Begins to write down what is done in a browser context. The answer keeps it, or throws it away. */
export async function evidence(context, name) {
  // Without its pictures, which would take the processor from what is tested.
  await context.tracing.start({ snapshots: true, title: name });
  return {
    async keep() {
      mkdirSync(FOLDER, { recursive: true });
      const path = `${FOLDER}/${fileName(name)}`;
      const pages = context.pages();
      for (const [at, page] of pages.entries()) {
        // A page that hangs is no reason to lose the trace.
        await page.screenshot({ path: `${path}${at ? `-${at + 1}` : ""}.png`, timeout: 5_000 }).catch(() => {});
      }
      await context.tracing.stop({ path: `${path}.zip` }).catch(() => {});
      console.log(`see ${path}.png and .zip`);
    },
    discard: () => context.tracing.stop(),
  };
}
