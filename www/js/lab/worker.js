/**
 * The worker's end of the protocol: `{ id, method, args }` comes in,
 * `{ id, result }` or `{ id, error: { code, message, detail } }` goes out.
 */
import { lastPanic, methods } from "./worker_methods.js";

/** @typedef {{ id: number, method: string, args: unknown }} Call */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const table = /** @type {Record<string, (args: unknown) => unknown>} */ (methods);

/**
 * @param {unknown} error
 * @returns {import("./errors.js").PlainError}
 */
function plain(error) {
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

scope.onmessage = async ({ data }) => {
  const { id, method, args } = /** @type {Call} */ (data);
  try {
    const { result, transfer = [] } = /** @type {import("./worker_methods.js").Answer} */ (await table[method](args));
    scope.postMessage({ id, result }, transfer);
  } catch (error) {
    scope.postMessage({ id, error: plain(error) });
  }
};
