import { COARSER, TILE_ROWS } from "./tile_store.js";

/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {import("./tile_store.js").TileStore} TileStore */

/** Which depth a row has, and which row a depth: roughly at once from the overview, exactly by reading the rows around. */
export class DepthIndex {
  #info;
  #tiles;
  /** Rows, and their depths, that are known by the overview. */
  #rows = [0];
  #depths;

  /**
   * @param {LogInfo} info
   * @param {TileStore} tiles
   */
  constructor(info, tiles) {
    this.#info = info;
    this.#tiles = tiles;
    this.#depths = [info.depth_min];
    this.#end();
  }

  /**
   * Takes the depths of a level of which every tile is here.
   *
   * @param {number} level
   */
  learn(level) {
    const step = COARSER ** level;
    this.#rows = [];
    this.#depths = [];
    const groups = Math.ceil(this.#info.height / step);
    for (let group = 0; group < groups; group++) {
      const tile = this.#tiles.peek(level, Math.floor(group / TILE_ROWS));
      const depth = tile?.depths[group % TILE_ROWS];
      if (depth === undefined) continue;
      // A coarser row has the mean depth of those it stands for.
      const rows = Math.min(step, this.#info.height - group * step);
      this.#rows.push(group * step + (rows - 1) / 2);
      this.#depths.push(depth);
    }
    if (this.#rows[0] !== 0) {
      this.#rows.unshift(0);
      this.#depths.unshift(this.#info.depth_min);
    }
    this.#end();
  }

  /**
   * The depth of a row, exact if the row is here.
   *
   * @param {number} row
   */
  depthAt(row) {
    const whole = Math.min(this.#info.height - 1, Math.max(0, Math.floor(row)));
    const tile = this.#tiles.peek(0, Math.floor(whole / TILE_ROWS));
    const exact = tile?.depths[whole % TILE_ROWS];
    if (exact !== undefined) return exact;
    return interpolated(this.#rows, this.#depths, whole);
  }

  /**
   * The exact depth of a row.
   *
   * @param {number} row
   */
  async exactDepth(row) {
    const tile = await this.#tiles.take(0, Math.floor(row / TILE_ROWS));
    return /** @type {number} */ (tile.depths[row % TILE_ROWS]);
  }

  /**
   * The first row that is at a depth or below it; the number of rows if there is none.
   *
   * @param {number} depth
   */
  async firstAtLeast(depth) {
    const wanted = Math.fround(depth);
    return this.#search(wanted, (there) => there >= wanted);
  }

  /**
   * The first row below a depth; the number of rows if there is none.
   *
   * @param {number} depth
   */
  async firstBelow(depth) {
    const wanted = Math.fround(depth);
    return this.#search(wanted, (there) => there > wanted);
  }

  /**
   * The first row whose depth is right; depths increase, and all that follow are right as well.
   *
   * @param {number} near
   * @param {(depth: number) => boolean} right
   */
  async #search(near, right) {
    const { height } = this.#info;
    let low = 0;
    let high = Math.ceil(height / TILE_ROWS) - 1;
    const guess = Math.floor(interpolated(this.#depths, this.#rows, near) / TILE_ROWS);
    for (let index = Math.min(high, Math.max(low, guess)); ; index = (low + high) >> 1) {
      const { depths } = await this.#tiles.take(0, index);
      if (right(/** @type {number} */ (depths[0]))) {
        if (index === low) return index * TILE_ROWS;
        high = index - 1;
        // What it begins with is right; so it may be the answer itself.
        const { depths: before } = await this.#tiles.take(0, index - 1);
        if (!right(/** @type {number} */ (before.at(-1)))) return index * TILE_ROWS;
      } else if (right(/** @type {number} */ (depths.at(-1)))) {
        return index * TILE_ROWS + depths.findIndex(right);
      } else {
        if (index === high) return Math.min(height, (index + 1) * TILE_ROWS);
        low = index + 1;
      }
    }
  }

  #end() {
    const last = this.#info.height - 1;
    if (/** @type {number} */ (this.#rows.at(-1)) >= last) return;
    this.#rows.push(last);
    this.#depths.push(this.#info.depth_max);
  }
}

/**
 * @param {readonly number[]} keys increasing
 * @param {readonly number[]} values
 * @param {number} at
 */
function interpolated(keys, values, at) {
  let low = 0;
  let high = keys.length - 1;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if (/** @type {number} */ (keys[half]) <= at) low = half;
    else high = half;
  }
  const [from, to] = [/** @type {number} */ (keys[low]), /** @type {number} */ (keys[high])];
  const [first, last] = [/** @type {number} */ (values[low]), /** @type {number} */ (values[high])];
  if (at <= from || from === to) return first;
  if (at >= to) return last;
  return first + ((last - first) * (at - from)) / (to - from);
}
