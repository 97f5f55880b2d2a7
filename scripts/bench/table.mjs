// What the benchmarks print: Markdown, ready for docs/PERFORMANCE.md.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 0)} s`;
export const megabytes = (value) => `${value.toFixed(0)} MB`;
export const milliseconds = (value) => `${value.toFixed(0)} ms`;
export const times = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
export const count = (value) => Math.round(value).toLocaleString("en");

/** Prints rows of cells, the first as the header; missing ones are dashes. The first column is text, the others are figures. */
export function print(rows) {
  const [header, ...body] = rows.map((row) => rows[0].map((_, column) => row[column] ?? "–"));
  const widths = header.map((_, column) => Math.max(...[header, ...body].map((row) => row[column].length), 3));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
  console.log("");
  line(header.map(pad));
  line(widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  for (const row of body) line(row.map(pad));
}
