/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Input} Input */
/** @typedef {import("./types.js").Mode} Mode */

/**
 * @typedef {object} AskOptions
 * @property {Mode} mode
 * @property {string} model
 * @property {boolean} [stages] whether to bring along what led to it
 * @property {boolean} [several] whether it is probably a number; then reading is tried first
 * @property {AbortSignal} [signal]
 */

/**
 * What the lab makes of a picture: a digit, or a number when that is asked for or several figures stand side by side.
 *
 * @param {import("../lab/digitlab.js").Digitlab} lab
 * @param {Input} picture
 * @param {AskOptions} options
 * @returns {Promise<Answer>}
 */
export async function ask(lab, picture, { mode, several = false, ...options }) {
  if (mode === "number" || (mode === "auto" && several)) {
    const reading = await lab.read(picture, options);
    if (mode === "number" || reading.digits.length > 1) return numberOf(reading);
  }
  const single = await lab.classify(picture, options);
  if (mode === "digit" || single.figures < 2) return digitOf(single);
  const reading = await lab.read(picture, options);
  return reading.digits.length > 1 ? numberOf(reading) : digitOf(single);
}

/** @param {Awaited<ReturnType<import("../lab/digitlab.js").Digitlab["classify"]>>} found @returns {Answer} */
function digitOf({ label, digit, probability, probabilities, box, seen, model, elapsed, notes, stages }) {
  const only = { digit, probability, probabilities, box, seen: seen.data };
  return { kind: "digit", text: label, probability, digits: [only], model, elapsed, notes, stages: stages ?? [] };
}

/** @param {Awaited<ReturnType<import("../lab/digitlab.js").Digitlab["read"]>>} found @returns {Answer} */
function numberOf({ text, digits, probability, model, elapsed, notes, stages }) {
  const each = digits.map(({ seen, ...digit }) => ({ ...digit, seen: seen.data }));
  return { kind: "number", text, probability, digits: each, model, elapsed, notes, stages: stages ?? [] };
}
