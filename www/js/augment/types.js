/** The values that the parts of the Augment page hand to each other. */

/**
 * @typedef {object} SourcePicture A picture to augment, and where it came from.
 * @property {string} name As people know it: the file's name, the address' last part, the sample's title.
 * @property {import("../lab/digitlab.js").Picture & { channels: 1 | 3 | 4 }} picture
 * @property {{ kind: "url", url: string } | { kind: "sample", sample: string } | { kind: "file" | "paste" | "camera" | "place" }} origin
 *   An address can hold the first two.
 * @property {string[]} notes What was done to it beyond decoding, as sentences.
 */

/**
 * @typedef {object} Job What is to be done to the picture for one variant.
 * @property {string} title The transform's name, or the variant's number.
 * @property {import("../lab/digitlab.js").Pipeline} pipeline
 * @property {string} seed
 * @property {number} index
 */

/**
 * @typedef {object} Step A step of a pipeline in our JSON: the transform's name, its probability and its options.
 * @property {string} transform
 * @property {number} [p]
 */

export {};
