/**
 * @typedef {object} Stroke A line of the pen, in units of the pad. Nobody changes one that is finished.
 * @property {number} width
 * @property {boolean} eraser
 * @property {number[]} points x, y and the share of the width at that point, one after another.
 */

/** What the pad measures in its own units, whatever its size on the screen. */
export const PAD = { width: 400, height: 300 };

/** Numbers that each point has. */
const EACH = 3;

/** @param {Stroke} stroke */
export const pointsOf = ({ points }) => points.length / EACH;

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context In units of the pad. */

/**
 * Draws a stroke: smooth curves through the middles between its points.
 *
 * @param {Context} context
 * @param {Stroke} stroke
 */
export function paintStroke(context, stroke) {
  const { points } = stroke;
  const isEven = points.every((share, at) => at % EACH !== 2 || share === points[2]);
  if (!isEven) return extendStroke(context, stroke, 0, true);
  // Of one piece, so that no seams show.
  begin(context, stroke);
  context.lineWidth = stroke.width * (points[2] ?? 1);
  context.beginPath();
  context.moveTo(...pointAt(stroke, 0));
  const last = pointsOf(stroke) - 1;
  if (last > 0) context.lineTo(...middleBefore(stroke, 1));
  for (let at = 2; at <= last; at++) context.quadraticCurveTo(...pointAt(stroke, at - 1), ...middleBefore(stroke, at));
  context.lineTo(...pointAt(stroke, last));
  context.stroke();
}

/**
 * Draws what is new of a stroke, in pieces that may differ in width.
 *
 * @param {Context} context
 * @param {Stroke} stroke
 * @param {number} from the first point that is new
 * @param {boolean} ended whether its last point is known, so that it may be reached
 */
export function extendStroke(context, stroke, from, ended) {
  const { width, points } = stroke;
  const count = pointsOf(stroke);
  const share = (/** @type {number} */ at) => points[EACH * at + 2] ?? 1;
  begin(context, stroke);
  if (from === 0) line(context, width * share(0), pointAt(stroke, 0), pointAt(stroke, 0));
  for (let at = Math.max(1, from); at < count; at++) {
    context.lineWidth = (width * (share(at - 1) + share(at))) / 2;
    context.beginPath();
    context.moveTo(...(at === 1 ? pointAt(stroke, 0) : middleBefore(stroke, at - 1)));
    context.quadraticCurveTo(...pointAt(stroke, at - 1), ...middleBefore(stroke, at));
    context.stroke();
  }
  const last = count - 1;
  if (ended && last > 0) line(context, width * share(last), middleBefore(stroke, last), pointAt(stroke, last));
}

/**
 * @param {Context} context
 * @param {Stroke} stroke
 */
function begin(context, { eraser }) {
  context.globalCompositeOperation = eraser ? "destination-out" : "source-over";
  context.lineCap = context.lineJoin = "round";
}

/**
 * @param {Stroke} stroke
 * @param {number} at
 * @returns {[number, number]}
 */
function pointAt({ points }, at) {
  return [points[EACH * at] ?? 0, points[EACH * at + 1] ?? 0];
}

/**
 * The middle between a point and the one before it.
 *
 * @param {Stroke} stroke
 * @param {number} at
 * @returns {[number, number]}
 */
function middleBefore(stroke, at) {
  const [[x, y], [beforeX, beforeY]] = [pointAt(stroke, at), pointAt(stroke, at - 1)];
  return [(x + beforeX) / 2, (y + beforeY) / 2];
}

/**
 * @param {Context} context
 * @param {number} width
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
function line(context, width, from, to) {
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
