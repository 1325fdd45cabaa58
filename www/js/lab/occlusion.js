/**
 * How much each part of a digit's picture means to a model, found by covering it: a small square of paper is laid on
 * every place, and what the model then thinks of its answer is told apart from what it thought before.
 */

/** @typedef {{ x: number, y: number, probability: number, reads: number }} Covered What a model makes of a picture with a square of paper on it. */

/**
 * @typedef {object} Saliency
 * @property {number} width 28
 * @property {number} height 28
 * @property {Float32Array<ArrayBuffer>} values Of each pixel: by how much the probability of the answer falls on average
 *   when a square of paper covers the pixel; below 0 where it rises.
 * @property {number} most The largest of them, and 0 if none is above it.
 * @property {number} least The smallest of them, and 0 if none is below it.
 * @property {number} patch The side of the square in pixels.
 * @property {number} covered How many places had ink to cover.
 * @property {number} turned How many of them, covered, give another answer.
 * @property {Covered | null} worst The place, by its top left corner, whose covering costs the most; null if none has ink.
 */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
/** Wider than a stroke of MNIST, so that a stroke is cut through; smaller than any of its bows. */
const PATCH = 5;
const CLASSES = 10;

/**
 * Every place for the square that has ink to cover, by its top left corner: whole pixels apart, and over the edges, so
 * that each pixel is covered as often as any other.
 * @param {Uint8Array} levels A picture of 28 x 28, white ink on black.
 * @param {number} [patch]
 * @returns {{ x: number, y: number }[]}
 */
export function placesWithInk(levels, patch = PATCH) {
  /** @type {{ x: number, y: number }[]} */
  const places = [];
  for (let y = 1 - patch; y < SIDE; y++) {
    for (let x = 1 - patch; x < SIDE; x++) {
      if (under({ x, y }, patch).some((at) => (levels[at] ?? 0) > 0)) places.push({ x, y });
    }
  }
  return places;
}

/**
 * The picture itself, and then with each of the places covered, one after the other.
 * @param {Uint8Array} levels
 * @param {readonly { x: number, y: number }[]} places
 * @param {number} [patch]
 */
export function coveredPictures(levels, places, patch = PATCH) {
  const pictures = new Uint8Array((places.length + 1) * PIXELS);
  pictures.set(levels);
  places.forEach((place, k) => {
    const start = (k + 1) * PIXELS;
    pictures.set(levels, start);
    for (const at of under(place, patch)) pictures[start + at] = 0;
  });
  return pictures;
}

/**
 * What the probabilities of such pictures say of each pixel.
 * @param {readonly { x: number, y: number }[]} places
 * @param {ArrayLike<number>} probabilities Ten of each picture, as `coveredPictures` has them.
 * @param {number} [patch]
 * @returns {Saliency & { digit: number, probability: number }}
 */
export function saliencyOf(places, probabilities, patch = PATCH) {
  const digit = largest(probabilities, 0);
  const probability = probabilities[digit] ?? 0;
  const sums = new Float64Array(PIXELS);
  let turned = 0;
  /** @type {Covered | null} */
  let worst = null;
  places.forEach((place, k) => {
    const start = (k + 1) * CLASSES;
    const left = probabilities[start + digit] ?? 0;
    const reads = largest(probabilities, start);
    if (reads !== digit) turned += 1;
    if (!worst || left < worst.probability) worst = { ...place, probability: left, reads };
    for (const at of under(place, patch)) sums[at] = (sums[at] ?? 0) + (probability - left);
  });
  // Places without ink cover nothing, so their share of the mean is 0.
  const values = Float32Array.from(sums, (sum) => sum / (patch * patch));
  const most = values.reduce((most, value) => Math.max(most, value), 0);
  const least = values.reduce((least, value) => Math.min(least, value), 0);
  return { width: SIDE, height: SIDE, values, most, least, patch, covered: places.length, turned, worst, digit, probability };
}

/**
 * The pixels under the square.
 * @param {{ x: number, y: number }} place
 * @param {number} patch
 */
function under({ x, y }, patch) {
  /** @type {number[]} */
  const pixels = [];
  for (let row = Math.max(0, y); row < Math.min(SIDE, y + patch); row++) {
    for (let column = Math.max(0, x); column < Math.min(SIDE, x + patch); column++) pixels.push(row * SIDE + column);
  }
  return pixels;
}

/**
 * The class of the largest of ten numbers; the first of several.
 * @param {ArrayLike<number>} numbers
 * @param {number} start
 */
function largest(numbers, start) {
  let best = 0;
  for (let k = 1; k < CLASSES; k++) {
    if ((numbers[start + k] ?? 0) > (numbers[start + best] ?? 0)) best = k;
  }
  return best;
}
