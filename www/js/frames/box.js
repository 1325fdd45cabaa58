/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").Size} Size */

/** The fewest rows and columns in sight. */
const LEAST = { rows: 1, columns: 2 };

/**
 * The whole of a log.
 *
 * @param {Size} size
 * @returns {Box}
 */
export function whole({ height, width }) {
  return { top: 0, bottom: height, left: 0, right: width };
}

/**
 * The nearest box that lies inside of the log.
 *
 * @param {Box} box
 * @param {Size} size
 * @returns {Box}
 */
export function fitted({ top, bottom, left, right }, { height, width }) {
  const [first, last] = inside(top, bottom, height, LEAST.rows);
  const [near, far] = inside(left, right, width, LEAST.columns);
  return { top: first, bottom: last, left: near, right: far };
}

/**
 * @param {Box} box
 * @param {{ rows?: number, columns?: number }} by
 * @param {Size} size
 */
export function moved(box, { rows = 0, columns = 0 }, size) {
  return fitted({ top: box.top + rows, bottom: box.bottom + rows, left: box.left + columns, right: box.right + columns }, size);
}

/**
 * Shows more or less around a place that stays where it is.
 *
 * @param {Box} box
 * @param {{ rows?: number, columns?: number, row?: number, column?: number }} by factors of what is in sight: 0.5 shows half as much
 * @param {Size} size
 */
export function zoomed(box, { rows = 1, columns = 1, row = middle(box.top, box.bottom), column = middle(box.left, box.right) }, size) {
  const span = Math.min(size.height, Math.max(Math.min(LEAST.rows, size.height), (box.bottom - box.top) * rows));
  const wide = Math.min(size.width, Math.max(Math.min(LEAST.columns, size.width), (box.right - box.left) * columns));
  const top = row - ((row - box.top) / (box.bottom - box.top)) * span;
  const left = column - ((column - box.left) / (box.right - box.left)) * wide;
  return fitted({ top, bottom: top + span, left, right: left + wide }, size);
}

/**
 * A box on the way from one to another: it grows or shrinks by the same share each time, so that a long way looks as even as a short one.
 *
 * @param {Box} from
 * @param {Box} to
 * @param {number} share 0 is the one, 1 the other
 * @returns {Box}
 */
export function between(from, to, share) {
  const [top, bottom] = onTheWay(from.top, from.bottom, to.top, to.bottom, share);
  const [left, right] = onTheWay(from.left, from.right, to.left, to.right, share);
  return { top, bottom, left, right };
}

/**
 * The rows that are in sight: those of which more than half is.
 *
 * @param {Box} box
 * @param {Size} size
 */
export function rowsOf({ top, bottom }, { height }) {
  const first = Math.min(height - 1, Math.max(0, Math.round(top)));
  return { first, last: Math.min(height - 1, Math.max(first, Math.round(bottom) - 1)) };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} size
 * @param {number} least
 * @returns {[number, number]}
 */
function inside(from, to, size, least) {
  const span = Math.min(size, Math.max(Math.min(least, size), to - from));
  // Too short a span grows around its middle.
  const start = span > to - from ? middle(from, to) - span / 2 : from;
  const first = Math.min(size - span, Math.max(0, start));
  return [first, first + span];
}

/**
 * @param {number} a
 * @param {number} b
 */
function middle(a, b) {
  return (a + b) / 2;
}

/**
 * @param {number} start
 * @param {number} end
 * @param {number} goalStart
 * @param {number} goalEnd
 * @param {number} share
 * @returns {[number, number]}
 */
function onTheWay(start, end, goalStart, goalEnd, share) {
  const before = end - start;
  const after = goalEnd - goalStart;
  const span = before * (after / before) ** share;
  // What stays in its place under a zoom does so all the way.
  const done = Math.abs(after - before) < 1e-6 * before ? share : (span - before) / (after - before);
  const first = start + (goalStart - start) * done;
  return [first, first + span];
}
