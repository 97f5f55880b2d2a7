// The original's 16-8-16 autoencoder beside others, on the processor, one thread each: natively PyTorch and Keras, in Chromium
// TensorFlow.js. ÷: beside ours in Chromium. Part of `make bench`. `ROWS=100000 FEATURES=81 ROUNDS=2 node scripts/bench/autoencoder.mjs`
import { compare, ROWS } from "./rounds.mjs";
import { times } from "./table.mjs";

console.log("== autoencoders");
const header = ["a step of 32 rows", "÷", "a step of 1,024 rows", "÷", "to score a row", "÷"];
await compare("autoencoder", header, (found, _, ours) => {
  const cells = (what, scale, unit) => [`${(found[what] * scale).toFixed(3)} ${unit}`, times(found[what] / ours[what])];
  return [...cells("few", 1e3, "ms"), ...cells("many", 1e3, "ms"), ...cells("score", 1e6 / ROWS, "µs")];
});
