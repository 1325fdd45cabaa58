/**
 * A worker's end of the protocol: `{ id, method, args }` comes in,
 * `{ id, result }` or `{ id, error: { code, message, detail } }` goes out.
 */

/** @typedef {{ id: number, method: string, args: unknown }} Call */
/** @typedef {{ result: unknown, transfer?: Transferable[] }} Answer */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/**
 * Answers calls of methods. Each takes one argument and returns its result and the buffers to hand over; a thrown plain
 * object is an error for people.
 * @param {object} methods
 * @param {() => string} lastPanic What the module said when it panicked.
 */
export function serve(methods, lastPanic) {
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
