// The page on which scripts that read CSV are timed. Each is a module that exports `start`, which resolves to
// `read(file, { names, numeric })`, which resolves to `{ rows, columns }`: the number columns as Float32Arrays.

/** Reads the chosen file `runs` times with a peer. */
globalThis.measure = async (peer, options, columns, runs) => {
  const [file] = document.querySelector("input").files;
  const start = performance.now();
  const read = await (await import(`./${peer}.js`)).start(options);
  const started = (performance.now() - start) / 1_000;
  const seconds = [];
  let table;
  for (let run = 0; run < runs; run += 1) {
    table = undefined; // what was read before may be collected
    const start = performance.now();
    table = await read(file, columns);
    seconds.push((performance.now() - start) / 1_000);
  }
  let sum = 0;
  for (const column of table.columns) for (const value of column) if (Number.isFinite(value)) sum += value;
  return { started, seconds, rows: table.rows, sum };
};
