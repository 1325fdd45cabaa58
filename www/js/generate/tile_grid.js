import { roveTo } from "../ui/roving.js";
import { VariantTile } from "./variant_tile.js";

/** Pixels of pictures that are kept while they are out of sight. */
const KEEP = 16_000_000;
/** How far outside the window tiles are drawn already. */
const AHEAD = "200px 0px";
/** A tile's padding and borders, side by side, in CSS pixels. */
const FRAME = 18;
const LEAST_WIDTH = 64;
const HEIGHT = 28;

/** The tiles of the sheet: where they stand, which of them are in sight, and how keys move between them. */
export class TileGrid {
  #root;
  #observer;
  #changed;
  /** @type {VariantTile[]} */
  #tiles = [];
  #number = "";
  #current = 0;
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
    this.#changed = changed;
    this.#observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: AHEAD });
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(root);
    const click = (/** @type {Event} */ event) => {
      const at = indexOf(event.target);
      if (at < 0) return;
      this.#rove(at);
      open(at);
    };
    root.addEventListener("click", click, { signal });
    root.addEventListener("keydown", (event) => this.#key(event), { signal });
    signal.addEventListener("abort", () => {
      this.#observer.disconnect();
      resize.disconnect();
    });
  }

  /** @param {number} count */
  set count(count) {
    for (const tile of this.#tiles.splice(count)) {
      this.#observer.unobserve(tile.root);
      tile.root.remove();
    }
    const added = document.createDocumentFragment();
    while (this.#tiles.length < count) {
      const tile = new VariantTile(this.#tiles.length);
      tile.number = this.#number;
      this.#tiles.push(tile);
      this.#observer.observe(tile.root);
      added.append(tile.root);
    }
    this.#root.append(added);
    this.current = this.#current;
  }

  /** The tile of the picture that is shown large. @param {number} index */
  set current(index) {
    const [before, now] = [this.#tiles[this.#current], this.#tiles[index]];
    if (before) before.selected = false;
    if (now) now.selected = true;
    this.#current = index;
    if (this.#tiles.some((tile) => tile.root.tabIndex === 0)) return;
    const stop = now ?? this.#tiles[0];
    if (stop) stop.root.tabIndex = 0;
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
    for (const tile of this.#tiles) {
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
    const first = this.#tiles.findIndex(lacks);
    if (first < 0) return null;
    const run = this.#tiles.slice(first, first + most);
    const end = run.findIndex((tile) => !lacks(tile));
    return { first, count: end < 0 ? run.length : end };
  }

  /** @param {import("../lab/digitlab.js").Sequence} sequence */
  draw(sequence) {
    this.#tiles[sequence.index]?.draw(sequence, this.#scale);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    const forgetful = this.#widest * HEIGHT * this.#tiles.length > KEEP;
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles[indexOf(target)];
      if (!tile) continue;
      tile.near = isIntersecting;
      if (!isIntersecting && forgetful) tile.release();
    }
    this.#changed();
  }

  /** Twice the size where at least three fit side by side, once where not. */
  #measure() {
    this.#scale = 3 * (2 * this.#widest + FRAME) <= this.#root.clientWidth ? 2 : 1;
    this.#root.style.setProperty("--tile", `${Math.max(LEAST_WIDTH, this.#widest * this.#scale) + FRAME}px`);
    this.#root.style.setProperty("--tile-height", `${HEIGHT * this.#scale}px`);
    for (const tile of this.#tiles) tile.scale = this.#scale;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = indexOf(event.target);
    if (at < 0) return;
    const columns = getComputedStyle(this.#root).gridTemplateColumns.split(" ").length;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: this.#tiles.length - 1,
    };
    const to = targets[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#rove(to);
  }

  /** @param {number} to */
  #rove(to) {
    roveTo(
      this.#tiles.map((tile) => tile.root),
      to,
    );
  }
}

/** @param {EventTarget | null} target */
function indexOf(target) {
  const tile = target instanceof Element ? target.closest(".tile") : null;
  return tile instanceof HTMLElement ? Number(tile.dataset.index) : -1;
}
