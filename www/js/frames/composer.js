import { COARSER, TILE_ROWS } from "./tile_store.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {import("./types.js").Tile} Tile */
/** @typedef {import("./tile_store.js").TileStore} TileStore */
/** @typedef {import("./tile_store.js").Key} Key */

/** The highest value, and the last colour. */
const TOP = 255;

/**
 * Turns what is in sight of a log into pixels: values are averaged first and coloured then, since the mean of two
 * false colours means nothing. Cost and memory depend on the pixels alone, not on how long the log is.
 */
export class Composer {
  #values = new Float32Array(0);
  #columns = new Int32Array(0);
  /** @type {ImageData | null} */
  #image = null;

  /** Columns of the log that the picture covers, which may be a fraction more than what is in sight. */
  left = 0;
  right = 0;
  /** The least and the greatest value of the picture. */
  low = 0;
  high = TOP;
  /** Tiles that would have been better than what is shown. @type {Key[]} */
  missing = [];
  /** Whether something of all that is in sight is there. */
  complete = false;

  /**
   * Gathers the values.
   *
   * @param {{ info: LogInfo, tiles: TileStore, box: Box, width: number, height: number }} view width and height in pixels of the screen
   */
  gather({ info, tiles, box, width, height }) {
    const perPixel = (box.bottom - box.top) / height;
    const level = levelFor(perPixel, info.levels);
    this.left = Math.floor(box.left);
    this.right = Math.min(info.width, Math.ceil(box.right));
    const across = Math.min(this.right - this.left, width);
    if (this.#image?.width !== across || this.#image.height !== height) {
      this.#image = new ImageData(across, height);
      this.#values = new Float32Array(across * height);
    }
    this.#splitColumns(across);
    this.missing = [];
    this.complete = true;
    const finder = new Finder(info, tiles, level, this.missing);
    const rows = finder.rows;
    const scale = COARSER ** level;
    // Pixels lie on a grid of their own, so that the same rows always share one, however the picture is moved.
    const start = Math.round(box.top / perPixel);
    let before = -1;
    let beforeEnd = -1;
    for (let y = 0; y < height; y++) {
      const at = (start + y) * perPixel;
      const from = Math.min(rows - 1, Math.max(0, Math.floor((perPixel < 1 ? at + perPixel / 2 : at) / scale)));
      const to = perPixel < 1 ? from + 1 : Math.min(rows, Math.max(from + 1, Math.floor((at + perPixel) / scale)));
      if (from === before && to === beforeEnd) {
        this.#values.copyWithin(y * across, (y - 1) * across, y * across);
      } else if (!this.#average(finder, from, to, y * across, across)) {
        this.#values.fill(NaN, y * across, (y + 1) * across);
        this.complete = false;
      }
      before = from;
      beforeEnd = to;
    }
    this.#measure();
  }

  /**
   * The pixels in colours.
   *
   * @param {Uint32Array} colours 256 of them
   * @param {"fixed" | "own"} scale
   */
  paint(colours, scale) {
    const image = this.#image;
    if (!image) return null;
    const pixels = new Uint32Array(image.data.buffer);
    const values = this.#values;
    const low = scale === "own" ? this.low : 0;
    const range = scale === "own" ? this.high - this.low : TOP;
    const gain = range > 0 ? TOP / range : 0;
    for (let at = 0; at < values.length; at++) {
      const value = /** @type {number} */ (values[at]);
      const index = (value - low) * gain;
      pixels[at] = value === value ? /** @type {number} */ (colours[index < 0 ? 0 : index > TOP ? TOP : index | 0]) : 0;
    }
    return image;
  }

  /** @param {number} across */
  #splitColumns(across) {
    const count = this.right - this.left;
    this.#columns = new Int32Array(across === count ? 0 : across + 1);
    for (let x = 0; x < this.#columns.length; x++) this.#columns[x] = this.left + Math.floor((x * count) / across);
  }

  /**
   * @param {Finder} finder
   * @param {number} from
   * @param {number} to
   * @param {number} target
   * @param {number} across
   * @returns {boolean} whether there was anything
   */
  #average(finder, from, to, target, across) {
    const values = this.#values;
    const columns = this.#columns;
    let count = 0;
    for (let row = from; row < to; row++) {
      const at = finder.find(row);
      if (at < 0) continue;
      const source = finder.values;
      if (columns.length === 0) {
        const first = at + this.left;
        if (count === 0) for (let x = 0; x < across; x++) values[target + x] = /** @type {number} */ (source[first + x]);
        else for (let x = 0; x < across; x++) values[target + x] = /** @type {number} */ (values[target + x]) + /** @type {number} */ (source[first + x]);
      } else {
        for (let x = 0; x < across; x++) {
          const end = /** @type {number} */ (columns[x + 1]);
          const begin = /** @type {number} */ (columns[x]);
          let sum = 0;
          for (let column = begin; column < end; column++) sum += /** @type {number} */ (source[at + column]);
          values[target + x] = (count === 0 ? 0 : /** @type {number} */ (values[target + x])) + sum / (end - begin);
        }
      }
      count++;
    }
    if (count > 1) for (let x = 0; x < across; x++) values[target + x] = /** @type {number} */ (values[target + x]) / count;
    return count > 0;
  }

  #measure() {
    let low = Infinity;
    let high = -Infinity;
    for (const value of this.#values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.low = low <= high ? low : 0;
    this.high = low <= high ? high : TOP;
  }
}

/**
 * The level of which a pixel of the screen covers one to four rows.
 *
 * @param {number} perPixel rows of the log
 * @param {number} levels
 */
export function levelFor(perPixel, levels) {
  return Math.min(levels - 1, Math.max(0, Math.floor(Math.log2(Math.max(perPixel, 1)) / Math.log2(COARSER) + 1e-9)));
}

/**
 * @param {LogInfo} info
 * @param {number} level
 */
export function rowsAt({ height }, level) {
  return Math.ceil(height / COARSER ** level);
}

/** Finds rows of a level; where they are not here yet, the finest coarser ones that are. */
class Finder {
  #info;
  #tiles;
  #level;
  #missing;
  #index = -1;
  /** @type {Tile | null} */
  #tile = null;
  /** The values that the last row found lies in. @type {Float32Array} */
  values = new Float32Array(0);

  /**
   * @param {LogInfo} info
   * @param {TileStore} tiles
   * @param {number} level
   * @param {Key[]} missing
   */
  constructor(info, tiles, level, missing) {
    this.#info = info;
    this.#tiles = tiles;
    this.#level = level;
    this.#missing = missing;
  }

  get rows() {
    return rowsAt(this.#info, this.#level);
  }

  /**
   * @param {number} row
   * @returns {number} where it begins in `values`, -1 when there is nothing at all
   */
  find(row) {
    const index = Math.floor(row / TILE_ROWS);
    if (index !== this.#index) {
      this.#index = index;
      this.#tile = this.#tiles.peek(this.#level, index);
      if (!this.#tile) this.#missing.push({ level: this.#level, index });
    }
    if (this.#tile) return this.#in(this.#tile, row - index * TILE_ROWS);
    for (let level = this.#level + 1, coarse = row; level < this.#info.levels; level++) {
      coarse = Math.floor(coarse / COARSER);
      const at = Math.floor(coarse / TILE_ROWS);
      const tile = this.#tiles.peek(level, at);
      if (tile) return this.#in(tile, coarse - at * TILE_ROWS);
    }
    return -1;
  }

  /**
   * @param {Tile} tile
   * @param {number} row
   */
  #in(tile, row) {
    if (row >= tile.height) return -1;
    this.values = tile.pixels;
    return row * tile.width;
  }
}
