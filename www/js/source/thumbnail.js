/** Places looked at along each side of what becomes one pixel. */
const LOOKS = 4;

/**
 * A small version of a picture, in a canvas of at most so many pixels a side.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {import("../lab/digitlab.js").Picture & { channels: 1 | 3 | 4 }} picture
 * @param {number} side
 */
export function paintThumbnail(canvas, picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const image = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set(average(picture, x / width, y / height, 1 / width, 1 / height), 4 * (y * width + x));
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * The colour of a part of a picture, which is given in shares of its sides.
 *
 * @param {import("../lab/digitlab.js").Picture & { channels: 1 | 3 | 4 }} picture
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 */
function average({ width, height, channels, data }, left, top, wide, high) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let seen = 0;
  for (let k = 0; k < LOOKS * LOOKS; k++) {
    const x = Math.min(width - 1, Math.floor((left + (wide * ((k % LOOKS) + 0.5)) / LOOKS) * width));
    const y = Math.min(height - 1, Math.floor((top + (high * (Math.floor(k / LOOKS) + 0.5)) / LOOKS) * height));
    const at = channels * (y * width + x);
    const alpha = channels === 4 ? (data[at + 3] ?? 0) : 255;
    red += alpha * (data[at] ?? 0);
    green += alpha * (data[at + (channels === 1 ? 0 : 1)] ?? 0);
    blue += alpha * (data[at + (channels === 1 ? 0 : 2)] ?? 0);
    seen += alpha;
  }
  return seen === 0 ? [0, 0, 0, 0] : [red / seen, green / seen, blue / seen, seen / (LOOKS * LOOKS)];
}
