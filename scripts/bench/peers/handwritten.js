// What a good programmer writes for this file in an afternoon: bytes only, no strings, slices read ahead. It knows commas, quotes,
// LF and CRLF, and nothing else that is odd; and it counts nothing.
import { Columns } from "./columns.js";

const SLICE = 8 << 20;
const [QUOTE, COMMA, MINUS, POINT, LF] = [..."\",-.\n"].map((sign) => sign.charCodeAt(0));
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

export async function start() {
  return read;
}

async function read(file, { names, numeric }) {
  const columns = new Columns(numeric.length);
  // For each column of the file its place among the number columns, or -1.
  const places = Int32Array.from(names, (_, index) => numeric.indexOf(index));
  let rows = -1; // the header
  let kept = new Uint8Array(0); // a record whose end is in the next slice
  let ahead = file.slice(0, SLICE).arrayBuffer();
  for (let at = 0; at < file.size; at += SLICE) {
    const slice = new Uint8Array(await ahead);
    ahead = file.slice(at + SLICE, at + 2 * SLICE).arrayBuffer();
    let length = kept.length + slice.length;
    // With room for a byte more: loops may look one too far, and the last record may lack its end.
    const bytes = new Uint8Array(length + 1);
    bytes.set(kept);
    bytes.set(slice, kept.length);
    if (at + SLICE >= file.size && bytes[length - 1] !== LF) bytes[length++] = LF;
    const parsed = parse(bytes, length, places, columns, rows);
    rows = parsed.rows;
    kept = bytes.subarray(parsed.end, length);
  }
  return columns.table(rows);
}

/** Parses the records that end in the first `length` bytes; `rows` were parsed before. */
function parse(bytes, length, places, columns, rows) {
  const width = places.length;
  let at = 0;
  for (let record = 0; ; record = at) {
    columns.reserve(rows + 1);
    const targets = columns.columns;
    for (let column = 0; column < width; column += 1) {
      const begin = at;
      const place = rows < 0 ? -1 : places[column];
      if (place >= 0 && bytes[at] !== QUOTE) {
        const negative = bytes[at] === MINUS;
        if (negative) at += 1;
        let value = 0;
        let digit = bytes[at] - 48;
        while (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          digit = bytes[++at] - 48;
        }
        if (bytes[at] === POINT) {
          const point = at;
          digit = bytes[++at] - 48;
          while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit;
            digit = bytes[++at] - 48;
          }
          value = at - point <= POWERS.length ? value / POWERS[at - point - 1] : NaN;
        }
        const after = bytes[at];
        if ((after === COMMA || after === LF) && at > begin && value === value) {
          targets[place][rows] = negative ? -value : value;
        } else {
          while (at < length && bytes[at] !== COMMA && bytes[at] !== LF) at += 1;
          targets[place][rows] = number(bytes, begin, at);
        }
      } else {
        let quoted = false;
        while (at < length && (quoted || (bytes[at] !== COMMA && bytes[at] !== LF))) {
          if (bytes[at] === QUOTE) quoted = !quoted; // a doubled quote does so twice
          at += 1;
        }
        if (place >= 0) targets[place][rows] = number(bytes, begin + 1, at - 1);
      }
      if (at >= length) return { rows, end: record };
      at += 1;
      if (bytes[at - 1] === LF) break;
    }
    rows += 1;
    if (at >= length) return { rows, end: at };
  }
}

/** A cell that is not plain digits: an exponent, an infinity, blanks, nothing. */
function number(bytes, begin, end) {
  const text = String.fromCharCode(...bytes.subarray(begin, end)).trim();
  return text === "" ? NaN : Number(text);
}
