import { DigitlabError } from "./errors.js";

/** @typedef {import("./bucket.js").Bucket} Bucket */
/** @typedef {import("./bucket.js").Progress} Progress */
/** @typedef {import("./lease.js").Lease} Lease */

/**
 * @typedef {object} BucketInfo
 * @property {string | null} url Its address; null for files of the user's own.
 * @property {string} name
 * @property {string} source
 * @property {{ name: string, url: string, attribution: string }} licence
 * @property {{ all: number[], train: number[], test: number[] }} counts Samples of each digit.
 */

/** A data set as the workers see it: opens it in them, and brings them the shards they lack. */
export class SampleSource {
  #bucket;

  /** @param {Bucket} bucket */
  constructor(bucket) {
    this.#bucket = bucket;
  }

  /** Its address; null for files of the user's own. */
  get url() {
    return this.#bucket.url;
  }

  /** Where its files come from. */
  get bucket() {
    return this.#bucket;
  }

  /** Loads what every use needs, before a worker is there. */
  async prefetch() {
    await this.#bucket.manifest();
  }

  /**
   * @param {Lease} lease
   * @returns {Promise<BucketInfo>}
   */
  async open(lease) {
    const manifest = await this.#bucket.manifest();
    // Until the answer is there, nobody knows which one the worker has open.
    lease.dataset = undefined;
    const info = await lease.call("openBucket", { manifest });
    lease.dataset = this;
    return { url: this.#bucket.url, ...info };
  }

  /**
   * Calls a method that may need shards, loading those until it succeeds.
   * @param {Lease} lease
   * @param {string} method
   * @param {() => { args: unknown, transfer?: Transferable[] }} prepare Called for each try: what one has handed
   *   over is gone.
   * @param {(progress: Progress) => void} [onProgress]
   */
  async call(lease, method, prepare, onProgress) {
    if (lease.dataset !== this) await lease.once("manifest", async () => void (await this.open(lease)));
    for (;;) {
      try {
        const { args, transfer } = prepare();
        return await lease.call(method, args, transfer);
      } catch (error) {
        if (!(error instanceof DigitlabError) || error.code !== "shards_not_loaded") throw error;
        await this.#bring(lease, error.detail.files ?? [], onProgress);
      }
    }
  }

  /**
   * @param {Lease} lease
   * @param {string[]} files
   * @param {(progress: Progress) => void} [onProgress]
   */
  async #bring(lease, files, onProgress) {
    const total = files.reduce((sum, file) => sum + this.#bucket.bytes(file), 0);
    let done = 0;
    /** @param {number} bytes */
    const onBytes = (bytes) => {
      // A server that unpacks on the way sends more than the manifest states.
      done = Math.min(done + bytes, total);
      if (!lease.signal.aborted) onProgress?.({ done, total, unit: "bytes" });
    };
    const bring = (/** @type {string} */ file) => this.#bringOne(lease, file, onBytes);
    await Promise.all(files.map((file) => lease.once(`shard ${file}`, () => bring(file))));
  }

  /**
   * @param {Lease} lease
   * @param {string} file
   * @param {(bytes: number) => void} onBytes
   */
  async #bringOne(lease, file, onBytes) {
    for (;;) {
      const bytes = await this.#bucket.shard(file, onBytes);
      try {
        await lease.call("loadShard", { name: file, bytes });
        this.#bucket.confirm(file);
        return;
      } catch (error) {
        const damaged = error instanceof DigitlabError && error.code === "bucket_corrupt";
        if (!damaged || !(await this.#bucket.reject(file))) throw error;
      }
    }
  }
}
