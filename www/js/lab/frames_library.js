import { DigitlabError } from "./errors.js";
import { FramesImport } from "./frames_import.js";
import { Pool } from "./pool.js";
import { requestText } from "./request_text.js";
import { wasmModule } from "./wasm_module.js";

/** @typedef {import("./pool.js").RunOptions} CallOptions */

/**
 * @typedef {object} ImageInfo A stored image, without its rows.
 * @property {number} id From 1 up.
 * @property {string} name
 * @property {number} width Pixels in a row.
 * @property {number} height Rows.
 * @property {number} depth_min
 * @property {number} depth_max
 * @property {number} value_min The smallest pixel.
 * @property {number} value_max
 * @property {{ from: number, method: string }} resampling The columns of the file, and how others were made of them.
 * @property {ImportReport} report
 * @property {string} created ISO 8601.
 * @property {number} levels How many levels `tile` knows: each has a fourth of the rows of the one before.
 * @property {number} bytes Of all its depths and pixels, on all levels.
 *
 * @typedef {object} ImportReport What an import has read, kept and dropped.
 * @property {{ delimiter: string, decimal: string, header: boolean, depth_column: string, depth_position: number, pixel_columns: number, gzip: boolean }} layout
 * @property {number} rows_read
 * @property {number} rows_kept
 * @property {Record<"empty" | "missing" | "not_a_number" | "not_finite" | "cell_count" | "header" | "equal_depth", number>} dropped
 * @property {{ line: number | null, column: number | null, reason: string, message: string }[]} problems The first 100.
 * @property {number} problem_count
 * @property {{ min: number, max: number, step: number | null, smallest_step: number | null, largest_step: number | null, in_order: boolean }} depths
 * @property {{ min: number, max: number, outside: number }} values
 * @property {number} bytes
 * @property {number} text_bytes
 * @property {number | null} elapsed Milliseconds.
 * @property {string[]} notes
 */

/** @typedef {string | string[]} Colormap A name of `colormaps()`, or 1 to 16 colours as CSS writes them. */
/** @typedef {{ depth_min?: number | null, depth_max?: number | null }} DepthWindow Both ends are in it; without a number there is no end. */
/** @typedef {{ colormap?: Colormap, reverse?: boolean, scale?: "fixed" | "own" }} Paint `fixed`: 0 to 255; `own`: the smallest to the largest. */

/**
 * @typedef {DepthWindow & Paint & { format?: "jpeg" | "png" | "f32" | "csv", width?: number, height?: number }} RenderOptions
 *   JPEG of quality 100 when left out. `width` and `height` are those of the picture, one pixel for each when left out.
 * @typedef {Paint & { level: number, index: number }} TileOptions `index` counts chunks of 256 rows of the level.
 * @typedef {{ width: number, height: number, data: Uint8Array<ArrayBuffer>, firstRow: number, depths: Float32Array<ArrayBuffer>, pixels: Float32Array<ArrayBuffer> }} Tile
 *   RGBA in `data`; `pixels` are the values before they were coloured.
 * @typedef {{ depths: Float32Array<ArrayBuffer>, pixels: Float32Array<ArrayBuffer>, width: number }} Rows
 * @typedef {{ bytes: number, quota: number, images: { id: number, name: string, bytes: number }[] }} Usage
 *   What the site stores and may store in all, 0 where the browser does not tell; and the images.
 * @typedef {File | Blob | Response | URL | string} ImportSource
 * @typedef {{ done: number, total: number, unit: "bytes", rows: number, memory: number }} ImportProgress
 *   `total` is 0 while it is not known; `memory` is what the module has taken.
 */

/**
 * @typedef {object} ImportOptions
 * @property {string} [name] The file's name when left out.
 * @property {number | null} [width] 2 to 4096 columns, 150 when left out; null keeps the file's own.
 * @property {"nearest" | "linear" | "quadratic" | "cubic" | "quartic" | "quintic" | "area" | "lanczos3"} [method]
 * @property {"drop" | "fail"} [policy] What becomes of rows that have something wrong.
 * @property {"refuse" | "clip" | "rescale"} [values] What becomes of pixels outside 0 to 255.
 * @property {AbortSignal} [signal]
 * @property {(progress: ImportProgress) => void} [onProgress]
 */

/**
 * @typedef {object} FramesChange What has become of an image.
 * @property {"imported" | "renamed" | "deleted"} kind
 * @property {number} id
 */

/** What tabs tell each other by. */
const CHANNEL = "digitlab-frames";
const SCRIPT = new URL("./frames_worker.js", import.meta.url);
const framesModule = wasmModule(new URL("../../frames_bg.wasm", import.meta.url), "The module for depth frames");
/** One may write a large file while the other serves a viewer. */
const WORKERS = 2;

/** The images that are stored in this browser. */
export class FramesLibrary {
  #pool;
  /** @type {Set<FramesImport>} */
  #imports = new Set();
  #closed = false;
  #swept = false;
  /** @type {BroadcastChannel | null} */
  #others = null;
  /** @type {Set<(change: FramesChange) => void>} */
  #listeners = new Set();

  /** @param {{ idleMs: number }} options */
  constructor({ idleMs }) {
    this.#pool = new Pool({ script: SCRIPT, module: framesModule, size: WORKERS, idleMs, last: "letGo" });
    if (typeof BroadcastChannel === "undefined") return;
    this.#others = new BroadcastChannel(CHANNEL);
    this.#others.addEventListener("message", ({ data }) => this.#listeners.forEach((listener) => listener(data)));
  }

  /**
   * @param {ImportSource} source
   * @param {ImportOptions} [options]
   * @returns {Promise<number>}
   */
  async import(source, options = {}) {
    if (this.#closed) throw closed();
    const running = new FramesImport({ script: SCRIPT, module: framesModule });
    this.#imports.add(running);
    try {
      this.#sweep();
      const { id } = await running.run(source, options);
      this.#tell({ kind: "imported", id });
      return id;
    } catch (error) {
      // The import's own signal is of no use here: cleaning up is what cancelling asks for.
      if (running.owner && !this.#closed) await this.#pool.run((lease) => lease.call("abandon", { owner: running.owner })).catch(() => {});
      throw await this.#explained(error);
    } finally {
      this.#imports.delete(running);
    }
  }

  /** @param {CallOptions} [options] @returns {Promise<ImageInfo[]>} */
  list(options) {
    return this.#call("list", {}, options);
  }

  /** @param {number} id @param {CallOptions} [options] @returns {Promise<ImageInfo>} */
  async get(id, options) {
    return this.#call("get", { id: checked(id) }, options);
  }

  /** @param {number} id @param {string} name @param {CallOptions} [options] @returns {Promise<ImageInfo>} */
  async rename(id, name, options) {
    const info = await this.#call("rename", { id: checked(id), name: String(name) }, options);
    this.#tell({ kind: "renamed", id });
    return info;
  }

  /** @param {number} id @param {CallOptions} [options] @returns {Promise<void>} */
  async delete(id, options) {
    await this.#call("delete", { id: checked(id) }, options);
    this.#tell({ kind: "deleted", id });
  }

  /** @param {number} id @param {RenderOptions & CallOptions} [options] @returns {Promise<Blob>} */
  async render(id, { signal, timeout, ...request } = {}) {
    return this.#call("render", { id: checked(id), request: requestText(request) }, { signal, timeout });
  }

  /** @param {number} id @param {DepthWindow & CallOptions} [options] @returns {Promise<Rows>} */
  async rows(id, { signal, timeout, ...window } = {}) {
    return this.#call("rows", { id: checked(id), window: requestText(window) }, { signal, timeout });
  }

  /** @param {number} id @param {TileOptions & CallOptions} options @returns {Promise<Tile>} */
  async tile(id, { signal, timeout, ...request }) {
    return this.#call("tile", { id: checked(id), request: requestText(request) }, { signal, timeout });
  }

  /** @param {CallOptions} [options] @returns {Promise<{ name: string, title: string }[]>} */
  colormaps(options) {
    return this.#call("colormaps", {}, options);
  }

  /**
   * @param {Colormap} [colormap]
   * @param {boolean} [reverse]
   * @param {CallOptions} [options]
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async colorTable(colormap = "depth", reverse = false, options) {
    return this.#call("colorTable", { colormap: requestText(colormap), reverse: Boolean(reverse) }, options);
  }

  /** @param {CallOptions} [options] @returns {Promise<Usage>} */
  async usage(options) {
    const [{ usage = 0, quota = 0 }, images] = await Promise.all([estimate(), this.list(options)]);
    return { bytes: usage, quota, images: images.map(({ id, name, bytes }) => ({ id, name, bytes })) };
  }

  /**
   * Tells of what other tabs and labs change.
   * @param {(change: FramesChange) => void} listener
   * @param {AbortSignal} [signal]
   */
  subscribe(listener, signal) {
    if (signal?.aborted) return;
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  close() {
    this.#closed = true;
    this.#others?.close();
    this.#others = null;
    this.#listeners.clear();
    for (const running of this.#imports) running.end(closed());
    this.#pool.close();
  }

  /** @param {FramesChange} change */
  #tell(change) {
    this.#others?.postMessage(change);
  }

  /**
   * @param {string} method
   * @param {object} args
   * @param {CallOptions} [options]
   */
  async #call(method, args, { signal, timeout } = {}) {
    const answer = await this.#pool.run((lease) => lease.call(method, args), { signal, timeout });
    // Whoever asked is not kept waiting for it.
    this.#sweep();
    return answer;
  }

  /** Deletes what imports of tabs that were closed have left, once. */
  #sweep() {
    if (this.#swept) return;
    this.#swept = true;
    // What they left is invisible, and will be tried again by the next lab.
    this.#pool.run((lease) => lease.call("sweep")).catch(() => {});
  }

  /** Says of a full storage what fills it. @param {unknown} error */
  async #explained(error) {
    if (!(error instanceof DigitlabError) || error.code !== "storage_full" || this.#closed) return error;
    const { bytes, quota, images } = await this.usage().catch(() => ({ bytes: 0, quota: 0, images: [] }));
    const used = quota > 0 ? `: ${size(bytes)} of at most ${size(quota)} are in use` : "";
    const largest = images.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
    const names = largest.map(({ id, name, bytes }) => `image ${id}, ${name} (${size(bytes)})`);
    const way = names.length > 0
      ? `Delete what is not needed and import again; the largest images are ${names.join("; ")}.`
      : "No images are stored that could be deleted; free space on this machine, or keep fewer columns.";
    const detail = { value: size(bytes), allowed: size(quota), files: largest.map(({ name }) => name) };
    return new DigitlabError("storage_full", `The browser has no more room for the log${used}. Nothing of it was kept. ${way}`, detail, { cause: error });
  }
}

const closed = () => new DigitlabError("closed", "This lab was closed; open a new one.");

/** @returns {Promise<StorageEstimate>} */
async function estimate() {
  return (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
}

/** @param {number} bytes */
function size(bytes) {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}

/** @param {number} id */
function checked(id) {
  if (Number.isInteger(id) && id >= 0 && id < 2 ** 32) return id;
  const allowed = "the id of a stored image, a whole number from 1 up";
  throw DigitlabError.invalid("id", id, allowed);
}
