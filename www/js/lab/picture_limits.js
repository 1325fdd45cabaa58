import { DigitlabError } from "./errors.js";

/** @typedef {import("./picture.js").PictureLimits} PictureLimits */

/** What the engine takes when no limits are given. */
export const USUAL = { bytes: 4 * 2 ** 20, pixels: 40_000_000 };

/**
 * @param {string} what The file, as a subject.
 * @param {number} bytes
 * @param {PictureLimits} limits
 */
export function checkBytes(what, bytes, limits) {
  const most = limits.bytes ?? USUAL.bytes;
  if (bytes <= most) return;
  throw tooMuch(what, megabytes(bytes), megabytes(most));
}

/**
 * @param {string} what The picture, as a subject.
 * @param {number} width
 * @param {number} height
 * @param {PictureLimits} limits
 */
export function checkPixels(what, width, height, limits) {
  const most = limits.pixels ?? USUAL.pixels;
  if (width * height <= most) return;
  throw tooMuch(what, `${width} x ${height} (${megapixels(width * height)})`, megapixels(most));
}

/**
 * @param {string} what
 * @param {string} value
 * @param {string} most
 */
function tooMuch(what, value, most) {
  const allowed = `${most}, and can be changed`;
  return new DigitlabError("limit_exceeded", `${what} is ${value}; the limit is ${allowed}.`, { field: what, value, allowed });
}

/**
 * For people: MB of 2^20 bytes, as file managers count them.
 * @param {number} bytes
 */
export function megabytes(bytes) {
  return `${rounded(bytes / 2 ** 20)} MB (${bytes} bytes)`;
}

/** @param {number} pixels */
function megapixels(pixels) {
  return pixels < 100_000 ? `${pixels} pixels` : `${rounded(pixels / 1e6)} megapixels`;
}

/**
 * Rounded up, so that what is just above a limit does not read like the limit.
 * @param {number} value
 */
function rounded(value) {
  return Math.ceil(value * 100) / 100;
}
