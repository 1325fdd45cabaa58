import { paint } from "../ui/pixels.js";

/** No tile is wider; of a wider picture it shows the beginning. */
const WIDEST = 4_096;

/** One variant on the sheet. Its picture is drawn when it comes near the window. */
export class VariantTile {
  /** Whether it is near enough to be drawn. */
  near = false;
  #picture = document.createElement("span");
  /** @type {HTMLCanvasElement | null} */
  #canvas = null;

  /** @param {number} index */
  constructor(index) {
    this.index = index;
    this.root = document.createElement("button");
    this.root.type = "button";
    this.root.className = "tile";
    this.root.setAttribute("role", "option");
    this.root.dataset.index = String(index);
    this.root.tabIndex = -1;
    this.#picture.className = "tile__picture";
    const caption = document.createElement("span");
    caption.className = "tile__index";
    caption.textContent = String(index);
    this.root.append(this.#picture, caption);
    this.selected = false;
  }

  get drawn() {
    return this.root.dataset.drawn === "true";
  }

  get selected() {
    return this.root.getAttribute("aria-selected") === "true";
  }

  /** @param {boolean} selected */
  set selected(selected) {
    this.root.setAttribute("aria-selected", String(selected));
  }

  /** @param {string} number */
  set number(number) {
    this.root.setAttribute("aria-label", `Variant ${this.index} of ${number}`);
  }

  /** CSS pixels a pixel of the picture. @param {number} scale */
  set scale(scale) {
    if (this.#canvas) this.#canvas.style.width = `${this.#canvas.width * scale}px`;
  }

  /**
   * @param {import("../lab/digitlab.js").Sequence} sequence
   * @param {number} scale
   */
  draw(sequence, scale) {
    if (!this.#canvas) {
      this.#canvas = document.createElement("canvas");
      this.#canvas.className = "pixels";
      this.#picture.append(this.#canvas);
    }
    paint(this.#canvas, sequence, 0, Math.min(sequence.width, WIDEST));
    this.scale = scale;
    this.root.dataset.drawn = "true";
  }

  /** The picture is of an older request; it stays until the new one comes, unless nobody sees it. */
  outdate() {
    delete this.root.dataset.drawn;
    if (!this.near) this.release();
  }

  /** Gives the memory of the picture back. */
  release() {
    delete this.root.dataset.drawn;
    this.#canvas?.remove();
    this.#canvas = null;
  }
}
