/**
 * Starts as many workers of a script. `ask` puts a question to each, made from the worker's place, and resolves to all replies;
 * `stop` ends them.
 */
export function crew(script, count) {
  const workers = Array.from({ length: count }, () => new Worker(script, { type: "module" }));
  const ask = (question) =>
    Promise.all(
      workers.map((worker, place) => {
        const { promise, resolve, reject } = Promise.withResolvers();
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(question(place));
        return promise;
      }),
    );
  return { ask, stop: () => workers.forEach((worker) => worker.terminate()) };
}
