/**
 * The worker's end of the protocol: `{ id, method, args }` comes in,
 * `{ id, result }` or `{ id, error: { code, message, detail } }` goes out.
 */

/** @typedef {{ id: number, method: string, args: unknown }} Call */
/** @typedef {{ result: unknown, transfer?: Transferable[] }} Answer */

/**
 * What of a worker's own scope is needed.
 * @typedef {{ onmessage: ((event: MessageEvent) => void) | null, postMessage: (message: unknown, transfer?: Transferable[]) => void }} Scope
 */

const scope = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));

/**
 * Answers what this worker is asked from now on.
 * @param {object} methods Each takes one argument and returns an {@link Answer}, or a promise of one.
 * @param {() => string} lastPanic What the module said when it panicked; empty if it did not.
 */
export function serveCalls(methods, lastPanic) {
  const table = /** @type {Record<string, (args: unknown) => unknown>} */ (methods);
  scope.onmessage = async ({ data }) => {
    const { id, method, args } = /** @type {Call} */ (data);
    try {
      const { result, transfer = [] } = /** @type {Answer} */ (await table[method](args));
      scope.postMessage({ id, result }, transfer);
    } catch (error) {
      scope.postMessage({ id, error: plain(error, lastPanic) });
    }
  };
}

/**
 * @param {unknown} error
 * @param {() => string} lastPanic
 * @returns {import("./errors.js").PlainError}
 */
function plain(error, lastPanic) {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    const reason = lastPanic() || error.message;
    return {
      code: "crashed",
      message: `The engine stopped by a fault of its own (${reason}). The work was not done; trying again starts a fresh engine.`,
      detail: { reason },
    };
  }
  if (error instanceof Error) {
    return { code: "crashed", message: `The worker failed: ${error.message}.`, detail: { reason: error.message } };
  }
  return /** @type {import("./errors.js").PlainError} */ (error);
}
