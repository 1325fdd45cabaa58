import { roveTo } from "./roving.js";

/**
 * @typedef {object} Tile
 * @property {HTMLElement} root It carries its place as `data-index`.
 * @property {boolean} near Whether it is near enough to the window to be drawn.
 * @property {boolean} drawn
 * @property {boolean} selected
 * @property {() => void} release Gives the memory of its picture back.
 */

/** How far outside the window tiles are drawn already. */
const AHEAD = "200px 0px";

/**
 * Many tiles, of which only those in sight are drawn; one of them is selected, and arrow keys move between them.
 * @template {Tile} T
 */
export class Tiles {
  #root;
  #options;
  #observer;
  /** @type {T[]} */
  #tiles = [];
  #current = 0;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {(index: number) => T} options.make
   * @param {() => void} options.changed called when other tiles have come into sight
   * @param {(index: number) => void} options.open
   * @param {() => boolean} options.forgetful whether tiles out of sight give their memory back
   * @param {AbortSignal} signal
   */
  constructor(root, options, signal) {
    this.#root = root;
    this.#options = options;
    this.#observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: AHEAD });
    const click = (/** @type {Event} */ event) => {
      const at = this.indexOf(event.target);
      if (at < 0) return;
      this.rove(at);
      options.open(at);
    };
    root.addEventListener("click", click, { signal });
    root.addEventListener("keydown", (event) => this.#key(event), { signal });
    signal.addEventListener("abort", () => this.#observer.disconnect());
  }

  get all() {
    return /** @type {readonly T[]} */ (this.#tiles);
  }

  /** @param {number} count */
  set count(count) {
    for (const tile of this.#tiles.splice(count)) {
      this.#observer.unobserve(tile.root);
      tile.root.remove();
    }
    const added = document.createDocumentFragment();
    while (this.#tiles.length < count) {
      const tile = this.#options.make(this.#tiles.length);
      this.#tiles.push(tile);
      this.#observer.observe(tile.root);
      added.append(tile.root);
    }
    this.#root.append(added);
    this.current = this.#current;
  }

  /** The tile of what is shown large. */
  get current() {
    return this.#current;
  }

  /** @param {number} index */
  set current(index) {
    const [before, now] = [this.#tiles[this.#current], this.#tiles[index]];
    if (before) before.selected = false;
    if (now) now.selected = true;
    this.#current = index;
    if (this.#tiles.some((tile) => tile.root.tabIndex === 0)) return;
    const stop = now ?? this.#tiles[0];
    if (stop) stop.root.tabIndex = 0;
  }

  /**
   * Moves the tab stop and the focus.
   *
   * @param {number} to
   */
  rove(to) {
    roveTo(
      this.#tiles.map((tile) => tile.root),
      to,
    );
  }

  /** @param {EventTarget | null} target */
  indexOf(target) {
    const tile = target instanceof Element ? target.closest("[data-index]") : null;
    return tile instanceof HTMLElement && this.#root.contains(tile) ? Number(tile.dataset.index) : -1;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    const forgetful = this.#options.forgetful();
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles[this.indexOf(target)];
      if (!tile) continue;
      tile.near = isIntersecting;
      if (!isIntersecting && forgetful) tile.release();
    }
    this.#options.changed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.indexOf(event.target);
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
    this.rove(to);
  }
}
