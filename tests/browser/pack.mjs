// A ZIP writer for tests, independent of the project's own reader: entries are stored, not compressed (APPNOTE 6.3).

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Little-endian fields, each `[bytes, value]`, one after the other. */
function record(...fields) {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  fields.reduce((at, [width, value]) => bytes.writeUIntLE(value, at, width), 0);
  return bytes;
}

/** A ZIP archive of `entries`, each `[name, content]`. */
export function zip(entries) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const [title, bytes] = [Buffer.from(name), Buffer.from(content)];
    // Version, flags, method, time, date; 1980-01-01 is the first day that there is.
    const common = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
    directory.push(record([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), title);
    const file = Buffer.concat([record([4, 0x04034b50], ...common), title, bytes]);
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, central.length], [4, offset], [2, 0]);
  return Buffer.concat([...files, central, end]);
}
