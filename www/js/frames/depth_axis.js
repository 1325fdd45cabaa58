import { grouped, ticks } from "./depth_text.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./depth_index.js").DepthIndex} DepthIndex */

/** Pixels from one named depth to the next, at least. */
const APART = 56;
const LONG = 8;
const SHORT = 4;
/** Rows whose depth is looked up; between them it is taken to run evenly. */
const SAMPLES = 48;

/** The depths beside the picture, at round numbers. */
export class DepthAxis {
  #canvas;
  #context;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /**
   * @param {Box} box
   * @param {DepthIndex} depths
   */
  draw(box, depths) {
    const density = Math.min(2, devicePixelRatio || 1);
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== high) this.#canvas.height = high;
    const context = this.#context;
    const style = getComputedStyle(this.#canvas);
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `${style.fontSize} ${style.fontFamily}`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillStyle = context.strokeStyle = style.color;
    context.lineWidth = 1;
    const places = sampled(box, depths);
    const [first, last] = [/** @type {Place} */ (places[0]), /** @type {Place} */ (places.at(-1))];
    const named = ticks(first.depth, last.depth, height / APART);
    const yOf = placer(places, box, height);
    context.beginPath();
    if (named.step > 0) {
      for (const depth of ticks(first.depth, last.depth, (5 * height) / APART).values) this.#mark(yOf(depth), width, SHORT, height);
    }
    for (const depth of named.values) this.#mark(yOf(depth), width, LONG, height);
    context.stroke();
    for (const depth of named.values) {
      const y = yOf(depth);
      // Half a number says nothing.
      if (y > 7 && y < height - 7) context.fillText(grouped(depth, named.decimals), width - LONG - 4, y);
    }
  }

  /**
   * @param {number} y
   * @param {number} width
   * @param {number} length
   * @param {number} height
   */
  #mark(y, width, length, height) {
    const sharp = Math.min(height - 0.5, Math.max(0.5, Math.round(y) + 0.5));
    this.#context.moveTo(width - length, sharp);
    this.#context.lineTo(width, sharp);
  }
}

/** @typedef {{ row: number, depth: number }} Place */

/**
 * @param {Box} box
 * @param {DepthIndex} depths
 * @returns {Place[]}
 */
function sampled(box, depths) {
  const span = box.bottom - box.top;
  const count = Math.max(2, Math.min(SAMPLES, Math.ceil(span) + 1));
  /** @type {Place[]} */
  const places = [];
  for (let at = 0; at < count; at++) {
    const row = Math.floor(box.top + (span * at) / (count - 1));
    const depth = depths.depthAt(row);
    // A depth is that of the middle of its row; what is not known exactly must not run backwards.
    const before = places.at(-1);
    if (!before || (row > before.row && depth > before.depth)) places.push({ row, depth });
  }
  if (places.length === 1) places.push({ row: /** @type {Place} */ (places[0]).row + 1, depth: /** @type {Place} */ (places[0]).depth });
  return places;
}

/**
 * @param {Place[]} places
 * @param {Box} box
 * @param {number} height
 * @returns {(depth: number) => number}
 */
function placer(places, box, height) {
  return (depth) => {
    let at = 1;
    while (at < places.length - 1 && /** @type {Place} */ (places[at]).depth < depth) at++;
    const [a, b] = [/** @type {Place} */ (places[at - 1]), /** @type {Place} */ (places[at])];
    const share = b.depth > a.depth ? (depth - a.depth) / (b.depth - a.depth) : 0;
    const row = a.row + (b.row - a.row) * share + 0.5;
    return ((row - box.top) / (box.bottom - box.top)) * height;
  };
}
