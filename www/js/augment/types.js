/** The values that the parts of the Augment page hand to each other. */

/** @typedef {import("../source/types.js").SourcePicture} SourcePicture */

/** @typedef {import("../lab/digitlab.js").Job} Job What is to be done to the picture for one variant. */

/**
 * @typedef {object} Variant
 * @property {Job} job
 * @property {import("../lab/digitlab.js").AppliedStep[]} record Empty as long as it has not been made.
 * @property {number} width Of the picture that was made; 0 as long as it has not been.
 * @property {number} height
 * @property {import("../lab/variants.js").Preview} [preview] What the wall shows of it.
 */

/**
 * @typedef {object} Step A step of a pipeline in our JSON: the transform's name, its probability and its options.
 * @property {string} transform
 * @property {number} [p]
 */

export {};
