/**
 * Digits that are known, to try models on: always the same ones, of the test pictures.
 *
 * @typedef {{ levels: Uint8Array<ArrayBuffer>, digits: Uint8Array<ArrayBuffer> }} KnownDigits 784 levels for each digit.
 */

const SIDE = 28;
const NUMBER = "0123456789";

/** How many images of all ten digits beside each other there are. */
export const ROUNDS = 40;

/** What they are drawn with: each of the ten digits in turn, with nothing between them. */
export const REQUEST = Object.freeze({ number: NUMBER, split: "test", fit: "natural", tight: false, spacing_min: 0, spacing_max: 0, margin: 0, seed: "8" });

/**
 * Cuts the digits out of the images.
 * @param {Uint8Array} levels Of all images, one after the other.
 * @returns {KnownDigits}
 */
export function cutDigits(levels) {
  const width = NUMBER.length * SIDE;
  const rounds = levels.length / (width * SIDE);
  const cut = new Uint8Array(levels.length);
  let to = 0;
  for (let round = 0; round < rounds; round++) {
    for (let digit = 0; digit < NUMBER.length; digit++) {
      for (let y = 0; y < SIDE; y++) {
        const from = (round * SIDE + y) * width + digit * SIDE;
        cut.set(levels.subarray(from, from + SIDE), to);
        to += SIDE;
      }
    }
  }
  return { levels: cut, digits: Uint8Array.from({ length: rounds * NUMBER.length }, (_, at) => at % NUMBER.length) };
}
