// Draws public/icons/icon-*.png from icon.svg. Run by hand after changing it: `node scripts/icons.mjs`.
import { readFileSync } from "node:fs";
import { launch } from "./browser.mjs";

const svg = readFileSync("public/icons/icon.svg", "utf8");
const browser = await launch();
const page = await browser.newPage();
for (const size of [192, 512]) {
  await page.setViewportSize({ width: size, height: size });
  // Without round corners: the systems that use these cut their own.
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${svg.replace(' rx="14"', "")}`);
  await page.screenshot({ path: `public/icons/icon-${size}.png` });
}
await browser.close();
