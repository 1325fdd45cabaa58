import { DigitlabError } from "./errors.js";
import { isPicture, toHandOver } from "./picture.js";

/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array<ArrayBuffer> }} GivenPicture */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {ArrayLike<number | ArrayLike<number | ArrayLike<number>>>} Numbers */
/** @typedef {import("./digitlab.js").Sequence} Sequence */
/** @typedef {Picture | Blob | ArrayBuffer | ArrayBufferView | Numbers | Sequence} RecognitionInput */

const SIDE = 28;
export const PIXELS = SIDE * SIDE;
const ALLOWED =
  "a picture { width, height, channels, data }, an ImageData, the file of a picture, what generate gives, or 28 x 28 numbers from 0 to 1";

/**
 * The picture to be recognised, as a copy of its own.
 * @param {RecognitionInput} input
 * @param {(file: Blob | ArrayBuffer | ArrayBufferView) => Promise<Picture>} open Opens the file of a picture.
 * @returns {Promise<GivenPicture>}
 */
export async function givenPicture(input, open) {
  if (isPicture(input)) return toHandOver(input);
  if (isSequence(input)) {
    return { width: input.width, height: input.height, channels: 1, data: Uint8Array.from(input.levels) };
  }
  if (input instanceof Float32Array || input instanceof Float64Array || Array.isArray(input)) return ofNumbers(input);
  if (input instanceof Blob || input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return toHandOver(await open(input));
  throw refusal(input === null ? "null" : typeof input === "string" ? "a text" : String(input));
}

/**
 * @param {unknown} input
 * @returns {input is Sequence}
 */
function isSequence(input) {
  const { levels, width, height } = /** @type {Partial<Sequence>} */ (input ?? {});
  return levels instanceof Uint8Array && levels.length === Number(width) * Number(height);
}

/**
 * A picture of MNIST as numbers, 784 in a row or 28 rows of 28.
 * @param {Numbers} numbers
 */
function ofNumbers(numbers) {
  const flat = Array.isArray(numbers) ? numbers.flat(2) : Array.from(/** @type {ArrayLike<number>} */ (numbers));
  if (flat.length !== PIXELS) throw refusal(`a list of ${flat.length} numbers`);
  const data = new Uint8Array(PIXELS);
  for (const [at, number] of flat.entries()) {
    if (typeof number !== "number" || !(number >= 0 && number <= 1)) {
      const allowed = "numbers from 0 (paper) to 1 (ink)";
      const [field, value] = [`input[${Math.floor(at / SIDE)}][${at % SIDE}]`, String(number).slice(0, 60)];
      throw DigitlabError.invalid(field, value, allowed);
    }
    data[at] = Math.round(number * 255);
  }
  return { width: SIDE, height: SIDE, channels: 1, data };
}

/** @param {string} found */
function refusal(found) {
  const value = found.slice(0, 60);
  return new DigitlabError("invalid_parameter", `input is ${value}; allowed: ${ALLOWED}.`, { field: "input", value, allowed: ALLOWED });
}
