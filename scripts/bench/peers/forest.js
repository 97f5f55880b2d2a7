// The page on which isolation forests are timed: ours as WebAssembly, and two packages of npm. One thread each; ours with workers, too.
import { IsolationForest as First } from "isolation-forest";
import { IsolationForest as Second } from "ml-isolation-forest";
import { best } from "./best.js";
import init, { Bench } from "./ours/forest.js";
import { crew } from "./workers.js";

/** Scores are added up in the order of the rows, for any number of workers. */
const mean = (scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length;

function ours(bench) {
  // The clock of a page is coarse.
  const explain = best(9, () => {
    for (let time = 0; time < 20; time += 1) bench.explain(0);
  });
  const figures = { fit: best(9, () => bench.fit()), score: best(9, () => bench.score()), explain: explain / 20 };
  return { ...figures, mean: mean(bench.score()) };
}

/** In as many workers, each with its share of the rows, which it has before the clock starts; the last reply stops that. */
async function shared(bench, values, features, count) {
  const { ask, stop } = crew("forest-worker.js", count);
  const begin = (place) => Math.floor(((values.length / features) * place) / count) * features;
  const forest = bench.forest();
  await ask((place) => [values.slice(begin(place), begin(place + 1)), features, forest]);
  let [score, shares] = [Infinity, []];
  for (let run = 0; run < 9; run += 1) {
    const start = performance.now();
    shares = await ask(() => null);
    score = Math.min(score, (performance.now() - start) / 1_000);
  }
  stop();
  return { score, mean: mean(shares.flatMap((scores) => [...scores])) };
}

/** Fits on some rows, evenly over all, and scores a tenth of all. */
function theirs(values, features, some, fit) {
  const rows = values.length / features;
  const row = (place) => Array.from(values.subarray(place * features, (place + 1) * features));
  const take = (count) => Array.from({ length: count }, (_, place) => row(place * Math.floor(rows / count)));
  const [fitted, scored] = [take(some), take(Math.floor(rows / 10))];
  let forest;
  const fitting = best(2, () => (forest = fit(fitted)));
  return { fit: fitting, score: (best(2, () => forest.predict(scored)) * rows) / scored.length };
}

function first(rows) {
  const forest = new First(100, 256);
  forest.fit(rows);
  return forest;
}

function second(rows) {
  const forest = new Second({ nEstimators: 100 });
  forest.train(rows);
  return forest;
}

/** Times all of them on the rows of a file. */
globalThis.measure = async (file, features) => {
  const [bytes] = await Promise.all([fetch(file).then((response) => response.arrayBuffer()), init()]);
  const values = new Float32Array(bytes);
  const bench = new Bench(values, features);
  const workers = Math.max(navigator.hardwareConcurrency, 2);
  const figures = { ours: ours(bench), [`ours, ${workers} workers`]: await shared(bench, values, features, workers) };
  // Neither draws a sample for each tree: their trees are made of all rows that they are given.
  for (const rows of [256, 10_000]) {
    figures[`isolation-forest, fitted on ${rows} rows`] = theirs(values, features, rows, first);
    figures[`ml-isolation-forest, fitted on ${rows} rows`] = theirs(values, features, rows, second);
  }
  return figures;
};
