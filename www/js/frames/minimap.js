import { moved, whole } from "./box.js";
import { depthWords } from "./depth_text.js";
import { LogCanvas } from "./log_canvas.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./motion.js").Motion} Motion */
/** @typedef {import("./depth_index.js").DepthIndex} DepthIndex */

/** How high what marks the part in sight is drawn, at least, so that it can be seen and taken. */
const LEAST = 10;
const STEP = 0.1;
const PAGE = 0.9;

/** The whole log, small, with a mark on the part that is in sight; the mark can be dragged. */
export class Minimap {
  #root;
  #motion;
  #canvas;
  /** Where in the mark it was taken, in rows. */
  #grip = 0;

  /**
   * @param {HTMLElement} root
   * @param {HTMLCanvasElement} canvas
   * @param {{ motion: Motion, resized: () => void }} options
   * @param {AbortSignal} signal
   */
  constructor(root, canvas, { motion, resized }, signal) {
    this.#root = root;
    this.#motion = motion;
    this.#canvas = new LogCanvas(canvas, resized, signal);
    root.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    root.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    root.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {Omit<Parameters<LogCanvas["draw"]>[0], "box">} view */
  draw(view) {
    this.#canvas.draw({ ...view, box: whole(view.info) });
    return this.#canvas.missing;
  }

  /**
   * @param {Box} box
   * @param {DepthIndex} depths
   */
  mark(box, depths) {
    const { height } = this.#motion.size;
    const room = this.#root.clientHeight || 1;
    const size = Math.max(((box.bottom - box.top) / height) * room, LEAST);
    const middle = ((box.top + box.bottom) / 2 / height) * room;
    const top = Math.min(room - size, Math.max(0, middle - size / 2));
    this.#root.style.setProperty("--from", `${top}px`);
    this.#root.style.setProperty("--size", `${size}px`);
    const [from, to] = [depths.depthAt(Math.round(box.top)), depths.depthAt(Math.round(box.bottom) - 1)];
    this.#root.setAttribute("aria-valuenow", String(Math.round((100 * (box.top + box.bottom)) / 2 / height)));
    this.#root.setAttribute("aria-valuetext", `${depthWords(from)} to ${depthWords(to)}`);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    const { box } = this.#motion;
    const row = this.#rowAt(event);
    const mark = this.#root.getBoundingClientRect();
    const y = event.clientY - mark.top;
    const from = parseFloat(this.#root.style.getPropertyValue("--from"));
    const size = parseFloat(this.#root.style.getPropertyValue("--size"));
    const middle = (box.top + box.bottom) / 2;
    this.#root.setPointerCapture(event.pointerId);
    this.#grip = y >= from && y <= from + size ? row - middle : 0;
    this.#drag(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#root.hasPointerCapture(event.pointerId)) return;
    const { box, size } = this.#motion;
    const middle = (box.top + box.bottom) / 2;
    this.#motion.jump(moved(box, { rows: this.#rowAt(event) - this.#grip - middle }, size));
  }

  /** @param {PointerEvent} event */
  #rowAt(event) {
    const { top, height } = this.#root.getBoundingClientRect();
    return ((event.clientY - top) / height) * this.#motion.size.height;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { goal, size } = this.#motion;
    const span = goal.bottom - goal.top;
    /** @type {Record<string, number>} */
    const keys = {
      ArrowUp: -STEP * span,
      ArrowLeft: -STEP * span,
      ArrowDown: STEP * span,
      ArrowRight: STEP * span,
      PageUp: -PAGE * span,
      PageDown: PAGE * span,
      Home: -size.height,
      End: size.height,
    };
    const rows = keys[event.key];
    if (rows === undefined) return;
    event.preventDefault();
    this.#motion.glide(moved(goal, { rows }, size));
  }
}
