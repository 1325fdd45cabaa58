/** @typedef {import("../lab/digitlab.js").SaliencyMap} SaliencyMap */
/** @typedef {readonly [number, number, number]} Colour */

/** A scale ends no lower, so that what hardly matters does not shine. */
const LEAST_SCALE = 0.05;
/** How bright paper is where the answer hangs on it all, against ink. */
const ON_PAPER = 0.55;
/** Ink that says nothing either way is dimmed, so that the colours are seen. */
const DIMMED = 0.72;

/**
 * By how much the probability changes at the ends of the colours.
 *
 * @param {SaliencyMap} map
 */
export const scaleOf = ({ most, least }) => Math.max(LEAST_SCALE, most, -least);

/**
 * A map over the picture that it belongs to: each pixel's grey goes over into the colour of what it says.
 *
 * @param {SaliencyMap} map
 * @param {{ speaksFor: Colour, speaksAgainst: Colour }} colours
 */
export function saliencyPicture(map, { speaksFor, speaksAgainst }) {
  const { width, height, values, seen } = map;
  const scale = scaleOf(map);
  const image = new ImageData(width, height);
  values.forEach((value, at) => {
    const ink = (seen.data[at] ?? 0) / 255;
    const colour = value >= 0 ? speaksFor : speaksAgainst;
    const share = Math.min(1, Math.abs(value) / scale);
    const lit = ON_PAPER + (1 - ON_PAPER) * ink;
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * at + channel] = Math.round((1 - share) * DIMMED * 255 * ink + share * lit * (colour[channel] ?? 0));
    }
    image.data[4 * at + 3] = 255;
  });
  return image;
}

/**
 * A colour as tokens have it: `#rrggbb`.
 *
 * @param {string} text
 * @returns {Colour}
 */
export function colourOf(text) {
  const number = Number.parseInt(text.trim().slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}
