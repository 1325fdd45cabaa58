import { DigitlabError, reasonOf } from "./errors.js";

/**
 * A module that is compiled when first asked for, once for all workers of this page. A failure is forgotten, so that
 * whoever asks next tries anew.
 * @param {URL} url
 * @param {string} what What the module is for, for messages.
 * @returns {() => Promise<WebAssembly.Module>}
 */
export function wasmModule(url, what) {
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let compiling;
  return () => {
    compiling ??= compile(url).catch((cause) => {
      compiling = undefined;
      const reason = reasonOf(cause);
      const detail = { url: url.href, reason };
      throw navigator.onLine
        ? new DigitlabError("network", `The module for ${what} could not be loaded from ${url.href} (${reason}). Check the connection and try again.`, detail, { cause })
        : new DigitlabError("offline", `The module for ${what} could not be loaded: this machine is offline. Connect and try again.`, detail, { cause });
    });
    return compiling;
  };
}

/** @param {URL} url */
async function compile(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const wasm = response.headers.get("Content-Type")?.startsWith("application/wasm");
  // Some servers do not know the type; then it cannot be compiled while it arrives.
  return wasm ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
