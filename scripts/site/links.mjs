// What the site is made of: the `data-trunk` links of index.html, which trunk reads as well.
import { readFileSync } from "node:fs";

const LINK = /[ \t]*<link data-trunk\b([^>]*?)\/?>\n?/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

/** index.html, its links as `{ text, rel, href, bin, … }` by their attributes without `data-`, and trunk's patterns. */
export function readLinks() {
  const html = readFileSync("index.html", "utf8");
  const links = [...html.matchAll(LINK)].map(([text, attributes]) => ({
    text,
    ...Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, name, value]) => [name.replace(/^data-/, ""), value])),
  }));
  const pattern = (name) => new RegExp(`^pattern_${name} = '(.*)'$`, "m").exec(readFileSync("Trunk.toml", "utf8"))[1];
  return { html, links, script: pattern("script"), preload: pattern("preload") };
}

/** The Rust programs among the links. A visit begins with those whose `first` is true; the others come when they are needed. */
export const programsOf = (links) =>
  links
    .filter(({ rel }) => rel === "rust")
    .map((link) => ({
      name: link.bin,
      main: link.type === "main",
      first: ["page", "worker"].includes(link.bin),
      features: link["cargo-features"],
      profile: link["cargo-profile-release"] ?? "release",
    }));
