// The page on which the original's autoencoder is timed: ours as WebAssembly, and TensorFlow.js. One thread each.
import "@tensorflow/tfjs-backend-cpu";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { best } from "./best.js";
import init, { Bench } from "./ours/autoencoder.js";

const SIZES = { few: 32, many: 1_024 };

function ours(values, features) {
  const bench = new Bench(values, features);
  const rows = values.length / features;
  const step = (size) => best(4, () => bench.train(), () => bench.prepare(size)) / Math.ceil(rows / size);
  const figures = Object.fromEntries(Object.entries(SIZES).map(([name, size]) => [name, step(size)]));
  bench.prepare(SIZES.many);
  bench.train();
  return { ...figures, score: best(5, () => bench.score()), mean: bench.score() };
}

function network(features) {
  const model = layers.sequential();
  for (const units of [16, 8, 16]) model.add(layers.layers.dense({ units, activation: "relu", inputShape: [features] }));
  model.add(layers.layers.dense({ units: features }));
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "meanSquaredError" });
  return model;
}

/** TensorFlow.js: some steps of each size, and scoring of some rows, as it is slow. */
async function tensorflow(backend, values, features, steps) {
  await tf.setBackend(backend);
  const rows = values.length / features;
  const x = tf.tensor2d(values, [rows, features]);
  const figures = {};
  for (const [name, size] of Object.entries(SIZES)) {
    const model = network(features);
    const batch = (step) => tf.tidy(() => tf.gather(x, tf.tensor1d(Int32Array.from({ length: size }, (_, i) => (step * size + i * 7) % rows), "int32")));
    const train = async (count) => {
      for (let step = 0; step < count; step += 1) {
        const some = batch(step);
        await model.trainOnBatch(some, some);
        some.dispose();
      }
    };
    await train(3);
    const start = performance.now();
    await train(steps[name]);
    figures[name] = (performance.now() - start) / 1_000 / steps[name];
    if (name === "many") {
      const some = tf.slice(x, [0, 0], [Math.min(rows, 20_000), features]);
      const once = best(2, () => tf.tidy(() => void tf.mean(tf.squaredDifference(model.predictOnBatch(some), some), 1).dataSync()));
      figures.score = (once * rows) / some.shape[0];
      some.dispose();
    }
    model.dispose();
  }
  x.dispose();
  return figures;
}

/** Times all of them on the rows of a file. */
globalThis.measure = async (file, features) => {
  const [bytes] = await Promise.all([fetch(file).then((response) => response.arrayBuffer()), init()]);
  const values = new Float32Array(bytes);
  setThreadsCount(1);
  setWasmPaths(new URL("tensorflow/", location.href).href);
  return {
    ours: ours(values, features),
    "TensorFlow.js, wasm": await tensorflow("wasm", values, features, { few: 200, many: 40 }),
    "TensorFlow.js, cpu": await tensorflow("cpu", values, features, { few: 60, many: 8 }),
  };
};
