/** @typedef {import("./types.js").Tile} Tile */
/** @typedef {{ level: number, index: number }} Key */

/** Rows of a tile. */
export const TILE_ROWS = 256;
/** How much coarser each level is than the one before. */
export const COARSER = 4;
/** Bytes of tiles that are kept; those in sight now are kept in any case. */
const MOST_BYTES = 64 * 2 ** 20;
/** Enough to keep a worker busy, and few enough that what has become stale is not waited for. */
const AT_ONCE = 4;

/**
 * The tiles of one log: a bounded memory of those used last, and a queue for those that are wanted now, of which the
 * latest list is all that counts.
 */
export class TileStore {
  #options;
  /** In the order of their use. @type {Map<string, Tile>} */
  #tiles = new Map();
  /** @type {Map<string, Promise<Tile>>} */
  #loading = new Map();
  /** @type {Set<string>} */
  #pinned = new Set();
  /** @type {Set<string>} */
  #failed = new Set();
  /** @type {Key[]} */
  #queue = [];
  /** @type {Set<string>} */
  #wanted = new Set();
  #running = 0;
  #bytes = 0;
  #closed = false;

  /**
   * @param {object} options
   * @param {(key: Key) => Promise<Tile>} options.load
   * @param {() => void} options.arrived
   * @param {(error: unknown) => void} options.failed
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * A tile, if it is here.
   *
   * @param {number} level
   * @param {number} index
   */
  peek(level, index) {
    const name = `${level}/${index}`;
    const tile = this.#tiles.get(name);
    if (!tile) return null;
    this.#tiles.delete(name);
    this.#tiles.set(name, tile);
    return tile;
  }

  /**
   * Asks for tiles, the most urgent first; what was asked for before, and has not begun, is dropped.
   *
   * @param {Key[]} keys
   */
  want(keys) {
    this.#wanted = new Set(keys.map(nameOf));
    this.#queue = keys.filter((key) => !this.#tiles.has(nameOf(key)) && !this.#loading.has(nameOf(key)) && !this.#failed.has(nameOf(key)));
    this.#next();
  }

  /**
   * A tile, whatever it takes.
   *
   * @param {number} level
   * @param {number} index
   * @returns {Promise<Tile>}
   */
  async take(level, index) {
    return this.peek(level, index) ?? this.#load({ level, index });
  }

  /**
   * Tiles that are kept as long as the log is open.
   *
   * @param {Key[]} keys
   */
  async pin(keys) {
    for (const key of keys) this.#pinned.add(nameOf(key));
    await Promise.all(keys.map(({ level, index }) => this.take(level, index)));
  }

  /** Lets tiles that failed be asked for again. */
  retry() {
    this.#failed.clear();
  }

  /** Forgets all of it; what is on its way is not told any more. */
  close() {
    this.#closed = true;
    this.#queue = [];
    this.#tiles.clear();
  }

  #next() {
    while (this.#running < AT_ONCE) {
      const key = this.#queue.shift();
      if (!key) return;
      this.#running++;
      this.#load(key)
        .then(
          () => !this.#closed && this.#options.arrived(),
          (error) => {
            this.#failed.add(nameOf(key));
            if (!this.#closed) this.#options.failed(error);
          },
        )
        .finally(() => {
          this.#running--;
          this.#next();
        });
    }
  }

  /** @param {Key} key */
  #load(key) {
    const name = nameOf(key);
    const loading = this.#loading.get(name) ?? this.#fetch(key, name);
    this.#loading.set(name, loading);
    return loading;
  }

  /**
   * @param {Key} key
   * @param {string} name
   */
  async #fetch(key, name) {
    try {
      const tile = await this.#options.load(key);
      if (!this.#closed) this.#keep(name, tile);
      return tile;
    } finally {
      this.#loading.delete(name);
    }
  }

  /**
   * @param {string} name
   * @param {Tile} tile
   */
  #keep(name, tile) {
    this.#tiles.set(name, tile);
    this.#bytes += bytesOf(tile);
    for (const [old, { pixels, depths }] of this.#tiles) {
      if (this.#bytes <= MOST_BYTES) return;
      if (this.#pinned.has(old) || this.#wanted.has(old) || old === name) continue;
      this.#tiles.delete(old);
      this.#bytes -= pixels.byteLength + depths.byteLength;
    }
  }
}

/** @param {Key} key */
function nameOf({ level, index }) {
  return `${level}/${index}`;
}

/** @param {Tile} tile */
function bytesOf({ pixels, depths }) {
  return pixels.byteLength + depths.byteLength;
}
