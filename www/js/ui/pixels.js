/**
 * Columns `from..to` of a picture as grey levels a canvas can take.
 *
 * @param {import("../lab/digitlab.js").Sequence} sequence
 * @param {number} from
 * @param {number} to
 * @returns {ImageData}
 */
function toImageData({ levels, width, height }, from, to) {
  const image = new ImageData(to - from, height);
  const target = image.data;
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) {
      target[at] = target[at + 1] = target[at + 2] = levels[y * width + x] ?? 0;
      target[at + 3] = 255;
      at += 4;
    }
  }
  return image;
}

/**
 * Draws into a canvas of exactly that size; the old picture stays until the new one replaces it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {import("../lab/digitlab.js").Sequence} sequence
 * @param {number} [from]
 * @param {number} [to]
 */
export function paint(canvas, sequence, from = 0, to = sequence.width) {
  const image = toImageData(sequence, from, to);
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext("2d", { alpha: false })?.putImageData(image, 0, 0);
}
