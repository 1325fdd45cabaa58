import { HttpBucket } from "../lab/bucket.js";
import { DayClock } from "../lab/day_clock.js";
import { download } from "../lab/download.js";
import { Ending } from "../lab/ending.js";
import { DigitlabError, reasonOf } from "../lab/errors.js";
import { fetchPicture, pictureAddress } from "../lab/fetch_picture.js";
import { RecordLog } from "../lab/record_log.js";
import { Recognizer } from "./recognizer.js";

/** @typedef {import("../../routes.js").RouteHost} RouteHost */
/** @typedef {import("../../routes.js").RoutePicture} RoutePicture */
/** @typedef {import("../../routes.js").RouteRecord} RouteRecord */
/** @typedef {import("./shell.js").Shell} Shell */

/** The most bytes of a picture behind an address, as of a body. */
const MOST = 16 * 2 ** 20;
/** The lock of an import that is under way, as pages know it. */
const IMPORT = "digitlab-frames-import-";

/** What all requests share. @type {{ bucket?: HttpBucket, recognizer?: Recognizer, log?: RecordLog, clock: DayClock, modules: Map<string, Promise<WebAssembly.Module>> }} */
const shared = { clock: new DayClock(), modules: new Map() };

/**
 * What the routes cannot do alone, for one request: it ends when nobody waits for that any more.
 * @implements {RouteHost}
 */
export class Host {
  #base;
  #shell;
  #bucket;
  #signal;

  /**
   * @param {object} parts
   * @param {URL} parts.base
   * @param {Shell} parts.shell
   * @param {URL} parts.bucket
   * @param {AbortSignal} parts.signal
   */
  constructor({ base, shell, bucket, signal }) {
    this.#base = base;
    this.#shell = shell;
    this.#signal = signal;
    this.#bucket = shared.bucket ??= new HttpBucket(bucket, (url, options) => this.#load(url, options));
  }

  now() {
    return { time: Date.now(), microsOfDay: shared.clock.take(1) };
  }

  seed() {
    return crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  }

  /**
   * @param {string} name
   * @param {boolean} damaged
   */
  async bucketFile(name, damaged) {
    if (name === "manifest.json") {
      return this.#while(this.#bucket.manifest().then((text) => new TextEncoder().encode(text)));
    }
    if (damaged && !(await this.#bucket.reject(name))) {
      const message = `The bucket's file ${name} is damaged, also when it is loaded anew.`;
      throw new DigitlabError("bucket_corrupt", message, { file: name });
    }
    return this.#while(this.#bucket.shard(name, () => {}));
  }

  /** @param {string} name */
  confirmBucketFile(name) {
    this.#bucket.confirm(name);
  }

  /** @param {string} url Relative to the root of the site. */
  async fetchPicture(url) {
    const address = pictureAddress(url);
    const own = address.origin === this.#base.origin ? await this.#shell.read(address).catch(() => undefined) : undefined;
    if (own?.ok) return new Uint8Array(await own.arrayBuffer());
    // The routes open it; here only its bytes are wanted.
    const open = async (/** @type {Uint8Array<ArrayBuffer>} */ data) => /** @type {any} */ ({ data, found: { notes: [] } });
    return (await fetchPicture(address, open, { limits: { bytes: MOST }, signal: this.#signal })).data;
  }

  /** @param {RoutePicture} picture */
  async classify(picture) {
    shared.recognizer ??= new Recognizer(new URL("models/", this.#base), {
      module: () => this.wasm("reader_bg.wasm"),
      load: (url, options) => this.#load(url, options),
    });
    return this.#while(shared.recognizer.classify(picture));
  }

  /** @param {RouteRecord} record */
  async record(record) {
    // A log that is full or closed is no reason to keep an answer back.
    await this.#log.add(record);
  }

  /** @param {"json" | "csv"} format */
  async records(format) {
    return this.#log.export({ format, signal: this.#signal });
  }

  /** @returns {Promise<{ owner: string, release: () => void }>} */
  async beginImport() {
    const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
    const owner = `${Date.now().toString(36)}-${a.toString(36)}${b.toString(36)}`;
    if (!navigator.locks) return { owner, release: () => {} };
    return new Promise((resolve, reject) => {
      const hold = () => new Promise((release) => resolve({ owner, release: () => release(undefined) }));
      // What was given up by now does not begin.
      navigator.locks.request(IMPORT + owner, { signal: this.#signal }, hold).catch(reject);
    });
  }

  /**
   * A module of this site, compiled once.
   * @param {string} path
   */
  async wasm(path) {
    const compiling =
      shared.modules.get(path) ??
      this.#compile(path).catch((error) => {
        shared.modules.delete(path);
        throw error;
      });
    shared.modules.set(path, compiling);
    return compiling;
  }

  get #log() {
    return (shared.log ??= new RecordLog());
  }

  /** @param {string} path */
  async #compile(path) {
    const url = new URL(path, this.#base);
    try {
      const response = (await this.#shell.read(url)) ?? (await fetch(url, { credentials: "same-origin", referrerPolicy: "no-referrer" }));
      if (!response.ok) throw new Error(`status ${response.status}`);
      return await WebAssembly.compile(await response.arrayBuffer());
    } catch (cause) {
      const reason = reasonOf(cause);
      const [code, way] = navigator.onLine ? ["network", "Check the connection and try again."] : ["offline", "This machine is offline."];
      throw new DigitlabError(code, `The module ${path} could not be loaded (${reason}). ${way}`, { url: url.href, reason }, { cause });
    }
  }

  /** @type {typeof download} */
  async #load(url, options) {
    const kept = options.cache === "reload" ? undefined : await this.#shell.read(url).catch(() => undefined);
    if (!kept?.ok) return download(url, options);
    const bytes = new Uint8Array(await kept.arrayBuffer());
    options.onBytes?.(bytes.length);
    return bytes;
  }

  /**
   * @template T
   * @param {Promise<T>} promise
   */
  async #while(promise) {
    const ending = new Ending(this.#signal);
    try {
      return await ending.race(promise);
    } finally {
      ending.forget();
    }
  }
}
