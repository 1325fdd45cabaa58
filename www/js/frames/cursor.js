import { depthWords, valueText } from "./depth_text.js";
import { TILE_ROWS } from "./tile_store.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./motion.js").Motion} Motion */

/** How long the cursor rests before the row under it is read. */
const REST = 60;

/**
 * @typedef {object} CursorOptions
 * @property {Motion} motion
 * @property {import("../ui/status.js").Status} status
 */

/** @typedef {{ info: LogInfo, tiles: import("./tile_store.js").TileStore, depths: import("./depth_index.js").DepthIndex }} Open */

/** The cross over the picture, and what is under it: depth, column, value. By mouse, or by Shift and the arrow keys. */
export class Cursor {
  #stage;
  #cross;
  #readout;
  #hint;
  #options;
  /** @type {Open | null} */
  #open = null;
  /** @type {Spot | null} */
  #spot = null;
  /** Where the mouse is, as shares of the picture; null while it is elsewhere. @type {{ x: number, y: number } | null} */
  #pointer = null;
  #timer = 0;
  #spoken = false;

  /**
   * @param {{ stage: HTMLElement, cross: HTMLElement, readout: HTMLElement }} elements
   * @param {CursorOptions} options
   * @param {AbortSignal} signal
   */
  constructor({ stage, cross, readout }, options, signal) {
    this.#stage = stage;
    this.#cross = cross;
    this.#readout = readout;
    this.#hint = readout.textContent ?? "";
    this.#options = options;
    // WebKit lets the pointer leave and enter again when a drag ends.
    for (const name of /** @type {const} */ (["pointermove", "pointerenter"])) {
      stage.addEventListener(name, (event) => this.#follow(event), { signal });
    }
    stage.addEventListener("pointerleave", () => this.#leave(), { signal });
    stage.addEventListener("blur", () => !this.#pointer && this.#place(null), { signal });
  }

  get spot() {
    return this.#spot;
  }

  /** @param {Open | null} open */
  show(open) {
    this.#open = open;
    this.#place(null);
  }

  /**
   * Moves by pixels of the screen, but by at least a row or a column; the first time it appears in the middle.
   *
   * @param {number} down
   * @param {number} right
   */
  move(down, right) {
    if (!this.#open) return;
    const { height, width } = this.#open.info;
    const { box } = this.#options.motion;
    const rows = Math.max(1, Math.round((box.bottom - box.top) / this.#stage.clientHeight));
    const columns = Math.max(1, Math.round((box.right - box.left) / this.#stage.clientWidth));
    const from = this.#spot ?? { row: Math.floor((box.top + box.bottom) / 2), column: Math.floor((box.left + box.right) / 2) };
    const row = Math.min(height - 1, Math.min(Math.ceil(box.bottom) - 1, Math.max(0, Math.floor(box.top), from.row + down * rows)));
    const column = Math.min(width - 1, Math.max(0, from.column + right * columns));
    this.#pointer = null;
    this.#spoken = true;
    this.#place({ row, column });
  }

  /** The picture has moved under the mouse. */
  refresh() {
    if (this.#pointer) this.#point(this.#pointer);
    else this.#place(this.#spot);
  }

  /** @param {PointerEvent} event */
  #follow(event) {
    if (event.pointerType === "touch" && !event.isPrimary) return;
    const { left, top } = this.#stage.getBoundingClientRect();
    this.#pointer = {
      x: (event.clientX - left - this.#stage.clientLeft) / this.#stage.clientWidth,
      y: (event.clientY - top - this.#stage.clientTop) / this.#stage.clientHeight,
    };
    this.#spoken = false;
    this.#point(this.#pointer);
  }

  /** @param {{ x: number, y: number }} share */
  #point({ x, y }) {
    if (!this.#open) return;
    const { box } = this.#options.motion;
    const { height, width } = this.#open.info;
    if (x < 0 || y < 0 || x >= 1 || y >= 1) return this.#place(null);
    const row = Math.min(height - 1, Math.floor(box.top + y * (box.bottom - box.top)));
    const column = Math.min(width - 1, Math.floor(box.left + x * (box.right - box.left)));
    this.#place({ row, column });
  }

  #leave() {
    this.#pointer = null;
    this.#place(null);
  }

  /** @param {Spot | null} spot */
  #place(spot) {
    const { box } = this.#options.motion;
    const seen = spot && spot.row + 1 > box.top && spot.row < box.bottom && spot.column + 1 > box.left && spot.column < box.right;
    this.#spot = seen ? spot : null;
    this.#cross.hidden = !this.#spot;
    clearTimeout(this.#timer);
    if (!this.#spot || !this.#open) {
      this.#readout.textContent = this.#hint;
      this.#readout.removeAttribute("data-row");
      return;
    }
    const { row, column } = this.#spot;
    const share = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ to) => `${(100 * (at + 0.5 - from)) / (to - from)}%`;
    this.#cross.style.setProperty("--x", share(column, box.left, box.right));
    this.#cross.style.setProperty("--y", share(row, box.top, box.bottom));
    this.#say();
    // Rows that fly by are not read.
    this.#timer = setTimeout(() => void this.#read(), REST);
  }

  #say() {
    const spot = this.#spot;
    const open = this.#open;
    if (!spot || !open) return false;
    const tile = open.tiles.peek(0, Math.floor(spot.row / TILE_ROWS));
    const value = tile?.pixels[(spot.row % TILE_ROWS) * tile.width + spot.column];
    const said = value === undefined ? "…" : valueText(value);
    const text = `Depth ${depthWords(open.depths.depthAt(spot.row))} · column ${spot.column + 1} · value ${said}`;
    this.#readout.textContent = text;
    this.#readout.dataset.row = String(spot.row);
    if (this.#spoken && value !== undefined) this.#options.status.say(text.replaceAll(" · ", ", "), 250);
    return value !== undefined;
  }

  async #read() {
    const open = this.#open;
    if (!this.#spot || !open || open.tiles.peek(0, Math.floor(this.#spot.row / TILE_ROWS))) return;
    try {
      await open.tiles.take(0, Math.floor(this.#spot.row / TILE_ROWS));
      if (open === this.#open) this.#say();
    } catch {
      // The picture itself says what cannot be read.
    }
  }
}
