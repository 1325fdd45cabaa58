import { paint } from "./pixels.js";

/** Some browsers refuse a canvas or a texture that is wider, so a wide picture stands in several side by side. */
const TILE = 4_096;

/** A picture below twice its size is too small to judge; it scrolls instead. */
const LEAST_SCALE = 2;

/** The picture, enlarged by a whole number so that every pixel stays a sharp square. */
export class SequenceCanvas {
  #root;
  /** @type {HTMLCanvasElement[]} */
  #tiles = [];
  #width = 0;
  #height = 28;
  #scale = LEAST_SCALE;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  get scale() {
    return this.#scale;
  }

  /** @param {import("../lab/digitlab.js").Sequence} sequence */
  show(sequence) {
    const needed = Math.ceil(sequence.width / TILE);
    while (this.#tiles.length > needed) this.#tiles.pop()?.remove();
    while (this.#tiles.length < needed) {
      const canvas = document.createElement("canvas");
      canvas.className = "pixels";
      this.#tiles.push(canvas);
      this.#root.append(canvas);
    }
    this.#tiles.forEach((canvas, at) => {
      paint(canvas, sequence, at * TILE, Math.min(sequence.width, (at + 1) * TILE));
    });
    this.#width = sequence.width;
    this.#height = sequence.height;
    this.#root.setAttribute("aria-label", `${sequence.label} in handwriting`);
  }

  clear() {
    this.#tiles = [];
    this.#width = 0;
    this.#root.replaceChildren();
    this.#root.setAttribute("aria-label", "No picture");
  }

  /**
   * Makes the picture as large as fits.
   *
   * @param {number} width room in CSS pixels
   * @param {number} height
   */
  fit(width, height) {
    if (this.#width === 0) return;
    const room = Math.min(width / this.#width, height / this.#height);
    this.#scale = Math.max(LEAST_SCALE, Math.floor(room));
    for (const canvas of this.#tiles) {
      canvas.style.width = `${canvas.width * this.#scale}px`;
      canvas.style.height = `${canvas.height * this.#scale}px`;
    }
  }
}
