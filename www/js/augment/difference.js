/** @typedef {import("../lab/variants.js").Preview} Preview */

/**
 * How far the colours of two pictures of one size lie apart, times a gain; and how many pixels differ at all.
 *
 * @param {Preview} before
 * @param {Preview} after
 * @param {number} gain
 * @returns {{ difference: Preview, changed: number }}
 */
export function differenceOf(before, after, gain) {
  const [a, b] = [before.data, after.data];
  const data = new Uint8ClampedArray(a.length);
  let changed = 0;
  for (let at = 0; at < a.length; at += 4) {
    let most = Math.abs(/** @type {number} */ (a[at + 3]) - /** @type {number} */ (b[at + 3]));
    for (let channel = at; channel < at + 3; channel++) {
      const apart = Math.abs(/** @type {number} */ (a[channel]) - /** @type {number} */ (b[channel]));
      // A clamped array keeps what is too large at 255.
      data[channel] = apart * gain;
      most += apart;
    }
    data[at + 3] = 255;
    if (most > 0) changed += 1;
  }
  return { difference: { width: before.width, height: before.height, data }, changed };
}
