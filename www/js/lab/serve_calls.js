/**
 * The worker's end of the protocol: `{ id, method, args }` comes in, `{ id, progress }` may go out meanwhile, and
 * `{ id, result }` or `{ id, error: { code, message, detail } }` does in the end.
 */

/** @typedef {{ id: number, method: string, args: unknown }} Call */
/** @typedef {{ result: unknown, transfer?: Transferable[] }} Answer */

/**
 * What of a worker's own scope is needed.
 * @typedef {{ onmessage: ((event: MessageEvent) => void) | null, postMessage: (message: unknown, transfer?: Transferable[]) => void }} Scope
 */

/** What is said where memory ends: a module that cannot allocate stops without a word, and buffers are refused by name. */
const OUT_OF_MEMORY = /unreachable|memory|allocation/i;

const scope = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));

/**
 * Answers what this worker is asked from now on.
 * @param {object} methods Each takes its arguments as one, and what tells its caller of progress, and returns an {@link Answer}, or a promise of one.
 * @param {() => string} lastPanic What the module said when it panicked; empty if it did not.
 */
export function serveCalls(methods, lastPanic) {
  showLife();
  const table = /** @type {Record<string, (args: unknown, tell: (progress: unknown) => void) => unknown>} */ (methods);
  scope.onmessage = async ({ data }) => {
    const { id, method, args } = /** @type {Call} */ (data);
    try {
      const tell = (/** @type {unknown} */ progress) => scope.postMessage({ id, progress });
      const { result, transfer = [] } = /** @type {Answer} */ (await table[method](args, tell));
      scope.postMessage({ id, result }, transfer);
    } catch (error) {
      scope.postMessage({ id, error: plain(error, lastPanic) });
    }
  };
}

/**
 * Holds a lock for as long as this worker lives, and names it to the page: browsers that end a worker, as they do when memory
 * runs short, tell nobody, but its locks are free then.
 */
function showLife() {
  if (!globalThis.navigator?.locks) return;
  const alive = `digitlab-worker-${crypto.randomUUID()}`;
  const hold = () => {
    scope.postMessage({ alive });
    return new Promise(() => {});
  };
  // A browser that refuses locks is as one that has none.
  navigator.locks.request(alive, hold).catch(() => {});
}

/**
 * @param {unknown} error
 * @param {() => string} lastPanic
 * @returns {import("./errors.js").PlainError}
 */
function plain(error, lastPanic) {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    const reason = lastPanic() || error.message;
    const isMemory = !lastPanic() && OUT_OF_MEMORY.test(reason);
    const what = isMemory ? "The engine has no memory left" : `The engine stopped by a fault of its own (${reason})`;
    const way = isMemory ? "ask for less at once, or try again, which starts a fresh engine." : "trying again starts a fresh engine.";
    return { code: "crashed", message: `${what}. The work was not done; ${way}`, detail: { reason } };
  }
  if (error instanceof Error) {
    return { code: "crashed", message: `The worker failed: ${error.message}.`, detail: { reason: error.message } };
  }
  return /** @type {import("./errors.js").PlainError} */ (error);
}
