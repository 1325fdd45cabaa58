import { percent } from "../ui/percent.js";

/** @typedef {import("../lab/digitlab.js").SaliencyMap} SaliencyMap */

/** Below this nobody would call it a difference. */
const WORTH = 0.01;
const DOWN = ["top", "middle", "bottom"];
const ACROSS = ["left", "middle", "right"];

/**
 * What a map says, in sentences.
 *
 * @param {SaliencyMap} map
 */
export function saliencyInWords({ digit, probability, worst, turned, covered, patch, width, height }) {
  if (!worst) return "There is no ink that could be covered.";
  const square = `a ${patch} × ${patch} square of paper`;
  const lost = probability - worst.probability;
  const where = placeInWords(worst.x + patch / 2, worst.y + patch / 2, width, height);
  const most =
    lost < WORTH
      ? `No single part decides: ${square} anywhere leaves the ${digit} at ${percent(worst.probability)} at least.`
      : `The ${digit} hangs most on the ${where}: ${square} there takes it from ${percent(probability)} to ${percent(worst.probability)}${worst.reads === digit ? "" : `, and a ${worst.reads} is read`}.`;
  const turns = turned === 0 ? `None of ${covered} places, covered, changes the answer.` : `${turned} of ${covered} places, covered, ${turned === 1 ? "changes" : "change"} the answer.`;
  return `${most} ${turns}`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function placeInWords(x, y, width, height) {
  const third = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(2, Math.floor((3 * at) / size)));
  const [down, across] = [DOWN[third(y, height)], ACROSS[third(x, width)]];
  return down === across ? "middle" : `${down} ${across}`;
}
