/**
 * @typedef {object} Job What is to be done to a picture for one variant.
 * @property {string} [title]
 * @property {import("./digitlab.js").Pipeline} pipeline
 * @property {string | number | bigint} seed
 * @property {number} index
 */

/** @typedef {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} Preview RGBA, as `ImageData` takes it. */

/**
 * @typedef {object} Variant
 * @property {Job} job
 * @property {number} width Of the picture that was made.
 * @property {number} height
 * @property {import("./batch.js").AppliedStep[]} record The steps that ran, with what was drawn for them.
 * @property {Preview} [preview] Left out when a file was asked for without `fit`.
 * @property {Uint8Array<ArrayBuffer>} [file] The picture as a file, when `file` was asked for.
 */

/** @typedef {{ job: Job, error: import("./errors.js").DigitlabError }} FailedVariant A variant whose steps refuse the picture. */
/** @typedef {{ format: "png" | "jpeg" | "webp", quality?: number }} FileKind */

/** What ends a whole series, not just one of its variants. */
const ENDS = new Set(["aborted", "closed", "network", "offline"]);

/**
 * Whether a failure is of one variant, so that the next ones may be tried.
 * @param {unknown} error
 * @returns {error is import("./errors.js").DigitlabError}
 */
export const isOfOne = (error) => error instanceof Error && "code" in error && !ENDS.has(String(error.code));

/**
 * What a worker needs for a variant.
 * @param {number} picture The number of one that it holds.
 * @param {{ pipeline: string, seed: bigint, index: bigint }} job
 * @param {{ fit?: number, file?: FileKind, memory?: ArrayBuffer }} wanted
 */
export function variantCall(picture, job, { fit, file, memory }) {
  const args = { ...job, picture, fit: fit ?? (file ? null : 0), file, memory };
  return { args, transfer: memory ? [memory] : [] };
}
