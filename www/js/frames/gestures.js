import { moved, whole, zoomed } from "./box.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./motion.js").Motion} Motion */

/** How much a notch of the wheel shows more: about a fifth. */
const WHEEL = 0.002;
/** Pinching a trackpad comes as a wheel with smaller steps. */
const PINCH = 0.01;
/** Pixels of a line, for browsers that scroll by lines. */
const LINE = 16;
/** How many milliseconds of a drag its throw is measured over. */
const RECENT = 80;
const STEP = 0.1;
const PAGE = 0.9;
const ZOOM = 0.6;

/**
 * @typedef {object} Touch
 * @property {number} x
 * @property {number} y
 */

/**
 * @typedef {object} GestureOptions
 * @property {Motion} motion
 * @property {(row: number, column: number) => void} moveCursor Moves the cursor by so many pixels of the screen.
 * @property {() => { row: number, column: number } | null} cursor
 */

/** Mouse, wheel, touch and keyboard on the picture. */
export class Gestures {
  #stage;
  #motion;
  #options;
  /** @type {Map<number, Touch>} */
  #touches = new Map();
  /** @type {{ time: number, row: number, column: number }[]} */
  #trail = [];
  /** Whether two fingers lie side by side, so that they spread columns and not rows. */
  #sideways = false;

  /**
   * @param {HTMLElement} stage
   * @param {GestureOptions} options
   * @param {AbortSignal} signal
   */
  constructor(stage, options, signal) {
    this.#stage = stage;
    this.#motion = options.motion;
    this.#options = options;
    stage.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    stage.addEventListener("pointermove", (event) => this.#move(event), { signal });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      stage.addEventListener(name, (event) => this.#up(event), { signal });
    }
    stage.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    stage.addEventListener("keydown", (event) => this.#key(event), { signal });
    stage.addEventListener("dblclick", (event) => this.#double(event), { signal });
  }

  /** Zooms by a button or a key: around the cursor where it is in sight, else around the middle. @param {number} rows */
  zoom(rows) {
    const { goal, size } = this.#motion;
    const cursor = this.#options.cursor();
    const inSight = cursor && cursor.row >= goal.top && cursor.row <= goal.bottom;
    this.#motion.glide(zoomed(goal, inSight ? { rows, row: cursor.row + 0.5 } : { rows }, size));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#motion.stop();
    this.#touches.set(event.pointerId, this.#place(event));
    this.#trail = [];
    this.#stage.toggleAttribute("data-held", true);
    const [a, b] = [...this.#touches.values()];
    if (a && b) this.#sideways = Math.abs(a.x - b.x) > Math.abs(a.y - b.y);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#touches.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    const other = [...this.#touches].find(([id]) => id !== event.pointerId)?.[1];
    this.#touches.set(event.pointerId, now);
    const { box, size } = this.#motion;
    const { rows, columns } = this.#perPixel;
    if (other) return this.#pinch(before, now, other);
    const by = { rows: (before.y - now.y) * rows, columns: (before.x - now.x) * columns };
    this.#motion.jump(moved(box, by, size));
    this.#trail.push({ time: event.timeStamp, row: by.rows, column: by.columns });
    this.#trail = this.#trail.filter(({ time }) => event.timeStamp - time < RECENT);
  }

  /**
   * Two fingers: what lies between them stays between them.
   *
   * @param {Touch} before
   * @param {Touch} now
   * @param {Touch} other
   */
  #pinch(before, now, other) {
    const { box, size } = this.#motion;
    const apart = (/** @type {Touch} */ touch) => Math.max(24, Math.hypot(touch.x - other.x, touch.y - other.y));
    const factor = apart(before) / apart(now);
    const middle = this.#spot({ x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 });
    const spread = this.#sideways ? { columns: factor } : { rows: factor };
    const { rows, columns } = this.#perPixel;
    const box2 = zoomed(box, { ...spread, ...middle }, size);
    this.#motion.jump(moved(box2, { rows: ((before.y - now.y) / 2) * rows, columns: ((before.x - now.x) / 2) * columns }, size));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#touches.delete(event.pointerId) || this.#touches.size > 0) return;
    this.#stage.removeAttribute("data-held");
    const [first] = this.#trail;
    const passed = first ? event.timeStamp - first.time : 0;
    const last = this.#trail.at(-1);
    if (event.type !== "pointerup" || passed < 8 || !last || event.timeStamp - last.time > RECENT / 2) return;
    const sum = this.#trail.reduce((all, { row, column }) => ({ rows: all.rows + row, columns: all.columns + column }), { rows: 0, columns: 0 });
    this.#motion.fling({ rows: sum.rows / passed, columns: sum.columns / passed });
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? this.#stage.clientHeight : 1;
    const [x, y] = [event.deltaX * unit, event.deltaY * unit];
    const { box, size } = this.#motion;
    const { rows, columns } = this.#perPixel;
    if (event.shiftKey) {
      // Some browsers turn the wheel's direction with Shift, some do not.
      return this.#motion.jump(moved(box, { rows: (y || x) * rows }, size));
    }
    const factor = Math.exp(Math.max(-240, Math.min(240, y)) * (event.ctrlKey ? PINCH : WHEEL));
    const { row, column } = this.#spot(this.#place(event));
    const next = event.altKey ? zoomed(box, { columns: factor, column }, size) : zoomed(box, { rows: factor, row }, size);
    this.#motion.jump(moved(next, { columns: x * columns }, size));
  }

  /** @param {MouseEvent} event */
  #double(event) {
    const { goal, size } = this.#motion;
    this.#motion.glide(zoomed(goal, { rows: event.shiftKey ? 2 : 0.5, row: this.#spot(this.#place(event)).row }, size));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey) return;
    const act = event.shiftKey && /^Arrow/.test(event.key) ? this.#cursorKey(event.key) : this.#boxKey(event.key, event.altKey);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {string} key */
  #cursorKey(key) {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[key];
    return step && (() => this.#options.moveCursor(...step));
  }

  /**
   * @param {string} key
   * @param {boolean} alt
   */
  #boxKey(key, alt) {
    const { goal, size } = this.#motion;
    const span = goal.bottom - goal.top;
    const wide = goal.right - goal.left;
    const by = (/** @type {number} */ rows, columns = 0) => () => this.#motion.glide(moved(goal, { rows, columns }, size));
    const columns = (/** @type {number} */ factor) => () => this.#motion.glide(zoomed(goal, { columns: factor }, size));
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowUp: by(-STEP * span),
      ArrowDown: by(STEP * span),
      ArrowLeft: by(0, -STEP * wide),
      ArrowRight: by(0, STEP * wide),
      PageUp: by(-PAGE * span),
      PageDown: by(PAGE * span),
      Home: by(-size.height),
      End: by(size.height),
      "+": alt ? columns(ZOOM) : () => this.zoom(ZOOM),
      "=": alt ? columns(ZOOM) : () => this.zoom(ZOOM),
      "-": alt ? columns(1 / ZOOM) : () => this.zoom(1 / ZOOM),
      "0": () => this.#motion.glide(whole(size)),
    };
    return keys[key];
  }

  get #perPixel() {
    const { box } = this.#motion;
    return { rows: (box.bottom - box.top) / this.#stage.clientHeight, columns: (box.right - box.left) / this.#stage.clientWidth };
  }

  /**
   * @param {MouseEvent} event
   * @returns {Touch}
   */
  #place(event) {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: event.clientX - left - this.#stage.clientLeft, y: event.clientY - top - this.#stage.clientTop };
  }

  /** @param {Touch} touch */
  #spot({ x, y }) {
    const { box } = this.#motion;
    const { rows, columns } = this.#perPixel;
    return { row: box.top + y * rows, column: box.left + x * columns };
  }
}
