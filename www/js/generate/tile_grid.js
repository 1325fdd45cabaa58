import { Tiles } from "../ui/tiles.js";
import { VariantTile } from "./variant_tile.js";

/** Pixels of pictures that are kept while they are out of sight. */
const KEEP = 16_000_000;
/** A tile's padding and borders, side by side, in CSS pixels. */
const FRAME = 18;
const LEAST_WIDTH = 64;
const HEIGHT = 28;

/** The tiles of the sheet: where they stand, and which of them lack their picture. */
export class TileGrid {
  #root;
  /** @type {Tiles<VariantTile>} */
  #tiles;
  #number = "";
  #widest = 0;
  #scale = 1;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {() => void} options.changed called when other tiles have come into sight
   * @param {(index: number) => void} options.open
   * @param {AbortSignal} signal
   */
  constructor(root, { changed, open }, signal) {
    this.#root = root;
    const make = (/** @type {number} */ index) => {
      const tile = new VariantTile(index);
      tile.number = this.#number;
      return tile;
    };
    const forgetful = () => this.#widest * HEIGHT * this.#tiles.all.length > KEEP;
    this.#tiles = new Tiles(root, { make, changed, open, forgetful }, signal);
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(root);
    signal.addEventListener("abort", () => resize.disconnect());
  }

  /** @param {number} count */
  set count(count) {
    this.#tiles.count = count;
  }

  /** The tile of the picture that is shown large. @param {number} index */
  set current(index) {
    this.#tiles.current = index;
  }

  /** How wide the pictures can be. @param {number} widest */
  set widest(widest) {
    this.#widest = widest;
    this.#measure();
  }

  /**
   * The pictures are of an older request from now on.
   *
   * @param {string} number what the new ones show
   */
  outdate(number) {
    this.#number = number;
    for (const tile of this.#tiles.all) {
      tile.outdate();
      tile.number = number;
    }
  }

  /**
   * The first run of tiles in sight that lack their picture.
   *
   * @param {number} most
   */
  missing(most) {
    /** @param {VariantTile} tile */
    const lacks = (tile) => tile.near && !tile.drawn;
    const first = this.#tiles.all.findIndex(lacks);
    if (first < 0) return null;
    const run = this.#tiles.all.slice(first, first + most);
    const end = run.findIndex((tile) => !lacks(tile));
    return { first, count: end < 0 ? run.length : end };
  }

  /** @param {import("../lab/digitlab.js").Sequence} sequence */
  draw(sequence) {
    this.#tiles.all[sequence.index]?.draw(sequence, this.#scale);
  }

  /** Twice the size where at least three fit side by side, once where not. */
  #measure() {
    this.#scale = 3 * (2 * this.#widest + FRAME) <= this.#root.clientWidth ? 2 : 1;
    this.#root.style.setProperty("--tile", `${Math.max(LEAST_WIDTH, this.#widest * this.#scale) + FRAME}px`);
    this.#root.style.setProperty("--tile-height", `${HEIGHT * this.#scale}px`);
    for (const tile of this.#tiles.all) tile.scale = this.#scale;
  }
}
