import { DigitlabError, reasonOf } from "../lab/errors.js";

/** @typedef {import("../../precache.js").SiteFile} SiteFile */
/** @typedef {{ signal?: AbortSignal, onBytes?: (bytes: number) => void }} BringOptions `onBytes` is told of every file that has come. */

const CACHE = "digitlab-site";
/** Downloads at a time: few enough to leave room for what the person asks for. */
const AT_ONCE = 4;
/** Of the answer of a server, what is not true any more of the bytes that are kept. */
const OF_THE_WAY = ["content-encoding", "content-length", "vary", "set-cookie", "transfer-encoding"];

/** Modules must have the right type, whatever a server calls them. @type {Record<string, string>} */
const TYPES = {
  css: "text/css; charset=utf-8",
  gz: "application/gzip",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  onnx: "application/octet-stream",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
};

/**
 * Files of the site in the browser's cache, each under its hash: what two versions have in common is there once, and a
 * new one never disturbs the one in use.
 */
export class KeptFiles {
  #base;
  /** What was looked through since this was made. @type {Set<string>} */
  #sound = new Set();

  /** @param {URL} base The root of the site; it ends with a slash. */
  constructor(base) {
    this.#base = base;
  }

  /**
   * A kept file, or nothing. It is compared with its hash when it is first asked for; a damaged one is forgotten.
   * @param {SiteFile} file
   * @returns {Promise<Response | undefined>}
   */
  async match(file) {
    const key = this.#key(file);
    const cache = await open();
    const response = await cache?.match(key).catch(() => undefined);
    if (!response || this.#sound.has(key)) return response;
    const bytes = await response.clone().arrayBuffer().catch(() => null);
    if (bytes && (await sha256(bytes)) === file[1]) {
      this.#sound.add(key);
      return response;
    }
    await cache?.delete(key).catch(() => false);
    return undefined;
  }

  /**
   * Those of some files that are not kept.
   * @param {readonly SiteFile[]} files
   */
  async missing(files) {
    const cache = await open();
    const kept = new Set((await cache?.keys())?.map(({ url }) => url));
    return files.filter((file) => !kept.has(this.#key(file)));
  }

  /**
   * Downloads what is missing of some files. What has come stays, so that the next attempt goes on from there.
   * @param {readonly SiteFile[]} files
   * @param {BringOptions} [options]
   */
  async bring(files, { signal, onBytes } = {}) {
    const left = [...(await this.missing(files))];
    const failed = new AbortController();
    const until = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const work = async () => {
      for (let file = left.shift(); file; file = left.shift()) {
        await this.bringOne(file, until);
        onBytes?.(file[2]);
      }
    };
    await together(AT_ONCE, work, failed, signal);
  }

  /**
   * Downloads a file, compares it with its hash, and keeps it.
   * @param {SiteFile} file
   * @param {AbortSignal} [signal]
   * @returns {Promise<Response>} the same as `match` gives
   */
  async bringOne(file, signal) {
    const [path] = file;
    // Hosts differ in the name that they give the page by.
    const places = path === "index.html" ? ["./", path] : [path];
    /** @type {DigitlabError | undefined} */
    let failure;
    for (const place of places) {
      for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
        try {
          return await this.#load(file, new URL(place, this.#base), cache, signal);
        } catch (error) {
          if (!(error instanceof DigitlabError) || error.code !== "site_changed") throw error;
          failure = error;
        }
      }
    }
    throw failure;
  }

  /**
   * Keeps a file that has come by another way, if it is what it should be.
   * @param {SiteFile} file
   * @param {Response} response
   */
  async keep(file, response) {
    const bytes = await response.arrayBuffer();
    if ((await sha256(bytes)) === file[1]) await this.#put(file, bytes, response.headers);
  }

  /**
   * Says that all files of a version are here, so that it can do without the network.
   * @param {string} version
   */
  async mark(version) {
    const cache = await open();
    await cache?.put(this.#mark(version), new Response()).catch((cause) => Promise.reject(full(cause)));
  }

  /** @param {string} version */
  async isMarked(version) {
    if (version === "") return false;
    const cache = await open();
    return (await cache?.match(this.#mark(version)).catch(() => undefined)) !== undefined;
  }

  /** Whether any version is here as a whole. */
  async isAnyMarked() {
    const cache = await open();
    return (await cache?.keys())?.some(({ url }) => url.startsWith(this.#mark(""))) ?? false;
  }

  /**
   * Forgets all but the files of a version.
   * @param {string} version
   * @param {readonly SiteFile[]} files
   */
  async forgetOthers(version, files) {
    const cache = await open();
    const wanted = new Set([this.#mark(version), ...files.map((file) => this.#key(file))]);
    const keys = (await cache?.keys()) ?? [];
    await Promise.all(keys.filter(({ url }) => url.startsWith(this.#base.href) && !wanted.has(url)).map((key) => cache?.delete(key)));
  }

  /** @param {string} version */
  #mark(version) {
    return `${this.#base.href}?kept=${version}`;
  }

  /** @param {SiteFile} file */
  #key([path, hash]) {
    return new URL(`${path}?sha256=${hash}`, this.#base).href;
  }

  /**
   * @param {SiteFile} file
   * @param {URL} url
   * @param {RequestCache} cache
   * @param {AbortSignal} [signal]
   */
  async #load(file, url, cache, signal) {
    let response, bytes;
    try {
      const how = /** @type {RequestInit} */ ({ cache, credentials: "same-origin", referrerPolicy: "no-referrer", priority: "low", signal });
      response = await fetch(url, how);
      bytes = await response.arrayBuffer();
    } catch (cause) {
      if (signal?.aborted) throw DigitlabError.aborted(signal);
      const reason = reasonOf(cause);
      const detail = { url: url.href, reason };
      const [code, why] = navigator.onLine ? ["network", reason] : ["offline", "this machine is offline"];
      throw new DigitlabError(code, `${url.href} could not be loaded: ${why}.`, detail, { cause });
    }
    const found = response.ok ? await sha256(bytes) : "";
    if (signal?.aborted) throw DigitlabError.aborted(signal);
    if (found !== file[1]) {
      const why = response.ok ? "is another file than the one that belongs to this version" : `answered with status ${response.status}`;
      const detail = { url: url.href, status: response.status, expected: file[1], found };
      throw new DigitlabError("site_changed", `${url.href} ${why}: the site has changed meanwhile, or its host changes files on their way.`, detail);
    }
    return this.#put(file, bytes, response.headers);
  }

  /**
   * @param {SiteFile} file
   * @param {ArrayBuffer} bytes
   * @param {Headers} from
   */
  async #put(file, bytes, from) {
    const headers = new Headers(from);
    for (const name of OF_THE_WAY) headers.delete(name);
    headers.set("content-type", typeOf(file[0]) ?? from.get("content-type") ?? "application/octet-stream");
    const response = new Response(bytes, { headers });
    const key = this.#key(file);
    const cache = await open();
    if (!cache) throw new DigitlabError("storage_unavailable", "This browser keeps no files for this site, as some do in private windows.");
    try {
      await cache.put(key, response.clone());
    } catch (cause) {
      throw full(cause);
    }
    this.#sound.add(key);
    return response;
  }
}

/**
 * Lets some do the same work until there is none left, and comes back when all of them have come to their end: what is still being
 * written must not be taken for over.
 * @param {number} many
 * @param {() => Promise<void>} work
 * @param {AbortController} failed Ends the others when one fails.
 * @param {AbortSignal} [signal]
 */
export async function together(many, work, failed, signal) {
  const all = Array.from({ length: many }, work);
  /** The first in time: the others only tell that they were ended. @type {{ error: unknown } | null} */
  let failure = null;
  for (const one of all) {
    one.catch((error) => {
      failure ??= { error };
      failed.abort();
    });
  }
  await Promise.allSettled(all);
  if (signal?.aborted) throw DigitlabError.aborted(signal);
  if (failure) throw /** @type {{ error: unknown }} */ (failure).error;
}

/** Deletes all that is kept of the site. */
export async function forgetSite() {
  await Promise.all([CACHE, "digitlab-config"].map((name) => globalThis.caches?.delete(name).catch(() => false)));
}

/**
 * Why a cache did not take a file.
 * @param {unknown} cause
 */
export function full(cause) {
  const reason = reasonOf(cause);
  const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
  return isFull
    ? new DigitlabError("storage_full", "The browser's storage for this site is full. Delete what is not needed, or free space on this machine.", { reason }, { cause })
    : new DigitlabError("storage_failed", `The browser did not keep a file of this site: ${reason}`, { reason }, { cause });
}

/**
 * The media type of a file by its name.
 * @param {string} path
 */
export function typeOf(path) {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)];
}

/**
 * @param {BufferSource} bytes
 * @returns {Promise<string>} lower-case hex
 */
export async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Absent on pages that were not loaded safely, or where the person or the browser forbids it. */
async function open() {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
}
