/** What the ways to a picture hand over. */

/**
 * @typedef {object} SourcePicture A picture to work on, and where it came from.
 * @property {string} name As people know it: the file's name, the address' last part, the sample's title.
 * @property {import("../lab/digitlab.js").Picture & { channels: 1 | 3 | 4 }} picture
 * @property {{ kind: "url", url: string } | { kind: "sample", sample: string } | { kind: "file" | "paste" | "camera" | "place" }} origin
 *   An address can hold the first two.
 * @property {string[]} notes What was done to it beyond decoding, as sentences.
 */

export {};
