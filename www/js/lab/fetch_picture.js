import { Ending } from "./ending.js";
import { DigitlabError, reasonOf } from "./errors.js";
import { USUAL, checkBytes, megabytes } from "./picture_limits.js";

/** @typedef {import("./open_picture.js").OpenedPicture} OpenedPicture */
/** @typedef {import("./picture.js").PictureLimits} PictureLimits */
/** @typedef {{ limits: PictureLimits, signal: AbortSignal }} OpenOptions */
/** @typedef {(file: Uint8Array<ArrayBuffer>, options: OpenOptions) => Promise<OpenedPicture>} OpenPicture */

/**
 * @typedef {object} FetchOptions
 * @property {PictureLimits} [limits] The bytes are counted while they come; the pixels are known before they are decoded.
 * @property {string} [proxy] The start of an address that brings what is behind another one, which is put after it; or
 *   an address with `{url}` in its place. It is asked only when the browser may not read the picture itself.
 * @property {number} [patience] How many milliseconds may pass without a byte; 15 000 when left out.
 * @property {AbortSignal} [signal]
 * @property {(progress: { done: number, total: number, unit: "bytes" }) => void} [onProgress] `total` is 0 while it is not known.
 */

/** @typedef {OpenedPicture & { url: string, name: string, bytes: number }} FetchedPicture `url` is where it was found in the end. */

const PATIENCE = 15_000;
const SCHEMES = "http, https, data and blob addresses";
/** What whoever may not read an address is told: what lies there, and the way out. */
const PICTURES = { things: "pictures", way: "Save the picture and drop the file here, copy and paste it, or set a proxy address." };
const FILES = { things: "files", way: "Save the file and drop it here, or copy and paste its text." };
/** What a proxy can help with. */
const BARRED = ["cors", "mixed_content"];

/**
 * Brings the picture behind an address. Whatever goes wrong has a code of its own, and a message with the way out.
 * @param {string | URL} url
 * @param {OpenPicture} open
 * @param {FetchOptions} options
 * @returns {Promise<FetchedPicture>}
 */
export async function fetchPicture(url, open, { limits = {}, proxy = "", patience = PATIENCE, signal, onProgress } = {}) {
  if (!(patience >= 1 && patience <= 2 ** 31 - 1)) {
    const allowed = "milliseconds from 1 to 2147483647";
    throw new DigitlabError("invalid_parameter", `patience is ${String(patience)}; allowed: ${allowed}.`, { field: "patience", allowed });
  }
  const address = pictureAddress(url);
  const through = proxy === "" ? null : proxied(proxy, address);
  const ending = new Ending(signal);
  const job = { ending, patience, limits, onProgress };
  try {
    if (ending.reason) throw ending.reason;
    let found;
    const notes = [];
    try {
      found = await load(address, job, "host");
    } catch (error) {
      if (!through || !BARRED.includes(/** @type {DigitlabError} */ (error).code)) throw error;
      found = await load(through, job, "proxy");
      notes.push(`It came through the proxy ${through.host}, since this page may not read it at ${address.host}.`);
    }
    const picture = await opened(found, address, open, { limits, signal: ending.signal });
    picture.found.notes.push(...notes);
    const place = notes.length > 0 ? address.href : found.url;
    return { ...picture, url: place, name: nameOf(address, found.type), bytes: found.bytes.length };
  } finally {
    ending.forget();
  }
}

/**
 * What is behind an address, for whoever reads another kind of file; what goes wrong has the same codes and reasons.
 * @param {string | URL} url
 * @param {string} example An address of such a file.
 * @param {AbortSignal} signal
 * @returns {Promise<Response>}
 */
export async function fetchFile(url, example, signal) {
  const address = pictureAddress(url, example);
  if (isMixed(address)) throw mixed(address);
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", referrerPolicy: "no-referrer", signal });
  } catch (cause) {
    if (signal.aborted) throw DigitlabError.aborted(signal);
    throw await whyNot(address, signal, "host", cause, FILES);
  }
  if (!response.ok) throw refused(address, response.status, "host");
  return response;
}

/**
 * The address of a picture, checked.
 * @param {string | URL} url
 * @param {string} [example]
 */
export function pictureAddress(url, example = "https://example.org/cat.jpg") {
  const text = String(url).trim();
  const given = { field: "url", value: shown(text), allowed: SCHEMES };
  const address = text === "" ? null : URL.parse(text, globalThis.location?.href);
  if (!address) {
    throw new DigitlabError("invalid_parameter", `url is "${shown(text)}", which is no address; give one such as ${example}.`, given);
  }
  if (address.protocol === "file:") {
    const why = "a file of this machine, which a page may not open by its address; drop the file here or choose it";
    throw new DigitlabError("invalid_parameter", `url is "${shown(text)}", ${why}.`, given);
  }
  if (!/^(https?|data|blob):$/.test(address.protocol)) {
    throw new DigitlabError("invalid_parameter", `url is "${shown(text)}", a ${address.protocol} address; allowed: ${SCHEMES}.`, given);
  }
  return address;
}

/**
 * The address by which a proxy brings another one.
 * @param {string} proxy
 * @param {URL} [address]
 */
export function proxied(proxy, address = new URL("https://example.org/")) {
  const target = encodeURIComponent(address.href);
  const text = proxy.includes("{url}") ? proxy.replaceAll("{url}", target) : proxy + target;
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  const allowed = "an http or https address such as https://proxy.example/?url=";
  const value = shown(proxy);
  throw new DigitlabError("invalid_parameter", `proxy is "${value}"; allowed: ${allowed}.`, { field: "proxy", value, allowed });
}

/**
 * @typedef {object} Job
 * @property {Ending} ending
 * @property {number} patience
 * @property {PictureLimits} limits
 * @property {FetchOptions["onProgress"]} onProgress
 */

/** @typedef {"host" | "proxy"} Server who is asked */

/**
 * The bytes behind an address.
 * @param {URL} address
 * @param {Job} job
 * @param {Server} server
 */
async function load(address, job, server) {
  if (isMixed(address)) throw mixed(address);
  const watch = new Watch(address, job);
  try {
    const response = await request(address, job, watch, server);
    if (!response.ok) throw refused(address, response.status, server);
    const type = response.headers.get("content-type") ?? "";
    return { bytes: await body(address, response, job, watch), url: response.url || address.href, type };
  } finally {
    watch.stop();
  }
}

/**
 * @param {URL} address
 * @param {Job} job
 * @param {Watch} watch
 * @param {Server} server
 */
async function request(address, { ending }, watch, server) {
  try {
    return await ending.race(fetch(address, { credentials: "same-origin", referrerPolicy: "no-referrer", signal: ending.signal }));
  } catch (cause) {
    if (ending.reason) throw ending.reason;
    // The reason is asked for within the same time.
    watch.reset();
    throw await ending.race(whyNot(address, ending.signal, server, cause));
  }
}

/**
 * The body, counted while it comes.
 * @param {URL} address
 * @param {Response} response
 * @param {Job} job
 * @param {Watch} watch
 */
async function body(address, response, { ending, limits, onProgress }, watch) {
  const what = `The file at ${shown(address.href)}`;
  const stated = Number(response.headers.get("content-length") ?? 0);
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  const reader = response.body?.getReader();
  try {
    // What is packed on its way is larger than stated, never smaller.
    checkBytes(what, stated, limits);
    for (;;) {
      watch.reset();
      const piece = await ending.race(/** @type {ReadableStreamDefaultReader<Uint8Array>} */ (reader).read());
      if (piece.done) break;
      pieces.push(piece.value);
      size += piece.value.length;
      const most = limits.bytes ?? USUAL.bytes;
      if (size > most) {
        const allowed = `${megabytes(most)}, and can be changed`;
        const message = `${what} has more than ${megabytes(most)}; that is the limit, and it can be changed.`;
        throw new DigitlabError("limit_exceeded", message, { field: what, value: `more than ${megabytes(most)}`, allowed });
      }
      onProgress?.({ done: size, total: stated >= size ? stated : 0, unit: "bytes" });
    }
  } catch (cause) {
    // Whoever sends on is told to stop.
    reader?.cancel().catch(() => {});
    if (ending.reason) throw ending.reason;
    if (cause instanceof DigitlabError) throw cause;
    throw failure("network", address, `the connection broke after ${size} bytes`, ["Try again."], { reason: String(cause) }, cause);
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
 * @param {{ bytes: Uint8Array<ArrayBuffer>, url: string, type: string }} found
 * @param {URL} address
 * @param {OpenPicture} open
 * @param {{ limits: PictureLimits, signal: AbortSignal }} options
 */
async function opened({ bytes, type }, address, open, options) {
  if (bytes.length === 0) {
    throw failure("not_a_picture", address, "the answer is empty", ["Look at the address in a new tab."]);
  }
  try {
    return await open(bytes, options);
  } catch (error) {
    const { code, detail } = /** @type {DigitlabError} */ (error);
    const known = String(detail?.value ?? "");
    const unknown = code === "invalid_file" && detail?.file === "The picture";
    if (code === "unsupported" && detail?.field === "picture" && /HTML/.test(known)) {
      throw failure("not_a_picture", address, "a web page lies there, and not the picture itself", [
        "Open it, copy the address of the picture (\u201cCopy image address\u201d in its menu), and use that.",
      ], { value: known });
    }
    const readable = ["Give the address of a PNG, JPEG, GIF, WebP, BMP, TIFF, SVG or AVIF file."];
    if (unknown) {
      const called = type ? ` (the host calls it ${type.slice(0, 60)})` : "";
      throw failure("not_a_picture", address, `what lies there is none of the pictures that can be read${called}`, readable);
    }
    if (code === "unsupported" && detail?.field === "picture" && !/picture|drawing|icon|cursor|photo/.test(known)) {
      throw failure("not_a_picture", address, `${known} lies there`, readable, { value: known });
    }
    throw error;
  }
}

/**
 * Why nothing came: the browser only says that nothing did, so the host is asked in ways that tell something.
 * @param {URL} address
 * @param {AbortSignal} signal
 * @param {Server} server
 * @param {unknown} cause
 * @param {{ things: string, way: string }} [words]
 */
async function whyNot(address, signal, server, cause, { things, way } = PICTURES) {
  const reason = { reason: reasonOf(cause) };
  if (address.protocol === "data:") {
    const value = shown(address.href);
    const why = "a data address that cannot be read; it should begin like data:image/png;base64, and go on with the picture";
    return new DigitlabError("invalid_parameter", `url is "${value}", ${why}.`, { field: "url", value, ...reason }, { cause });
  }
  if (address.protocol === "blob:") {
    return failure("not_found", address, "blob addresses only hold in the page that made them, and until it is closed", [
      "Save the picture there, and drop the file here.",
    ], reason, cause);
  }
  if (!navigator.onLine && !isLocal(address)) {
    return failure("offline", address, "this machine is offline", ["Connect and try again, or use a file."], reason, cause);
  }
  /** @param {RequestInit} how */
  const answers = async (how) => {
    const heard = new AbortController();
    const until = AbortSignal.any([signal, heard.signal]);
    try {
      return await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: until, ...how });
    } catch {
      return null;
    } finally {
      // That there is an answer is enough.
      heard.abort();
    }
  };
  const [any, moved] = await Promise.all([answers({ mode: "no-cors" }), answers({ redirect: "manual" })]);
  if (any) {
    if (server === "proxy") {
      return failure("cors", address, "the proxy does not let this page read what it brings (CORS)", [
        "Set another proxy, or save the picture and drop the file here.",
      ], reason, cause);
    }
    return failure("cors", address, `the host ${address.host} answers, but forbids other sites to read its ${things} (CORS)`, [way], reason, cause);
  }
  if (moved?.type === "opaqueredirect") {
    return failure("redirect", address, "the host sends on to another address without end, or to one that does not answer", [
      "Open the address in a new tab, and use the one it ends at.",
    ], reason, cause);
  }
  const who = server === "proxy" ? "the proxy" : `the host ${address.host}`;
  return failure("unreachable", address, `${who} does not answer, or something in this browser blocks it`, [
    "Check the address and the connection, and try again.",
  ], reason, cause);
}

/** @param {URL} address */
function mixed(address) {
  return failure("mixed_content", address, "this page came over https, and so the browser lets it read nothing over http", [
    "Try the same address with https, or save the file and drop it here.",
  ]);
}

/**
 * @param {URL} address
 * @param {number} status
 * @param {Server} server
 */
function refused(address, status, server) {
  const who = server === "proxy" ? "the proxy" : "the host";
  const detail = { status };
  if (status === 404 || status === 410) {
    return failure("not_found", address, `${who} says that nothing is there (status ${status})`, ["Check the address."], detail);
  }
  if (status === 401 || status === 403 || status === 407) {
    return failure("http_status", address, `${who} does not give it to everybody (status ${status})`, [
      "Open it where you are signed in, save it, and drop the file here.",
    ], detail);
  }
  const [why, way] =
    status === 429
      ? ["was asked too often", "Wait a minute and try again."]
      : status >= 500
        ? ["has a problem of its own", "Try again later."]
        : ["gives something else", "Check the address."];
  return failure("http_status", address, `${who} ${why} (status ${status})`, [way], detail);
}

/**
 * @param {string} code
 * @param {URL} address
 * @param {string} why
 * @param {string[]} ways
 * @param {import("./errors.js").ErrorDetail} [detail]
 * @param {unknown} [cause]
 */
function failure(code, address, why, ways, detail = {}, cause) {
  const url = shown(address.href);
  return new DigitlabError(code, `${url} could not be read: ${why}. ${ways.join(" ")}`, { field: "url", url, ...detail }, { cause });
}

/** Ends the work when nothing comes for a while. */
class Watch {
  #ending;
  #patience;
  #address;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {URL} address
   * @param {Job} job
   */
  constructor(address, { ending, patience }) {
    this.#address = address;
    this.#ending = ending;
    this.#patience = patience;
    this.reset();
  }

  reset() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), this.#patience);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #end() {
    const seconds = `${Math.round(this.#patience / 100) / 10} s`;
    const ways = ["Try again, or save the picture and drop the file here."];
    this.#ending.end(failure("timeout", this.#address, `nothing came for ${seconds}`, ways));
  }
}

/** @param {URL} address */
function isMixed(address) {
  return globalThis.location?.protocol === "https:" && address.protocol === "http:" && !isLocal(address);
}

/** @param {URL} address */
function isLocal({ hostname }) {
  return /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(hostname);
}

/**
 * What people would call the picture: the last part of its address.
 * @param {URL} address
 * @param {string} type
 */
function nameOf(address, type) {
  const kind = /^image\/([a-z]+)/.exec(type)?.[1];
  if (!/^https?:$/.test(address.protocol)) return kind ? `picture.${kind}` : "picture";
  const last = address.pathname.split("/").findLast((part) => part !== "") ?? address.host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/**
 * An address that fits into a sentence.
 * @param {string} text
 */
function shown(text) {
  return text.length > 100 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
}
