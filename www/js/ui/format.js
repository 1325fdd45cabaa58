/** @type {Intl.NumberFormat | undefined} */
let grouped;

/** @param {number} value */
export function count(value) {
  // Made when it is first needed: it takes longer than the rest of the page's scripts to be read.
  grouped ??= new Intl.NumberFormat("en");
  return grouped.format(value);
}

/**
 * How many there are of something: "1 step", "1,200 steps".
 *
 * @param {number} value
 * @param {string} one
 * @param {string} [many] where it is not `one` with an s
 */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** What somebody has given, for a sentence about it. @param {string} text */
export const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** @param {number} value */
export function bytes(value) {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${Math.round(value / 1_000)} KB`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(1)} MB`;
  return `${(value / 1_000_000_000).toFixed(1)} GB`;
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 10_000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** @param {import("../lab/digitlab.js").Progress} progress */
export function amount({ done, total, unit }) {
  const show = unit === "bytes" ? bytes : count;
  return `${show(done)} of ${show(total)}`;
}

/**
 * A name that says what is inside, short enough for every file system.
 *
 * @param {import("../lab/digitlab.js").Sequence} sequence
 * @param {string} extension
 */
export function fileName(sequence, extension) {
  const { label, seed, index } = sequence;
  const number = label.length > 32 ? `${label.slice(0, 24)}-and-${label.length - 24}-more` : label;
  const variant = index > 0 ? `-variant${index}` : "";
  return `digitlab-${number}-seed${seed}${variant}.${extension}`;
}
