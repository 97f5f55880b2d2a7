// A worker that is given a file, whose first bytes tell it what that is like, and then reads a part of it whenever it is asked.
import init, { Reader } from "./ours/columns.js";

let reader;

async function answer(given) {
  if (given instanceof File) {
    const [head] = await Promise.all([given.slice(0, 1 << 20).arrayBuffer(), init()]);
    reader = new Reader(given, new Uint8Array(head));
    return postMessage(null);
  }
  const part = await reader.read(...given);
  postMessage(part, part[2].map((column) => column.buffer));
}

// What goes wrong has to reach the page, which would wait for ever.
onmessage = ({ data }) => answer(data).catch(reportError);
