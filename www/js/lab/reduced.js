/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array<ArrayBuffer> }} SmallPicture */

/**
 * The picture, made so small that its longest side fits; each pixel is the mean of those it stands for.
 *
 * @param {import("./picture.js").Picture} picture
 * @param {number} longest
 * @returns {SmallPicture}
 */
export function reduced({ width, height, channels = 4, data }, longest) {
  const factor = Math.min(1, longest / Math.max(width, height));
  if (factor === 1) return { width, height, channels, data: new Uint8Array(data) };
  const [across, down] = [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
  const small = new Uint8Array(across * down * channels);
  const sums = new Float64Array(channels);
  for (let y = 0; y < down; y++) {
    const [top, bottom] = span(y, down, height);
    for (let x = 0; x < across; x++) {
      const [left, right] = span(x, across, width);
      sums.fill(0);
      for (let row = top; row < bottom; row++) {
        let at = (row * width + left) * channels;
        for (let column = left; column < right; column++) {
          for (let channel = 0; channel < channels; channel++) sums[channel] = (sums[channel] ?? 0) + (data[at++] ?? 0);
        }
      }
      const area = (bottom - top) * (right - left);
      for (let channel = 0; channel < channels; channel++) {
        small[(y * across + x) * channels + channel] = Math.round((sums[channel] ?? 0) / area);
      }
    }
  }
  return { width: across, height: down, channels, data: small };
}

/**
 * The pixels that one of `parts` stands for.
 *
 * @param {number} at
 * @param {number} parts
 * @param {number} size
 * @returns {[number, number]}
 */
function span(at, parts, size) {
  const from = Math.floor((at * size) / parts);
  return [from, Math.max(from + 1, Math.floor(((at + 1) * size) / parts))];
}
