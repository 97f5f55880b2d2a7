// Phone and desktop, light and dark: nothing is cut off, everything can be read. Pictures go to test-results/.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { site } from "./page.mjs";
import { until } from "./wait.mjs";

const PICTURES = "test-results";

/**
 * Texts whose contrast with what is behind them is below WCAG's AA: 4.5, or 3 where letters are large. In the page.
 * Text on pictures and canvases is not looked at.
 */
function lowContrast() {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  // Whatever way a colour is written, a canvas knows its red, green, blue and alpha.
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].map((channel) => channel / 255);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const background = (element) => {
    if (!element) return rgba("Canvas");
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, background(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join("");
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(":disabled, [aria-disabled=true], svg")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue; // for screen readers
    const style = getComputedStyle(element);
    const behind = background(element);
    const [a, b] = [luminance(over(rgba(style.color), behind)), luminance(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.add(`${ratio.toFixed(2)}: <${element.localName} class="${element.className}"> ${text.slice(0, 40)}`);
  }
  return [...found];
}

/** What makes the page scroll sideways; empty if it does not. In the page. */
function tooWide() {
  const { scrollWidth } = document.documentElement;
  if (scrollWidth <= innerWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  return `${scrollWidth} px, by ${wide.slice(0, 5).map((e) => `<${e.localName} class="${e.className}">`)}`;
}

async function check(page, name) {
  for (const [width, height] of [[360, 780], [1280, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.page.setViewportSize({ width, height });
      await page.page.emulateMedia({ colorScheme });
      await page.page.evaluate(() => scrollTo(0, 0));
      await page.still();
      const at = `${name}-${width}-${colorScheme}`;
      // Charts follow the width in their own time.
      const overflow = () => page.page.evaluate(tooWide);
      await until(async () => !(await overflow()), async () => `${at}: the page scrolls sideways: ${await overflow()}`);
      await page.page.screenshot({ path: `${PICTURES}/${at}.png`, fullPage: true });
      assert.deepEqual(await page.page.evaluate(lowContrast), [], `${at}: contrast`);
    }
  }
}

site("every state fits 360 and 1280 pixels and reads well, light and dark", async (page) => {
  mkdirSync(PICTURES, { recursive: true });
  await check(page, "empty");
  await page.choose({ name: "no-rows.csv", text: "Duration,Bytes\n" });
  await page.waitState("error");
  await check(page, "error");
  await page.loadSample();
  await check(page, "ready");
  for (const id of ["reading", "columns"]) await page.unfold(id);
  await check(page, "unfolded");
  await page.run("recommended");
  await page.checkCharts();
  await check(page, "done");
  await (await page.show("anomaly-table")).getByRole("row").nth(1).click().catch(() => {});
  await check(page, "explained");
  await page.tab("models");
  await page.get("ready-made").waitFor();
  await check(page, "models");
});
