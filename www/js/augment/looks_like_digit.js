/** Larger pictures are photographs or drawings of something else. */
const MOST_SIDE = 1024;
/** How far the channels of a grey pixel may be apart. */
const GREY = 12;
/** How far a level of the edge may be from black or white. */
const NEAR = 40;
/** How much of a digit's picture is ink. */
const INK = { least: 0.02, most: 0.45 };

/**
 * Whether a picture may well be a handwritten digit: square, without colours, one shade along the edge, and some ink of
 * the other shade within. Such pictures get hints on what would break their labels; nothing else hangs on it.
 *
 * @param {import("../lab/digitlab.js").Picture} picture
 */
export function looksLikeDigit({ width, height, channels = 4, data }) {
  if (width !== height || width > MOST_SIDE || width < 8) return false;
  const levelAt = (/** @type {number} */ pixel) => data[pixel * channels];
  const isGrey = (/** @type {number} */ pixel) => {
    const at = pixel * channels;
    return channels === 1 || Math.max(Math.abs(data[at] - data[at + 1]), Math.abs(data[at] - data[at + 2])) <= GREY;
  };
  const ground = levelAt(0) < 128 ? 0 : 255;
  for (let k = 0; k < width; k++) {
    for (const pixel of [k, (height - 1) * width + k, k * width, k * width + width - 1]) {
      if (Math.abs(levelAt(pixel) - ground) > NEAR) return false;
    }
  }
  let ink = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (!isGrey(pixel)) return false;
    if (Math.abs(levelAt(pixel) - ground) > 127) ink += 1;
  }
  const share = ink / (width * height);
  return share >= INK.least && share <= INK.most;
}
