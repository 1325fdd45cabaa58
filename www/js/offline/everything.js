import { DigitlabError, reasonOf } from "../lab/errors.js";
import { KeptFiles, full, sha256, together } from "./kept_files.js";

/** @typedef {import("../../precache.js").SiteFile} SiteFile */
/** @typedef {{ files: number, bytes: number }} Amount */
/** @typedef {{ signal?: AbortSignal, onProgress?: (progress: { done: number, total: number, unit: "bytes" }) => void }} KeepOptions */
/** @typedef {{ files: readonly SiteFile[], extras: readonly SiteFile[], bucket: URL }} Site */

/**
 * @typedef {object} Missing A file that is not kept.
 * @property {number} bytes
 * @property {(signal?: AbortSignal) => Promise<void>} bring
 */

/** The caches of the lab: what lies there under these keys, it finds. */
const BUCKET = "digitlab-bucket";
const MODELS = "digitlab-models";
/** Downloads at a time. */
const AT_ONCE = 4;

/** All that the site can do without the network, once it is kept: its pages, its digits, its models, its samples. */
export class Everything {
  #base;
  #site;
  #kept;

  /**
   * @param {URL} base
   * @param {Site} site
   */
  constructor(base, site) {
    this.#base = base;
    this.#site = site;
    this.#kept = new KeptFiles(base);
  }

  /** @returns {Promise<Missing[]>} */
  async missing() {
    const { files, extras } = this.#site;
    const ours = (await this.#kept.missing([...files, ...extras])).map((file) => ({
      bytes: file[2],
      bring: async (/** @type {AbortSignal | undefined} */ signal) => void (await this.#kept.bringOne(file, signal)),
    }));
    const [models, shards] = await Promise.all([this.#models(), this.#shards()]);
    return [...ours, ...models, ...shards];
  }

  /**
   * Downloads what most people use: the model that answers when none is named, the module that runs it, samples.
   * @param {AbortSignal} signal
   */
  async keepUsual(signal) {
    await this.#kept.bring(this.#site.extras, { signal });
    const [model] = await this.#models((cards) => cards.slice(0, 1));
    await model?.bring(signal);
  }

  /**
   * Downloads all that is missing; what has come stays, however it ends.
   * @param {KeepOptions} [options]
   */
  async keep({ signal, onProgress } = {}) {
    const left = await this.missing();
    const total = left.reduce((sum, { bytes }) => sum + bytes, 0);
    await checkRoom(total);
    let done = 0;
    onProgress?.({ done, total, unit: "bytes" });
    const failed = new AbortController();
    const until = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        if (signal?.aborted) throw DigitlabError.aborted(signal);
        await next.bring(until);
        done += next.bytes;
        onProgress?.({ done, total, unit: "bytes" });
      }
    };
    await together(AT_ONCE, work, failed, signal);
  }

  /**
   * @param {(cards: { file: string, sha256: string, bytes: number }[]) => typeof cards} [chosen]
   * @returns {Promise<Missing[]>}
   */
  async #models(chosen = (cards) => cards) {
    const folder = new URL("models/", this.#base);
    const list = await json(new URL("models.json", folder), "The list of models");
    return missingOf(
      MODELS,
      chosen(list.models).map((card) => {
        const url = new URL(card.file, folder);
        const key = new URL(url);
        key.searchParams.set("sha256", card.sha256);
        return { key, url, bytes: card.bytes, hash: card.sha256, packed: false };
      }),
    );
  }

  /** @returns {Promise<Missing[]>} */
  async #shards() {
    const { bucket } = this.#site;
    const manifest = await json(new URL("manifest.json", bucket), "The bucket's manifest");
    /** @type {{ file: string, sha256: string, stored_bytes: number }[]} */
    const entries = Object.values(manifest.splits).flatMap((/** @type {any} */ split) => split.digits.flat());
    return missingOf(
      BUCKET,
      entries.map(({ file, sha256, stored_bytes }) => {
        const url = new URL(file, bucket);
        return { key: url, url, bytes: stored_bytes, hash: sha256, packed: true };
      }),
    );
  }
}

/**
 * @typedef {object} Wanted
 * @property {URL} key where the lab looks for it
 * @property {URL} url
 * @property {number} bytes
 * @property {string} hash
 * @property {boolean} packed Whether the hash is that of what is in the gzip file.
 */

/**
 * @param {string} name
 * @param {Wanted[]} wanted
 * @returns {Promise<Missing[]>}
 */
async function missingOf(name, wanted) {
  const cache = await opened(name);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  return wanted
    .filter(({ key }) => !kept.has(key.href))
    .map((file) => ({ bytes: file.bytes, bring: (signal) => bring(cache, file, signal) }));
}

/**
 * @param {Cache} cache
 * @param {Wanted} file
 * @param {AbortSignal} [signal]
 */
async function bring(cache, { key, url, hash, packed }, signal) {
  let found = "";
  for (const how of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const bytes = await load(url, how, signal);
    // What is damaged cannot always be unpacked.
    found = await (packed ? unpacked(bytes) : Promise.resolve(bytes)).then(sha256).catch(() => "");
    if (found !== hash) continue;
    try {
      await cache.put(key, new Response(bytes));
    } catch (cause) {
      throw full(cause);
    }
    return;
  }
  const message = `${url.href} is damaged: its SHA-256 is not the one that its list states. Try again later.`;
  throw new DigitlabError("bucket_corrupt", message, { url: url.href, expected: hash, found });
}

/**
 * @param {URL} url
 * @param {RequestCache} cache
 * @param {AbortSignal} [signal]
 */
async function load(url, cache, signal) {
  try {
    const response = await fetch(url, { cache, credentials: "same-origin", referrerPolicy: "no-referrer", signal });
    if (response.ok) return await response.arrayBuffer();
    throw new DigitlabError("network", `${url.href} could not be loaded: it answered with status ${response.status}.`, { url: url.href, status: response.status });
  } catch (cause) {
    if (signal?.aborted) throw DigitlabError.aborted(signal);
    if (cause instanceof DigitlabError) throw cause;
    const reason = reasonOf(cause);
    const [code, why] = navigator.onLine ? ["network", reason] : ["offline", "this machine is offline"];
    throw new DigitlabError(code, `${url.href} could not be loaded: ${why}. What has come so far is kept; try again.`, { url: url.href, reason }, { cause });
  }
}

/**
 * What is in a gzip file; some servers unpack it on the way.
 * @param {ArrayBuffer} bytes
 */
async function unpacked(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first !== 31 || second !== 139) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/**
 * @param {URL} url
 * @param {string} what
 */
async function json(url, what) {
  const bytes = await load(url, "no-cache");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new DigitlabError("network", `${what} at ${url.href} cannot be read: it is no JSON.`, { url: url.href }, { cause });
  }
}

/** @param {string} name */
async function opened(name) {
  try {
    return await caches.open(name);
  } catch (cause) {
    throw new DigitlabError("storage_unavailable", "This browser keeps no files for this site, as some do in private windows.", {}, { cause });
  }
}

/** Refuses at once what the browser has no room for. @param {number} bytes */
async function checkRoom(bytes) {
  /** @type {StorageEstimate} */
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota === 0 || quota - usage >= bytes) return;
  const megabytes = (/** @type {number} */ size) => `${(size / 1e6).toFixed(1)} MB`;
  const message = `There is no room for ${megabytes(bytes)}: this browser lets this site have ${megabytes(Math.max(0, quota - usage))} more. Delete what is not needed, or free space on this machine.`;
  throw new DigitlabError("storage_full", message, { value: megabytes(bytes), allowed: megabytes(quota - usage) });
}
