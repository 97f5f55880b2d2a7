import * as duckdb from "@duckdb/duckdb-wasm";

/** The build for pages without cross-origin isolation, as static hosts serve them: one thread. */
async function connect() {
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker("duckdb.worker.js"));
  await database.instantiate(new URL("duckdb.wasm", location.href).href);
  return { database, connection: await database.connect() };
}

/** `told`: the types and the dialect are given; otherwise it sniffs, as it does for its users (and as our page does). */
export async function start({ told = false } = {}) {
  const { database, connection } = await connect();
  let registered = false;
  return async (file, { names, numeric }) => {
    if (!registered) {
      await database.registerFileHandle("flows.csv", file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
      registered = true;
    }
    const types = names.map((name, index) => `'${name}': '${numeric.includes(index) ? "FLOAT" : "VARCHAR"}'`);
    const options = told ? `, header=true, auto_detect=false, delim=',', quote='"', escape='"', columns={${types.join(", ")}}` : "";
    const select = numeric.map((index) => `"${names[index]}"::FLOAT`);
    const table = await connection.query(`SELECT ${select.join(", ")} FROM read_csv('flows.csv'${options})`);
    return { rows: table.numRows, columns: numeric.map((_, place) => table.getChildAt(place).toArray()) };
  };
}
