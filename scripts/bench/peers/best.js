/** The shortest of several runs, in seconds; what `prepare` does is not timed. */
export function best(runs, work, prepare = () => {}) {
  const seconds = Array.from({ length: runs }, () => {
    prepare();
    const start = performance.now();
    work();
    return (performance.now() - start) / 1_000;
  });
  return Math.min(...seconds);
}
