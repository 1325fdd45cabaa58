import { Composer } from "./composer.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {import("./tile_store.js").TileStore} TileStore */

/** A canvas of the screen's own pixels that shows a part of a log. */
export class LogCanvas {
  #canvas;
  #context;
  #buffer = document.createElement("canvas");
  #bufferContext = /** @type {CanvasRenderingContext2D} */ (this.#buffer.getContext("2d"));
  #composer = new Composer();

  /**
   * @param {HTMLCanvasElement} canvas its size is that of its box
   * @param {() => void} resized
   * @param {AbortSignal} signal
   */
  constructor(canvas, resized, signal) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const observer = new ResizeObserver(() => this.#fit() && resized());
    observer.observe(canvas);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    this.#fit();
  }

  /** Tiles that would have been better than what is shown. */
  get missing() {
    return this.#composer.missing;
  }

  /** Whether every row in sight shows at least roughly. */
  get complete() {
    return this.#composer.complete;
  }

  /** The least and the greatest value in sight. @returns {[number, number]} */
  get range() {
    return [this.#composer.low, this.#composer.high];
  }

  /** Whether there is room to draw on. */
  get shown() {
    return this.#canvas.clientHeight > 0 && this.#canvas.width > 0 && this.#canvas.height > 0;
  }

  /**
   * @param {{ info: LogInfo, tiles: TileStore, box: Box, colours: Uint32Array, scale: "fixed" | "own" }} view
   */
  draw({ info, tiles, box, colours, scale }) {
    if (!this.shown) return;
    const { width, height } = this.#canvas;
    this.#composer.gather({ info, tiles, box, width, height });
    const image = this.#composer.paint(colours, scale);
    if (!image) return;
    if (this.#buffer.width !== image.width) this.#buffer.width = image.width;
    if (this.#buffer.height !== image.height) this.#buffer.height = image.height;
    this.#bufferContext.putImageData(image, 0, 0);
    const { left, right } = this.#composer;
    const perColumn = image.width / (right - left);
    const from = (box.left - left) * perColumn;
    const wide = (box.right - box.left) * perColumn;
    this.#context.imageSmoothingEnabled = false;
    this.#context.clearRect(0, 0, width, height);
    this.#context.drawImage(this.#buffer, from, 0, wide, height, 0, 0, width, height);
  }

  clear() {
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** @returns {boolean} whether it has another size now */
  #fit() {
    const density = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(this.#canvas.clientWidth * density);
    const height = Math.round(this.#canvas.clientHeight * density);
    if (width === 0 || height === 0 || (width === this.#canvas.width && height === this.#canvas.height)) return false;
    this.#canvas.width = width;
    this.#canvas.height = height;
    return true;
  }
}
