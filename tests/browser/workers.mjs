// A way into the workers that every browser has. Scripts that are run in a page ahead of its own are not run in its workers,
// but the page writes a bootstrap for each, and that can be added to.

/**
 * For `site`'s `before`: has each worker run the function `first` ahead of its program, and later those of `acts` that
 * `askWorkers` asks for. (They must be there from the beginning: the policy lets nobody make functions from text.)
 */
export function beforeWorkers(first, acts = {}) {
  const named = Object.entries(acts).map(([name, act]) => `${JSON.stringify(name)}: ${act}`);
  return `(${addToBootstrap})(${JSON.stringify(`(${first})();(${listen})({${named}});`)})`;
}

/** Has an act done in all workers. Resolves to what it gave, by the worker's name, once `count` have answered. In the page. */
export const askWorkers = (count, act, argument) =>
  new Promise((resolve) => {
    const channel = new BroadcastChannel("test: answers");
    const answers = {};
    channel.onmessage = ({ data: { name, answer } }) => {
      answers[name] = answer;
      if (Object.keys(answers).length < count) return;
      channel.close();
      resolve(answers);
    };
    const questions = new BroadcastChannel("test: questions");
    questions.postMessage({ act, argument });
    questions.close();
  });

/** The same from here, in a page of `site`. */
export const inWorkers = (page, count, act, argument) =>
  page.page.evaluate(`(${askWorkers})(...${JSON.stringify([count, act, argument ?? null])})`);

function addToBootstrap(code) {
  globalThis.Blob = new Proxy(Blob, {
    construct(target, [parts = [], ...rest]) {
      const program = /await import\((".*")\)/.exec(parts[0])?.[1];
      // What is imported statically runs first; so it is not.
      return new target(program ? [`${code}await import(${program});`] : parts, ...rest);
    },
  });
}

function listen(acts) {
  const answers = new BroadcastChannel("test: answers");
  new BroadcastChannel("test: questions").onmessage = async ({ data: { act, argument } }) =>
    answers.postMessage({ name: self.name, answer: await acts[act](argument) });
}
