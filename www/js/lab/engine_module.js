import { notLoaded, wasmModule } from "./wasm_module.js";

/** @typedef {typeof import("../../engine.js")} Engine */

const THE_ENGINE = "The engine";

/** The engine, compiled once for all workers of this page. */
export const engineModule = wasmModule(new URL("../../engine_bg.wasm", import.meta.url), THE_ENGINE);

/** @type {Promise<Engine> | undefined} */
let starting;

/** The engine on the page's own thread: for conversions that are done before a message would be on its way. */
export function engineHere() {
  starting ??= start().catch((cause) => {
    starting = undefined;
    throw cause;
  });
  return starting;
}

async function start() {
  const module_or_path = await engineModule();
  const engine = await import("../../engine.js").catch((cause) => {
    throw notLoaded(new URL("../../engine.js", import.meta.url), THE_ENGINE, cause);
  });
  await engine.default({ module_or_path });
  return engine;
}
