import { EditHistory } from "../ui/edit_history.js";
import { PAD } from "./stroke.js";

/** @typedef {import("./stroke.js").Stroke} Stroke */

/** Steps that can be taken back. */
const STEPS = 500;
/** More than a person draws; what was kept may have been changed by anyone. */
const MOST_STROKES = 2_000;
const MOST_NUMBERS = 300_000;

/** The strokes on the pad, with what was and what was taken back. */
export class Drawing {
  /** @type {EditHistory<readonly Stroke[]>} */
  #history = new EditHistory(/** @type {readonly Stroke[]} */ ([]), STEPS);

  get strokes() {
    return this.#history.present;
  }

  /** Whether there is nothing to see; an eraser alone leaves nothing. */
  get isEmpty() {
    return this.strokes.every(({ eraser }) => eraser);
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** @param {Stroke} stroke */
  add(stroke) {
    this.#history.record([...this.strokes, stroke]);
  }

  clear() {
    if (this.strokes.length > 0) this.#history.record([]);
  }

  undo() {
    return this.#history.undo();
  }

  redo() {
    return this.#history.redo();
  }

  /** The strokes as text, to be kept. */
  toText() {
    const round = (/** @type {number} */ value) => Math.round(100 * value) / 100;
    return JSON.stringify(this.strokes.map(({ width, eraser, points }) => ({ width, eraser, points: points.map(round) })));
  }

  /**
   * Takes up strokes that were kept; each can be taken back. What is no drawing leaves it empty.
   *
   * @param {string} text
   */
  restore(text) {
    this.#history.reset([]);
    for (const stroke of strokesOf(text)) this.add(stroke);
  }
}

/**
 * @param {string} text
 * @returns {Stroke[]}
 */
function strokesOf(text) {
  try {
    const kept = JSON.parse(text);
    return Array.isArray(kept) && kept.length <= MOST_STROKES ? kept.filter(isStroke) : [];
  } catch {
    return [];
  }
}

/** @param {unknown} kept @returns {kept is Stroke} */
function isStroke(kept) {
  const { width, eraser, points } = /** @type {Partial<Stroke>} */ (kept ?? {});
  if (typeof width !== "number" || typeof eraser !== "boolean" || !Array.isArray(points)) return false;
  if (!(width > 0 && width <= PAD.width) || points.length === 0 || points.length % 3 !== 0 || points.length > MOST_NUMBERS) return false;
  return points.every((value) => typeof value === "number" && Math.abs(value) <= 2 * PAD.width);
}
