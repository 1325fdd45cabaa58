import { DigitlabError } from "./errors.js";
import { toHandOver } from "./picture.js";

/** @typedef {"pascal_voc" | "coco" | "yolo" | "albumentations"} BoxFormat Albumentations' names. */

/**
 * @typedef {object} LabelledBox
 * @property {number[]} box Four numbers: for `pascal_voc` left, top, right, bottom in pixels; for `coco` left, top, width,
 *   height in pixels; for `yolo` the middle across and down, width, height as shares of the picture's sides; for
 *   `albumentations` left, top, right, bottom as such shares.
 * @property {unknown} [label] Anything; it comes back as it is.
 */

/**
 * @typedef {object} BoxesGiven Boxes around what is in a picture.
 * @property {BoxFormat} format
 * @property {LabelledBox[]} list At most 10 000.
 * @property {number} [min_area] Boxes of which fewer pixels are left are dropped; 0 when left out.
 * @property {number} [min_visibility] Boxes of which a step leaves a smaller share visible are dropped; 0 when left out.
 * @property {boolean} [clip] Whether boxes that stick out at first are clipped; otherwise they are refused.
 */

/** @typedef {LabelledBox & { from: number }} FollowedBox `from` is its place in the list that was given; mirror images share it. */

/**
 * @typedef {object} CompanionsGiven What goes along with a picture and follows its geometry.
 * @property {import("./picture.js").Picture} [mask] Of the same size; its values are moved and never blended, and what is new is 0.
 * @property {BoxesGiven} [boxes]
 */

/**
 * @typedef {object} CompanionsMade
 * @property {{ width: number, height: number, channels: 1 | 3 | 4, data: Uint8Array<ArrayBuffer> }} [mask]
 * @property {{ format: BoxFormat, list: FollowedBox[] }} [boxes]
 */

/** @typedef {{ format: string, numbers: Float64Array<ArrayBuffer>, minArea: number, minVisibility: number, clip: boolean }} BoxArgs */
/** @typedef {{ mask?: ReturnType<typeof toHandOver>, boxes?: BoxArgs }} CompanionArgs */
/** @typedef {{ mask?: CompanionsMade["mask"], boxes?: { numbers: Float64Array, from: Uint32Array } }} CompanionsAnswered What a worker answers. */

/**
 * What a worker needs, the buffers to hand over, and what is to be made of its answer. Labels stay here.
 * @param {CompanionsGiven} given
 * @returns {{ args: CompanionArgs, transfer: ArrayBuffer[], made: (answered: CompanionsAnswered) => CompanionsMade }}
 */
export function toAccompany({ mask, boxes }) {
  /** @type {CompanionArgs} */
  const args = {};
  const transfer = [];
  // What is null goes along no more than what is left out.
  if (mask !== undefined && mask !== null) {
    args.mask = toHandOver(mask, "mask");
    transfer.push(args.mask.data.buffer);
  }
  if (boxes !== undefined && boxes !== null) {
    args.boxes = boxArgs(boxes);
    transfer.push(args.boxes.numbers.buffer);
  }
  // The caller's list may be another one by the time the answer comes.
  const labels = boxes?.list.map(({ label }) => label);
  /** @param {CompanionsAnswered} answered */
  const made = (answered) => ({
    ...(answered.mask && { mask: answered.mask }),
    ...(answered.boxes && boxes && { boxes: { format: boxes.format, list: labelled(answered.boxes, labels ?? []) } }),
  });
  return { args, transfer, made };
}

/**
 * @param {{ numbers: Float64Array, from: Uint32Array }} boxes
 * @param {unknown[]} labels
 * @returns {FollowedBox[]}
 */
function labelled({ numbers, from }, labels) {
  return Array.from(from, (place, at) => {
    const label = labels[place];
    const box = Array.from(numbers.subarray(4 * at, 4 * at + 4));
    return { box, ...(label === undefined ? {} : { label }), from: place };
  });
}

/**
 * @param {BoxesGiven} boxes
 * @returns {BoxArgs}
 */
function boxArgs({ format, list, min_area = 0, min_visibility = 0, clip = false }) {
  if (!Array.isArray(list)) throw refusal("boxes.list", list, "a list of { box, label }");
  const numbers = new Float64Array(4 * list.length);
  for (const [at, item] of list.entries()) {
    const box = /** @type {Partial<LabelledBox> | null} */ (item)?.box;
    if (!Array.isArray(box) || box.length !== 4 || !box.every((number) => typeof number === "number")) {
      throw refusal(`boxes.list[${at}].box`, box, "a list of four numbers");
    }
    numbers.set(box, 4 * at);
  }
  for (const [field, value] of /** @type {const} */ ([["boxes.min_area", min_area], ["boxes.min_visibility", min_visibility]])) {
    if (typeof value !== "number") throw refusal(field, value, "a number");
  }
  if (typeof clip !== "boolean") throw refusal("boxes.clip", clip, "true or false");
  return { format: String(format), numbers, minArea: min_area, minVisibility: min_visibility, clip };
}

/**
 * @param {string} field
 * @param {unknown} found
 * @param {string} allowed
 */
function refusal(field, found, allowed) {
  const value = Array.isArray(found) ? `a list of ${found.length} items` : String(found).slice(0, 60);
  return DigitlabError.invalid(field, value, allowed);
}
