/** Runs the functions it is given, so many at a time and in their order. */
export function limit(places) {
  const waiting = [];
  const next = () => {
    if (places === 0 || waiting.length === 0) return;
    places -= 1;
    waiting.shift()();
  };
  return async (work) => {
    await new Promise((begin) => (waiting.push(begin), next()));
    try {
      return await work();
    } finally {
      places += 1;
      next();
    }
  };
}
