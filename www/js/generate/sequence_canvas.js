import { paint } from "../ui/pixels.js";

/** Some browsers refuse a canvas or a texture that is wider, so a wide picture stands in several side by side. */
const TILE = 4_096;

/** A picture that would get smaller than this is too small to judge: it is shown at twice its size, and scrolls. */
const LEAST_SCALE = 4 / 3;
const SCROLLING_SCALE = 2;

/** The picture, enlarged so that each of its pixels is a whole number of the screen's and stays a sharp square. */
export class SequenceCanvas {
  #root;
  /** @type {HTMLCanvasElement[]} */
  #tiles = [];
  #width = 0;
  #height = 28;
  #scale = SCROLLING_SCALE;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  get scale() {
    return this.#scale;
  }

  /** CSS pixels a pixel of the picture. */
  set scale(scale) {
    this.#scale = scale;
    for (const canvas of this.#tiles) {
      canvas.style.width = `${canvas.width * scale}px`;
      canvas.style.height = `${canvas.height * scale}px`;
    }
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
    // Below, whole steps of CSS pixels would be coarse; the screen's own are as sharp.
    const step = room < 3 ? devicePixelRatio : 1;
    const scale = Math.floor(room * step) / step;
    this.scale = scale < LEAST_SCALE ? SCROLLING_SCALE : scale;
  }
}
