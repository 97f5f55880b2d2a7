// The isolation forest (100 trees × 256) beside others, one thread each: natively scikit-learn, isotree and shap, in Chromium two packages
// of npm. There also ours with a worker a core. Part of `make bench`. `ROWS=100000 FEATURES=81 ROUNDS=2 node scripts/bench/forest.mjs`
import { compare, ROWS } from "./rounds.mjs";
import { count, times } from "./table.mjs";

const milliseconds = (seconds) => seconds && `${(seconds * 1000).toFixed(seconds < 0.1 ? 2 : 0)} ms`;

console.log("== isolation forests");
const header = ["fit", "rows scored per second", "÷ ours natively", "÷ ours in Chromium", "contributions of a row"];
await compare("forest", header, ({ fit, score, explain, skipped }, here, there) => {
  const ratio = (ours) => score && times(score / ours.score);
  return [milliseconds(fit), skipped ?? (score && count(ROWS / score)), ratio(here), ratio(there), milliseconds(explain)];
});
