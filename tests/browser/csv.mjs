// A small CSV parser (RFC 4180), independent of the project's own, and checks on results files.
import assert from "node:assert/strict";

/** The records of a CSV text as arrays of cells. Lines may end in LF, CRLF or CR; blank lines are no records. */
export function parse(text, delimiter = ",") {
  const records = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let record = [];
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (let start = at + 1; ; ) {
        const quote = text.indexOf('"', start);
        if (quote < 0) throw new Error(`the quote at ${at} is never closed`);
        cell += text.slice(start, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        start = at + 1;
      }
    }
    // The rest of the cell, or all of it.
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
    record.push(cell + text.slice(start, at));
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) record.push("");
      else continue;
    }
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return records;
}

/** The header and the rows, each row split into the input's cells and the five columns of results. */
export function results(text, delimiter = ",") {
  const [header, ...rows] = parse(text, delimiter);
  const width = header.length - 5;
  const names = header.slice(width).map((name) => name.replace(/\.\d+$/, ""));
  assert.deepEqual(names, ["anomaly", "anomaly_score", "anomaly_rank", "anomaly_group", "anomaly_reasons"]);
  return {
    header: header.slice(0, width),
    rows: rows.map((row) => {
      assert.equal(row.length, width + 5, "every row has the header's width");
      const [anomaly, score, rank, group, reasons] = row.slice(width);
      assert.match(anomaly, /^[01]$/);
      assert.match(group, /^([1-9]|1\d|2[0-5])?$/);
      return { cells: row.slice(0, width), anomaly: anomaly === "1", score: Number(score), rank: Number(rank), group: Number(group), reasons };
    }),
  };
}

/**
 * Checks both downloads against each other and against the threshold; `input` (records, header first) is what the
 * all-rows file must begin with; `highest` is the highest score that the detector can give. Returns the all-rows results.
 */
export function checkResults({ all, anomalies, threshold, count, input, delimiter = ",", highest = 1 }) {
  const whole = results(all, delimiter);
  const { rows } = whole;
  if (input) {
    assert.deepEqual(whole.header, input[0]);
    assert.equal(rows.length, input.length - 1, "all input rows are there");
    rows.forEach((row, i) => assert.deepEqual(row.cells, input[i + 1], `row ${i + 1} is as it was`));
  }
  const byRank = new Array(rows.length);
  for (const row of rows) {
    assert.ok(row.score > 0 && Number.isFinite(row.score) && row.score <= highest, `${row.score} is a score`);
    assert.equal(row.anomaly, row.score > threshold, `${row.score} against the threshold ${threshold}`);
    assert.equal(row.anomaly, row.rank <= count, `rank ${row.rank} of ${count} anomalies`);
    assert.equal(row.anomaly, row.reasons !== "", "anomalies have reasons, others have none");
    byRank[row.rank - 1] = row;
  }
  for (let i = 0; i < rows.length; i += 1) {
    assert.ok(byRank[i], `one row has rank ${i + 1}`);
    if (i > 0) assert.ok(byRank[i - 1].score >= byRank[i].score, "scores fall with the rank");
  }
  const flagged = rows.filter((row) => row.anomaly);
  assert.equal(flagged.length, count, "the count shown is the count written");
  if (anomalies !== undefined) {
    const few = results(anomalies, delimiter);
    assert.deepEqual(few.header, whole.header);
    const listed = rows.filter((row) => row.anomaly || row.group > 0);
    assert.deepEqual(few.rows, listed, "the anomalies file holds the flagged rows and those of groups");
  }
  return whole;
}

/** FNV-1a, 64 bits, in hexadecimal, as tests/golden.rs computes it. In two 32-bit halves: BigInt is slow. */
export function fnv1a(bytes) {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    // times 2^40 + 0x1b3
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((half) => half.toString(16).padStart(8, "0")).join("");
}
