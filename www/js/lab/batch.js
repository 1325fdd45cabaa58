/**
 * @typedef {object} PackedBatch Images as a worker hands them over.
 * @property {string} request
 * @property {Uint8Array<ArrayBuffer>} levels Image after image.
 * @property {Uint32Array} widths
 * @property {Uint32Array} naturalWidths
 * @property {Float64Array} digits Five numbers per digit: what it shows, split, index, x, width.
 * @property {string} taskIds Twelve characters per image.
 * @property {string | undefined} augmentation JSON text: a list of images, of digits, of steps.
 *
 * @typedef {object} AppliedStep A step of a pipeline that ran.
 * @property {string} transform
 * @property {number[]} path Its position in each group of the pipeline, from the outermost inwards.
 * @property {Record<string, unknown>} options
 * @property {Record<string, number | number[] | string>} drawn What was drawn for it.
 *
 * @typedef {object} DigitOrigin One digit of a sequence.
 * @property {number} digit What it shows.
 * @property {"train" | "test"} split The split of its sample.
 * @property {number} index The sample's position in the original file of that split.
 * @property {number} x Its left edge in columns of the image; fractional after `stretch`.
 * @property {number} width Its width in columns of the image.
 *
 * @typedef {object} Sequence A labelled image of a number.
 * @property {number} width Columns.
 * @property {28} height Rows.
 * @property {Uint8Array<ArrayBuffer>} levels Grey levels row by row, 0 to 255; images of one `generateMany` may share
 *   a buffer.
 * @property {Float32Array<ArrayBuffer>} pixels The same as numbers 0 to 1, made when first asked for; shared likewise.
 * @property {string} label The digits as text.
 * @property {string} seed Decimal, exact.
 * @property {number} index The image's position in the seed's series.
 * @property {string} taskId `HHMMSSffffff`.
 * @property {number} naturalWidth Columns before the width was fitted.
 * @property {DigitOrigin[]} digits From left to right.
 * @property {AppliedStep[][] | undefined} augmentation The steps that were run on each digit; undefined without `augment`.
 * @property {SequenceRequest} request The request with its defaults filled in.
 *
 * @typedef {object} SequenceRequest See the fields that `lab.fields()` describes.
 * @property {string | number | bigint} [number]
 * @property {number[]} [digits]
 * @property {number} [spacing_min]
 * @property {number} [spacing_max]
 * @property {number} [image_width]
 * @property {"stretch" | "pad" | "natural"} [fit]
 * @property {boolean | "true" | "false" | 0 | 1} [augment]
 * @property {"seed" | "visible" | "strong" | object[] | object} [pipeline]
 * @property {"all" | "train" | "test"} [split]
 * @property {"white-on-black" | "black-on-white"} [ink]
 * @property {number} [margin]
 * @property {boolean} [tight]
 * @property {string | number | bigint} [seed]
 * @property {number} [index]
 */

const HEIGHT = 28;
const NUMBERS_PER_DIGIT = 5;
const TASK_ID_LENGTH = 12;
const SPLITS = /** @type {const} */ (["train", "test"]);

/**
 * Unpacks a batch. What costs more than looking at it is made when first asked for.
 * @param {PackedBatch} batch
 * @param {(start: number, end: number) => Float32Array<ArrayBuffer>} unit Makes numbers 0 to 1 of a part of the levels.
 * @returns {Sequence[]}
 */
export function unpack(batch, unit) {
  const request = JSON.parse(batch.request);
  const length = request.number.length;
  /** @type {AppliedStep[][][] | undefined} */
  let steps;
  let next = 0;
  return Array.from(batch.widths, (width, k) => {
    const start = next;
    next += width * HEIGHT;
    const end = next;
    const index = request.index + k;
    /** @type {DigitOrigin[] | undefined} */
    let digits;
    /** @type {Float32Array<ArrayBuffer> | undefined} */
    let pixels;
    return {
      width,
      height: HEIGHT,
      levels: batch.levels.subarray(start, end),
      get pixels() {
        pixels ??= unit(start, end);
        return pixels;
      },
      label: request.number,
      seed: request.seed,
      index,
      taskId: batch.taskIds.slice(k * TASK_ID_LENGTH, (k + 1) * TASK_ID_LENGTH),
      naturalWidth: batch.naturalWidths[k],
      get digits() {
        digits ??= Array.from({ length }, (_, d) => origin(batch.digits, (k * length + d) * NUMBERS_PER_DIGIT));
        return digits;
      },
      get augmentation() {
        steps ??= batch.augmentation === undefined ? undefined : JSON.parse(batch.augmentation);
        return steps?.[k];
      },
      request: { ...request, index },
    };
  });
}

/**
 * @param {Float64Array} numbers
 * @param {number} at
 * @returns {DigitOrigin}
 */
function origin(numbers, at) {
  return {
    digit: numbers[at],
    split: SPLITS[numbers[at + 1]],
    index: numbers[at + 2],
    x: numbers[at + 3],
    width: numbers[at + 4],
  };
}
