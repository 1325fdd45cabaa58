/** The values that the parts of the Classify page hand to each other. */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box In pixels of the picture. */
/** @typedef {{ name: string, title: string, width: number, height: number, channels: 1, data: Uint8Array<ArrayBuffer> }} StagePicture */
/** @typedef {"auto" | "digit" | "number"} Mode */

/**
 * @typedef {object} AnsweredDigit
 * @property {number} digit
 * @property {number} probability
 * @property {number[]} probabilities Of each of the ten digits.
 * @property {Box} box
 * @property {Uint8Array<ArrayBuffer>} seen 28 x 28 grey levels, white ink on black.
 */

/**
 * @typedef {object} Answer
 * @property {"digit" | "number"} kind
 * @property {string} text
 * @property {number} probability
 * @property {AnsweredDigit[]} digits At least one.
 * @property {string} model
 * @property {number} elapsed Milliseconds in the worker.
 * @property {string[]} notes
 * @property {StagePicture[]} stages Empty unless they were asked for.
 */

/** @typedef {import("../lab/digitlab.js").Picture} Input */

export {};
