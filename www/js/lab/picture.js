import { DigitlabError, reasonOf } from "./errors.js";

/**
 * @typedef {object} Picture 8-bit values, row by row, channels interleaved. An `ImageData` is one too.
 * @property {number} width
 * @property {number} height
 * @property {number} [channels] 1 grey, 3 RGB, 4 RGBA; 4 when left out.
 * @property {Uint8Array | Uint8ClampedArray} data
 */

/**
 * @typedef {object} FoundInFile What a picture file says about itself.
 * @property {"PNG" | "JPEG" | "GIF" | "WebP" | "BMP" | "TIFF"} format
 * @property {number} width As stored, before the picture was turned upright.
 * @property {number} height
 * @property {number} bits Per channel, or per place in a palette.
 * @property {"grey" | "grey-alpha" | "rgb" | "rgba" | "palette" | "cmyk"} colours
 * @property {number} orientation The EXIF orientation that has been applied; 1 changes nothing.
 * @property {number} frames How many pictures the file holds; the first one was read.
 * @property {string[]} notes What was done beyond decoding, as sentences.
 */

/** @typedef {{ width: number, height: number, channels: 1 | 3 | 4, data: Uint8Array<ArrayBuffer>, found: FoundInFile }} DecodedPicture */
/** @typedef {{ bytes?: number, pixels?: number }} PictureLimits 4 MiB and 40 million pixels when left out. */
/** @typedef {{ data: Uint8Array<ArrayBuffer>, width: number, height: number, channels: number, format: string, quality?: number }} PictureToEncode */

/** The media types of the files that pictures are written to. @type {Record<string, string>} */
export const PICTURE_TYPES = { png: "image/png", jpeg: "image/jpeg", webp: "image/webp" };

/**
 * Whether a value has the parts of a picture; the engine judges them.
 * @param {unknown} value
 * @returns {value is Picture}
 */
export function isPicture(value) {
  const data = /** @type {Partial<Picture> | null | undefined} */ (value)?.data;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

/**
 * A copy of a file's bytes, to be handed over.
 * @param {Blob | ArrayBuffer | ArrayBufferView} file
 */
export async function fileBytes(file) {
  if (file instanceof ArrayBuffer) return new Uint8Array(file.slice(0));
  if (ArrayBuffer.isView(file)) return copied(file);
  const given = typeof file === "string" ? "a text" : String(file);
  if (!(file instanceof Blob)) {
    const allowed = "a File, a Blob, an ArrayBuffer or bytes";
    throw DigitlabError.invalid("file", given, allowed);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    const name = file instanceof File ? `The file ${file.name}` : "The file";
    const reason = reasonOf(cause);
    throw new DigitlabError("invalid_file", `${name} cannot be read: ${reason}.`, { file: name, reason }, { cause });
  }
}

/**
 * What the engine needs to write a picture to a file.
 * @param {Picture} picture
 * @param {string} format
 * @param {number} [quality]
 * @returns {PictureToEncode}
 */
export function toEncode(picture, format, quality) {
  if (quality !== undefined && typeof quality !== "number") {
    const allowed = "whole numbers from 1 to 100";
    throw DigitlabError.invalid("quality", quality, allowed);
  }
  return { ...toHandOver(picture), format: String(format), quality };
}

/**
 * A copy of a picture, to be handed over.
 * @param {Picture} picture
 * @param {string} [role] What it is called when it is refused.
 */
export function toHandOver(picture, role = "picture") {
  if (!isPicture(picture)) {
    const allowed = "a picture { width, height, channels, data }, or an ImageData";
    throw DigitlabError.invalid(role, picture, allowed);
  }
  const { data, width, height, channels = 4 } = picture;
  for (const [field, value] of Object.entries({ width, height, channels })) {
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) continue;
    const allowed = field === "channels" ? "1, 3 or 4" : "whole numbers from 1";
    throw DigitlabError.invalid(field, value, allowed);
  }
  return { data: copied(data), width, height, channels };
}

/** @param {ArrayBufferView} view */
function copied({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
