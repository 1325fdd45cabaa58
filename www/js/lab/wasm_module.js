import { DigitlabError, reasonOf } from "./errors.js";

/** @typedef {(done: number, total: number) => void} OnBytes */

/** How long a module may take to come, in minutes: whoever waits for one on a line that has died shall hear of it. */
const PATIENCE = 5;

/** How much larger a module is than it travels, where the server does not say how large it is. */
const UNPACKED = 4.5;

/**
 * A module that is loaded and compiled when first asked for, once for all workers of this page. A failure is forgotten,
 * so that whoever asks next tries anew.
 *
 * @param {URL} url
 * @param {string} what What it is, as a message begins.
 * @returns {(onBytes?: OnBytes) => Promise<WebAssembly.Module>} `onBytes` is told of every piece that arrives.
 */
export function wasmModule(url, what) {
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let compiling;
  /** @type {Set<OnBytes>} */
  const listeners = new Set();
  return async (onBytes) => {
    if (onBytes) listeners.add(onBytes);
    try {
      compiling ??= compile(url, listeners).catch((cause) => {
        compiling = undefined;
        throw notLoaded(url, what, cause);
      });
      return await compiling;
    } finally {
      if (onBytes) listeners.delete(onBytes);
    }
  };
}

/**
 * @param {URL} url
 * @param {ReadonlySet<OnBytes>} listeners
 */
async function compile(url, listeners) {
  const signal = AbortSignal.timeout(PATIENCE * 60_000);
  try {
    const response = await fetch(url, { credentials: "same-origin", signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // A browser keeps what it has compiled only with the answer itself, so the pieces are counted on a copy of it.
    const counted = listeners.size > 0 ? count(response.clone(), listeners) : undefined;
    const wasm = response.headers.get("Content-Type")?.startsWith("application/wasm");
    // Some servers do not know the type; then it cannot be compiled while it arrives.
    const module = await (wasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
    await counted;
    return module;
  } catch (cause) {
    throw signal.aborted ? new Error(`it did not come within ${PATIENCE} minutes`, { cause }) : cause;
  }
}

/**
 * @param {Response} response
 * @param {ReadonlySet<OnBytes>} listeners
 */
async function count(response, listeners) {
  const stated = Number(response.headers.get("Content-Length")) || 0;
  const total = Math.round(response.headers.has("Content-Encoding") ? stated * UNPACKED : stated);
  let done = 0;
  const tell = (/** @type {number} */ total) => listeners.forEach((listener) => listener(done, total));
  try {
    const reader = response.body?.getReader();
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      done += piece.value.length;
      tell(Math.max(done, total));
    }
    tell(done);
  } catch {
    // Whoever compiles it meets the same failure.
  }
}

/**
 * What is said of a part of the program that did not come.
 *
 * @param {URL} url
 * @param {string} what What it is, as a message begins.
 * @param {unknown} cause
 */
export function notLoaded(url, what, cause) {
  const reason = reasonOf(cause);
  const detail = { url: url.href, reason };
  return navigator.onLine
    ? new DigitlabError("network", `${what} could not be loaded from ${url.href} (${reason}). Check the connection and try again.`, detail, { cause })
    : new DigitlabError("offline", `${what} could not be loaded: this machine is offline. Connect and try again.`, detail, { cause });
}
