// A worker that is given some of the rows and a forest, as the page's workers are, and then scores them whenever it is asked.
import init, { Bench } from "./ours/forest.js";

let bench;

async function answer(given) {
  if (!given) return bench.score();
  await init();
  bench = Bench.fitted(...given);
}

// What goes wrong has to reach the page, which would wait for ever.
onmessage = ({ data }) => answer(data).then(postMessage).catch(reportError);
