import { between, moved } from "./box.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").Size} Size */

/** Milliseconds of a glide. */
const GLIDE = 200;
/** Milliseconds in which a throw loses most of its speed. */
const FLING = 325;
/** Rows per millisecond, as a share of what is in sight, below which a throw ends. */
const SLOWEST = 0.00002;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Moves what is in sight: at once, in a short glide, or on after a throw. Whoever wants no motion gets none. */
export class Motion {
  #told;
  /** @type {Size} */
  #size = { height: 1, width: 1 };
  /** @type {Box} */
  #box = { top: 0, bottom: 1, left: 0, right: 1 };
  /** @type {Box | null} */
  #goal = null;
  /** Where the glide began, and when. */
  #from = this.#box;
  #began = 0;
  #speed = { rows: 0, columns: 0 };
  #frame = 0;
  #time = 0;

  /** @param {(box: Box) => void} told called with every step */
  constructor(told) {
    this.#told = told;
  }

  get box() {
    return this.#box;
  }

  /** Where a glide ends, or where it stands. */
  get goal() {
    return this.#goal ?? this.#box;
  }

  get size() {
    return this.#size;
  }

  /**
   * Another log.
   *
   * @param {Size} size
   * @param {Box} box
   */
  reset(size, box) {
    this.#size = size;
    this.jump(box);
  }

  /** @param {Box} box */
  jump(box) {
    this.stop();
    this.#box = box;
    this.#told(box);
  }

  /** @param {Box} box */
  glide(box) {
    if (calm.matches) return this.jump(box);
    this.#speed = { rows: 0, columns: 0 };
    this.#goal = box;
    this.#from = this.#box;
    this.#began = performance.now();
    this.#start();
  }

  /**
   * Goes on at this speed, ever slower.
   *
   * @param {{ rows: number, columns: number }} speed per millisecond
   */
  fling(speed) {
    if (calm.matches) return;
    this.#goal = null;
    this.#speed = { ...speed };
    this.#start();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#goal = null;
    this.#speed = { rows: 0, columns: 0 };
  }

  #start() {
    if (this.#frame) return;
    this.#time = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  /** @param {number} now */
  #step(now) {
    this.#frame = 0;
    const passed = Math.max(0, Math.min(64, now - this.#time));
    this.#time = now;
    const goal = this.#goal;
    let more;
    if (goal) {
      const share = Math.min(1, Math.max(0, now - this.#began) / GLIDE);
      more = share < 1;
      this.#box = more ? between(this.#from, goal, 1 - (1 - share) ** 3) : goal;
      if (!more) this.#goal = null;
    } else {
      const { rows, columns } = this.#speed;
      this.#box = moved(this.#box, { rows: rows * passed, columns: columns * passed }, this.#size);
      const slower = Math.exp(-passed / FLING);
      this.#speed = { rows: rows * slower, columns: columns * slower };
      more = Math.abs(this.#speed.rows) > SLOWEST * (this.#box.bottom - this.#box.top);
    }
    if (more) this.#frame = requestAnimationFrame((next) => this.#step(next));
    this.#told(this.#box);
  }
}
