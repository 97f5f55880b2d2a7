// Our reader by itself, in as many workers as it is told to start, asked for what the others are asked for.
import { crew } from "./workers.js";

export async function start({ workers: count }) {
  const { ask } = crew("flowsift-worker.js", count);
  const [file] = document.querySelector("input").files;
  await ask(() => file);
  return async () => {
    const parts = await ask((shard) => [shard, count]);
    if (parts.some(([, end], shard) => shard + 1 < count && end !== parts[shard + 1][0])) throw new Error("rows were lost");
    const rows = parts.reduce((sum, [, , columns]) => sum + columns[0].length, 0);
    return { rows, columns: parts.flatMap(([, , columns]) => columns) };
  };
}
