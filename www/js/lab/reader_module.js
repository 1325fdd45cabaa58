import { DigitlabError, reasonOf } from "./errors.js";

const READER = new URL("../../reader_bg.wasm", import.meta.url);

/** How much larger a wasm module is than it travels, where the server does not say how large it is. */
const UNPACKED = 4.5;

/** @typedef {(done: number, total: number) => void} OnBytes */

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiling;
/** @type {Set<OnBytes>} */
const listeners = new Set();

/**
 * The module that runs models, loaded and compiled once for all workers of this page.
 * @param {OnBytes} [onBytes] Told of every piece that arrives.
 */
export async function readerModule(onBytes) {
  if (onBytes) listeners.add(onBytes);
  try {
    compiling ??= compile().catch((cause) => {
      // The next worker tries anew.
      compiling = undefined;
      throw notLoaded(cause);
    });
    return await compiling;
  } finally {
    if (onBytes) listeners.delete(onBytes);
  }
}

async function compile() {
  const response = await fetch(READER, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  // A browser keeps what it has compiled only with the answer itself, so the pieces are counted on a copy of it.
  const counted = listeners.size > 0 ? count(response.clone()) : undefined;
  const wasm = response.headers.get("Content-Type")?.startsWith("application/wasm");
  // Some servers do not know the type; then it cannot be compiled while it arrives.
  const module = await (wasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  await counted;
  return module;
}

/** @param {Response} response */
async function count(response) {
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

/** @param {unknown} cause */
function notLoaded(cause) {
  const reason = reasonOf(cause);
  const detail = { url: READER.href, reason };
  return navigator.onLine
    ? new DigitlabError("network", `The module that reads digits could not be loaded from ${READER.href} (${reason}). Check the connection and try again.`, detail, { cause })
    : new DigitlabError("offline", "The module that reads digits could not be loaded: this machine is offline. Connect and try again.", detail, { cause });
}
