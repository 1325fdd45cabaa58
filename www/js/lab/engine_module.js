import { DigitlabError, reasonOf } from "./errors.js";

const ENGINE = new URL("../../engine_bg.wasm", import.meta.url);

/** @typedef {typeof import("../../engine.js")} Engine */

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiling;

/** @type {Promise<Engine> | undefined} */
let starting;

/** The engine, compiled once for all workers of this page. */
export function engineModule() {
  compiling ??= compile().catch((cause) => {
    // The next worker tries anew.
    compiling = undefined;
    throw notLoaded(cause);
  });
  return compiling;
}

/** The engine on the page's own thread: for conversions that are done before a message would be on its way. */
export function engineHere() {
  starting ??= start().catch((cause) => {
    starting = undefined;
    throw cause instanceof DigitlabError ? cause : notLoaded(cause);
  });
  return starting;
}

async function start() {
  const engine = await import("../../engine.js");
  await engine.default({ module_or_path: await engineModule() });
  return engine;
}

/** @param {unknown} cause */
function notLoaded(cause) {
  const reason = reasonOf(cause);
  return new DigitlabError("network", `The engine could not be loaded from ${ENGINE.href} (${reason}). Check the connection and try again.`, { url: ENGINE.href, reason }, { cause });
}

async function compile() {
  const response = await fetch(ENGINE, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const wasm = response.headers.get("Content-Type")?.startsWith("application/wasm");
  // Some servers do not know the type; then it cannot be compiled while it arrives.
  return wasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
