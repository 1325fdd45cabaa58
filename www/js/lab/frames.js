/**
 * Image logs by depth, stored in this browser. What it takes is loaded with the first call.
 *
 * @typedef {import("./frames_library.js").FramesLibrary} FramesLibrary
 * @typedef {import("./frames_library.js").ImageInfo} ImageInfo
 * @typedef {import("./frames_library.js").RenderOptions} RenderOptions
 * @typedef {import("./frames_library.js").TileOptions} TileOptions
 * @typedef {import("./frames_library.js").ImportOptions} ImportOptions
 * @typedef {import("./frames_library.js").ImportSource} ImportSource
 * @typedef {import("./frames_library.js").DepthWindow} DepthWindow
 * @typedef {import("./frames_library.js").FramesChange} FramesChange
 * @typedef {import("./frames_library.js").Colormap} Colormap
 * @typedef {import("./pool.js").RunOptions} CallOptions
 */

export class Frames {
  #idleMs;
  /** @type {Promise<FramesLibrary> | undefined} */
  #library;
  #closed = false;

  /** @param {{ idleMs: number }} options */
  constructor({ idleMs }) {
    this.#idleMs = idleMs;
  }

  /**
   * Reads a CSV file, plain or gzipped, while its bytes arrive, and stores it as an image. Unless it comes to its end,
   * nothing of it stays.
   * @param {ImportSource} source A file, a response, or an address.
   * @param {ImportOptions} [options]
   * @returns {Promise<number>} The image's id; `get(id).report` says what was read, kept and dropped.
   */
  async import(source, options) {
    return (await this.#loaded()).import(source, options);
  }

  /** The stored images. @param {CallOptions} [options] */
  async list(options) {
    return (await this.#loaded()).list(options);
  }

  /** An image, without its rows. @param {number} id @param {CallOptions} [options] */
  async get(id, options) {
    return (await this.#loaded()).get(id, options);
  }

  /** Gives an image another name. @param {number} id @param {string} name @param {CallOptions} [options] */
  async rename(id, name, options) {
    return (await this.#loaded()).rename(id, name, options);
  }

  /** Deletes an image. @param {number} id @param {CallOptions} [options] */
  async delete(id, options) {
    return (await this.#loaded()).delete(id, options);
  }

  /** The window of an image as a file. @param {number} id @param {RenderOptions & CallOptions} [options] */
  async render(id, options) {
    return (await this.#loaded()).render(id, options);
  }

  /** An image as the CSV file that it could have come from. @param {number} id @param {CallOptions} [options] */
  async export(id, options) {
    return (await this.#loaded()).render(id, { ...options, format: "csv" });
  }

  /** The rows of a window. @param {number} id @param {DepthWindow & CallOptions} [options] */
  async rows(id, options) {
    return (await this.#loaded()).rows(id, options);
  }

  /** A part of an image for a viewer. @param {number} id @param {TileOptions & CallOptions} options */
  async tile(id, options) {
    return (await this.#loaded()).tile(id, options);
  }

  /** The colour maps that have names. @param {CallOptions} [options] */
  async colormaps(options) {
    return (await this.#loaded()).colormaps(options);
  }

  /** Red, green and blue of each level. @param {Colormap} [colormap] @param {boolean} [reverse] @param {CallOptions} [options] */
  async colorTable(colormap, reverse, options) {
    return (await this.#loaded()).colorTable(colormap, reverse, options);
  }

  /** How much is stored, and may be. @param {CallOptions} [options] */
  async usage(options) {
    return (await this.#loaded()).usage(options);
  }

  /** Tells of what other tabs and labs change. @param {(change: FramesChange) => void} listener @param {AbortSignal} [signal] */
  async subscribe(listener, signal) {
    (await this.#loaded()).subscribe(listener, signal);
  }

  /** Ends all that is going on. */
  close() {
    this.#closed = true;
    this.#library?.then((library) => library.close(), () => {});
  }

  #loaded() {
    this.#library ??= import("./frames_library.js").then(
      ({ FramesLibrary }) => {
        const library = new FramesLibrary({ idleMs: this.#idleMs });
        if (this.#closed) library.close();
        return library;
      },
      (error) => {
        // The next call tries anew.
        this.#library = undefined;
        throw error;
      },
    );
    return this.#library;
  }
}
