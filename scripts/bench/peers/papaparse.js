import Papa from "papaparse";
import { Columns } from "./columns.js";

export async function start() {
  return read;
}

/** Chunks of 10 MB, its own choice, of rows of strings; numbers are made of those that are wanted only. */
const read = (file, { numeric }) =>
  new Promise((resolve, reject) => {
    const columns = new Columns(numeric.length);
    let rows = -1; // the header
    Papa.parse(file, {
      delimiter: ",",
      skipEmptyLines: true,
      chunk: ({ data }) => {
        columns.reserve(rows + data.length);
        numeric.forEach((index, place) => {
          const column = columns.columns[place];
          for (let row = rows < 0 ? 1 : 0; row < data.length; row += 1) {
            const cell = data[row][index];
            column[rows + row] = cell === "" ? NaN : Number(cell);
          }
        });
        rows += data.length;
      },
      complete: () => resolve(columns.table(rows)),
      error: reject,
    });
  });
