import { DigitlabError, reasonOf } from "./errors.js";

/** @typedef {import("./frames_library.js").ImportSource} ImportSource */

/**
 * @typedef {object} OpenedLog A file that is read piece by piece.
 * @property {string} name
 * @property {number} total Bytes; 0 while that is not known.
 * @property {() => Promise<Uint8Array | undefined>} next The next bytes; undefined when that was all.
 * @property {() => void} close Reads no more.
 */

const SLICE = 2_000_000;
const LONGEST_NAME = 200;

/**
 * Opens what shall be imported.
 * @param {ImportSource} source
 * @param {AbortSignal} signal
 * @returns {Promise<OpenedLog>}
 */
export async function openLog(source, signal) {
  if (source instanceof Blob) return fromBlob(source);
  if (source instanceof Response) return fromResponse(source, source.url);
  if (typeof source === "string" || source instanceof URL) return fromAddress(source, signal);
  const allowed = "a File, a Blob, a Response, or an http, https, data or blob address";
  throw DigitlabError.invalid("source", source, allowed);
}

/** @param {Blob} blob @returns {OpenedLog} */
function fromBlob(blob) {
  const name = blob instanceof File ? nameOf(blob.name) : nameOf("");
  let at = 0;
  return {
    name,
    total: blob.size,
    async next() {
      if (at >= blob.size) return undefined;
      const slice = blob.slice(at, at + SLICE);
      at += slice.size;
      try {
        return new Uint8Array(await slice.arrayBuffer());
      } catch (cause) {
        const reason = reasonOf(cause);
        throw new DigitlabError("invalid_file", `${name} cannot be read: ${reason}. It may have been changed or removed.`, { file: name, reason }, { cause });
      }
    },
    close() {},
  };
}

/** @param {string | URL} given @param {AbortSignal} signal */
async function fromAddress(given, signal) {
  const text = String(given).trim();
  const url = text === "" ? null : URL.parse(text, globalThis.location?.href);
  if (!url || !/^(https?|data|blob):$/.test(url.protocol)) {
    const allowed = "http, https, data and blob addresses";
    const value = text.slice(0, 100);
    throw new DigitlabError("invalid_parameter", `source is "${value}"; allowed: ${allowed}.`, { field: "source", value, allowed });
  }
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", referrerPolicy: "no-referrer", signal });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const detail = { url: url.href.slice(0, 200), reason: reasonOf(cause) };
    const local = /^(localhost|127\.|\[::1\])/.test(url.hostname) || !/^http/.test(url.protocol);
    if (!navigator.onLine && !local) {
      throw new DigitlabError("offline", `The log at ${detail.url} cannot be loaded: this machine is offline. Connect and try again, or use a file.`, detail, { cause });
    }
    const message = `The log at ${detail.url} cannot be loaded: the host does not answer, or forbids other sites to read its files (CORS). Check the address, or save the file and import it from there.`;
    throw new DigitlabError("network", message, detail, { cause });
  }
  return fromResponse(response, url.href);
}

/** @param {Response} response @param {string} address @returns {OpenedLog} */
function fromResponse(response, address) {
  if (response.bodyUsed || response.body?.locked) {
    const allowed = "a response that nobody has read from";
    throw new DigitlabError("invalid_parameter", `source is a response that has been read already; allowed: ${allowed}.`, { field: "source", allowed });
  }
  const { status } = response;
  const place = address.slice(0, 200);
  if (!response.ok) {
    const missing = status === 404 || status === 410;
    const message = `The log${place && ` at ${place}`} cannot be loaded: the host answered with status ${status}. Check the address.`;
    throw new DigitlabError(missing ? "not_found" : "http_status", message, { url: place, status });
  }
  // What is packed on its way is larger than stated.
  const packed = response.headers.has("content-encoding");
  const total = packed ? 0 : Number(response.headers.get("content-length") ?? 0) || 0;
  const reader = response.body?.getReader();
  return {
    name: nameOf(lastPart(address)),
    total,
    async next() {
      try {
        return (await reader?.read())?.value;
      } catch (cause) {
        if (cause instanceof DigitlabError) throw cause;
        const reason = reasonOf(cause);
        const what = place ? `The connection to ${place} broke` : "The response broke off";
        throw new DigitlabError("network", `${what}: ${reason}. Try again.`, { url: place, reason }, { cause });
      }
    },
    close() {
      reader?.cancel().catch(() => {});
    },
  };
}

/** @param {string} address */
function lastPart(address) {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return "";
  const part = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string} given */
function nameOf(given) {
  // eslint-disable-next-line no-control-regex
  const name = given.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return name === "" ? "log.csv" : Array.from(name).slice(0, LONGEST_NAME).join("");
}
