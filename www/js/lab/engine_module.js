import { DigitlabError } from "./errors.js";

const ENGINE = new URL("../../engine_bg.wasm", import.meta.url);

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiling;

/** The engine, compiled once for all workers of this page. */
export function engineModule() {
  compiling ??= compile().catch((cause) => {
    // The next worker tries anew.
    compiling = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DigitlabError("network", `The engine could not be loaded from ${ENGINE.href} (${reason}). Check the connection and try again.`, { url: ENGINE.href, reason }, { cause });
  });
  return compiling;
}

async function compile() {
  const response = await fetch(ENGINE, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const wasm = response.headers.get("Content-Type")?.startsWith("application/wasm");
  // Some servers do not know the type; then it cannot be compiled while it arrives.
  return wasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
