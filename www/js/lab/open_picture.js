import { DigitlabError, reasonOf } from "./errors.js";
import { checkBytes, checkPixels } from "./picture_limits.js";
import { prepareSvg } from "./svg.js";

/** @typedef {import("./picture.js").PictureLimits} PictureLimits */
/** @typedef {import("./picture.js").DecodedPicture} DecodedPicture */
/** @typedef {Omit<DecodedPicture, "found"> & { found: Omit<DecodedPicture["found"], "format"> & { format: string } }} OpenedPicture */

/** How far into a file the boxes with its size lie. */
const HEAD = 2 ** 18;

/**
 * A picture that the engine does not read, read by the browser.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {DigitlabError} refusal the engine's
 * @param {PictureLimits} limits
 * @returns {Promise<OpenedPicture>}
 */
export async function openInBrowser(bytes, refusal, limits) {
  const kind = String(refusal.detail.value ?? "").replace(/^an? /, "");
  if (/^SVG|^XML/.test(kind) && globalThis.document) return drawn(bytes, refusal, limits);
  const name = /^(AVIF|HEIC|JPEG XL|JPEG 2000) picture|^(Windows icon|Windows cursor)/.exec(kind);
  if (!name) throw refusal;
  const format = name[1] ?? String(name[2]);
  checkBytes(`${format} file`, bytes.length, limits);
  const said = statedSize(bytes);
  if (said) checkPixels(`${format} picture`, said.width, said.height, limits);
  /** @type {ImageBitmap} */
  let bitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes]), { premultiplyAlpha: "none" });
  } catch (cause) {
    throw new DigitlabError(
      "unsupported",
      `The file is ${refusal.detail.value}, which this browser cannot read. Save it as PNG or JPEG, or use another browser.`,
      { ...refusal.detail, reason: reasonOf(cause) },
      { cause },
    );
  }
  try {
    checkPixels(`${format} picture`, bitmap.width, bitmap.height, limits);
    return toPicture(bitmap, bitmap.width, bitmap.height, format, [`The browser read this ${format} file, with 8 bits per channel.`]);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {DigitlabError} refusal
 * @param {PictureLimits} limits
 */
async function drawn(bytes, refusal, limits) {
  const text = new TextDecoder().decode(bytes);
  if (!/<svg[\s>]/i.test(text)) throw refusal;
  checkBytes("SVG file", bytes.length, limits);
  const { width, height, file, notes } = prepareSvg(text, limits);
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
    } catch (cause) {
      const file = "The SVG drawing";
      throw new DigitlabError("invalid_file", `${file} cannot be read: this browser cannot draw it.`, { file }, { cause });
    }
    return toPicture(image, width, height, "SVG", [`The browser drew this SVG at ${width} × ${height} pixels.`, ...notes]);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {string} format
 * @param {string[]} notes
 * @returns {OpenedPicture}
 */
function toPicture(source, width, height, format, notes) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new DigitlabError("unsupported", `This browser has no memory for a picture of ${width} × ${height} pixels.`);
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const opaque = isOpaque(data);
  return {
    width,
    height,
    channels: opaque ? 3 : 4,
    data: opaque ? withoutAlpha(data) : new Uint8Array(data.buffer),
    found: { format, width, height, bits: 8, colours: opaque ? "rgb" : "rgba", orientation: 1, frames: 1, notes },
  };
}

/** @param {Uint8ClampedArray} data */
function isOpaque(data) {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

/**
 * RGBA values without the A.
 * @param {Uint8ClampedArray} data
 */
export function withoutAlpha(data) {
  const colours = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = /** @type {number} */ (data[from]);
    colours[to + 1] = /** @type {number} */ (data[from + 1]);
    colours[to + 2] = /** @type {number} */ (data[from + 2]);
  }
  return colours;
}

/**
 * The size that an AVIF or HEIC file states: the largest of those in its `ispe` boxes, since tiles have theirs too.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function statedSize(bytes) {
  const head = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD));
  let largest = null;
  for (let at = 4; at + 16 <= head.byteLength; at++) {
    if (head.getUint32(at) !== 0x69737065) continue;
    const size = { width: head.getUint32(at + 8), height: head.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
