import { download } from "./download.js";
import { DigitlabError } from "./errors.js";

/** @typedef {{ done: number, total: number, unit: "bytes" | "images" | "variants" | "records" }} Progress */

/**
 * @typedef {object} Bucket Where the files of a data set come from.
 * @property {string | null} url Its address; null when it lives in memory.
 * @property {() => Promise<string>} manifest
 * @property {(file: string, onBytes: (bytes: number) => void) => Promise<Uint8Array<ArrayBuffer>>} shard
 * @property {(file: string) => number} bytes The size of a shard as stored.
 * @property {(file: string) => void} confirm Says that a shard was found to be right.
 * @property {(file: string) => Promise<boolean>} reject Says that a shard was found to be damaged; true when loading it again may help.
 */

/** Shards that were checked, kept between visits. Absent where the page has no right to it. */
const CACHE = "digitlab-bucket";

/**
 * A bucket on a web server. Each file is loaded once, however many ask for it.
 * @implements {Bucket}
 */
export class HttpBucket {
  #base;
  #download;
  /** @type {Promise<string> | undefined} */
  #manifest;
  /** @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
  #shards = new Map();
  /** @type {Map<string, Set<(bytes: number) => void>>} */
  #listeners = new Map();
  /** Shards that came from the network in this visit and are not kept yet. @type {Set<string>} */
  #fresh = new Set();
  /** Shards that were damaged once and are loaded past every cache. @type {Set<string>} */
  #suspect = new Set();
  /** @type {Map<string, number>} */
  #sizes = new Map();

  /**
   * @param {URL} base Ends with a slash.
   * @param {typeof download} [from] How files are loaded.
   */
  constructor(base, from = download) {
    this.#base = base;
    this.#download = from;
  }

  get url() {
    return this.#base.href;
  }

  manifest() {
    this.#manifest ??= this.#loadManifest();
    return this.#manifest;
  }

  /** @param {string} file */
  bytes(file) {
    return this.#sizes.get(file) ?? 0;
  }

  /**
   * @param {string} file
   * @param {(bytes: number) => void} onBytes
   */
  async shard(file, onBytes) {
    const listeners = this.#listeners.get(file) ?? new Set();
    this.#listeners.set(file, listeners.add(onBytes));
    try {
      let loading = this.#shards.get(file);
      if (!loading) {
        loading = this.#load(file, (bytes) => listeners.forEach((listener) => listener(bytes)));
        this.#shards.set(file, loading);
      }
      return await loading;
    } catch (error) {
      // The next one to ask tries anew.
      this.#shards.delete(file);
      throw error;
    } finally {
      listeners.delete(onBytes);
    }
  }

  /** @param {string} file */
  confirm(file) {
    if (!this.#fresh.delete(file)) return;
    void this.#keep(file);
  }

  /** @param {string} file */
  async reject(file) {
    this.#shards.delete(file);
    this.#fresh.delete(file);
    const cache = await openCache();
    await cache?.delete(this.#address(file)).catch(() => false);
    if (this.#suspect.has(file)) {
      // The next attempt, when somebody asks for one, may try twice again.
      this.#suspect.delete(file);
      return false;
    }
    this.#suspect.add(file);
    return true;
  }

  /** @param {string} file */
  #address(file) {
    return new URL(file, this.#base);
  }

  async #loadManifest() {
    try {
      const url = this.#address("manifest.json");
      const bytes = await this.#download(url, { what: "The bucket's manifest", cache: "no-cache" });
      const text = new TextDecoder().decode(bytes);
      this.#sizes = storedSizes(text);
      return text;
    } catch (error) {
      this.#manifest = undefined;
      throw error;
    }
  }

  /**
   * @param {string} file
   * @param {(bytes: number) => void} onBytes
   */
  async #load(file, onBytes) {
    const url = this.#address(file);
    const suspect = this.#suspect.has(file);
    const kept = suspect ? undefined : await (await openCache())?.match(url).catch(() => undefined);
    if (kept) {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      onBytes(bytes.length);
      return bytes;
    }
    const bytes = await this.#download(url, {
      what: `The bucket's shard ${file}`,
      cache: suspect ? "reload" : "default",
      onBytes,
    });
    this.#fresh.add(file);
    return bytes;
  }

  /** @param {string} file */
  async #keep(file) {
    try {
      const bytes = await this.#shards.get(file);
      if (bytes) await (await openCache())?.put(this.#address(file), new Response(bytes));
    } catch {
      // A full or forbidden cache costs a download next time, nothing else.
    }
  }
}

/**
 * A data set that was cut into shards on this machine.
 * @implements {Bucket}
 */
export class MemoryBucket {
  url = null;
  #manifest;
  #shards;

  /**
   * @param {string} manifest
   * @param {Map<string, ArrayBuffer>} shards
   */
  constructor(manifest, shards) {
    this.#manifest = manifest;
    this.#shards = shards;
  }

  async manifest() {
    return this.#manifest;
  }

  /** @param {string} file */
  bytes(file) {
    return this.#shards.get(file)?.byteLength ?? 0;
  }

  /**
   * @param {string} file
   * @param {(bytes: number) => void} onBytes
   */
  async shard(file, onBytes) {
    const buffer = this.#shards.get(file);
    if (!buffer) throw new DigitlabError("bucket_missing", `The data set has no shard ${file}.`, { file });
    onBytes(buffer.byteLength);
    return new Uint8Array(buffer);
  }

  confirm() {}

  async reject() {
    return false;
  }
}

/** The cache of shards; absent on pages that were not loaded safely, or where it is switched off. */
async function openCache() {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
}

/**
 * The sizes that a manifest states, for progress only: whether the manifest is right
 * is for the engine to say.
 * @param {string} text
 * @returns {Map<string, number>}
 */
function storedSizes(text) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  try {
    for (const part of Object.values(JSON.parse(text).splits)) {
      for (const entry of part.digits.flat()) sizes.set(entry.file, entry.stored_bytes);
    }
  } catch {
    sizes.clear();
  }
  return sizes;
}
