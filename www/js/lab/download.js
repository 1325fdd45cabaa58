import { DigitlabError, reasonOf } from "./errors.js";

/** Waits before the second and the third try, in milliseconds. */
const WAITS = [300, 1000];

/**
 * @typedef {object} DownloadOptions
 * @property {string} what What is loaded, for messages.
 * @property {string} [missing] The code of the error when there is no such file.
 * @property {RequestCache} [cache]
 * @property {(bytes: number) => void} [onBytes] Told of every piece that arrives.
 */

/**
 * Loads a file of the site; tries again when the network or the server fails.
 * @param {URL} url
 * @param {DownloadOptions} options
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function download(url, { missing = "bucket_missing", ...rest }) {
  const options = { missing, ...rest };
  for (const wait of [...WAITS, null]) {
    try {
      return await once(url, options);
    } catch (error) {
      const failure = /** @type {DigitlabError} */ (error);
      if (wait === null || [options.missing, "offline", "cors"].includes(failure.code)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new Error("unreachable");
}

/**
 * @param {URL} url
 * @param {DownloadOptions & { missing: string }} options
 */
async function once(url, { what, missing, cache = "default", onBytes }) {
  const detail = { url: url.href };
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { cache, credentials: "same-origin", referrerPolicy: "no-referrer" });
  } catch (cause) {
    throw (await isForbidden(url)) ? forbidden(what, url, cause) : unreachable(what, url, cause);
  }
  if (!response.ok) {
    const code = response.status === 404 || response.status === 410 ? missing : "network";
    const message = `${what} could not be loaded: ${url.href} answered with status ${response.status}.`;
    throw new DigitlabError(code, message, { ...detail, status: response.status });
  }
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  try {
    const reader = response.body?.getReader();
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      pieces.push(piece.value);
      size += piece.value.length;
      onBytes?.(piece.value.length);
    }
  } catch (cause) {
    throw unreachable(what, url, cause);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * Whether a server of another origin answers, but not for us to read.
 * @param {URL} url
 */
async function isForbidden(url) {
  if (url.origin === location.origin || !navigator.onLine) return false;
  return fetch(url, { method: "HEAD", mode: "no-cors", cache: "no-store", credentials: "omit" }).then(
    () => true,
    () => false,
  );
}

/**
 * @param {string} what
 * @param {URL} url
 * @param {unknown} cause
 */
function forbidden(what, url, cause) {
  const header = "Access-Control-Allow-Origin";
  const message = `${what} could not be loaded: ${url.origin} answers, but forbids other sites to read ${url.href} (CORS). Its host must send the header ${header}, as * or ${location.origin}.`;
  return new DigitlabError("cors", message, { url: url.href }, { cause });
}

/**
 * @param {string} what
 * @param {URL} url
 * @param {unknown} cause
 */
function unreachable(what, url, cause) {
  const reason = reasonOf(cause);
  const detail = { url: url.href, reason };
  return navigator.onLine
    ? new DigitlabError("network", `${what} could not be loaded from ${url.href} (${reason}). Check the address and the connection, and try again.`, detail, { cause })
    : new DigitlabError("offline", `${what} could not be loaded: this machine is offline. Connect and try again.`, detail, { cause });
}
