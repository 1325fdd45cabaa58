/**
 * The steps that were run on a digit, in words: each transform with what was drawn for it.
 *
 * @param {import("../lab/digitlab.js").AppliedStep[] | undefined} steps undefined for a picture that is not augmented
 */
export function stepsInWords(steps) {
  if (!steps) return "";
  if (steps.length === 0) return "plain";
  return steps.map(stepInWords).join(", ");
}

/** @param {import("../lab/digitlab.js").AppliedStep} step */
export function stepInWords({ transform, drawn }) {
  const parts = drawnInWords(drawn);
  return parts.length > 0 ? `${transform} (${parts.slice(0, 4).join(", ")})` : transform;
}

/**
 * What was drawn for a step, each as `name value`. Seeds of noise and long lists say nothing to people.
 *
 * @param {import("../lab/digitlab.js").AppliedStep["drawn"]} drawn
 * @returns {string[]}
 */
export function drawnInWords(drawn) {
  return Object.entries(drawn).flatMap(([name, value]) => {
    const said = inWords(value);
    return said === null ? [] : [`${name.replaceAll("_", " ")} ${said}`];
  });
}

/** @param {unknown} value */
function inWords(value) {
  if (typeof value === "number") return short(value);
  if (Array.isArray(value)) return value.length > 0 && value.length <= 4 ? value.map(short).join(" ") : null;
  return null;
}

/**
 * What was chosen for a step, each as `name value`.
 *
 * @param {Record<string, unknown>} options
 * @returns {string[]}
 */
export function optionsInWords(options) {
  const given = Object.entries(options).filter(([, value]) => value !== null);
  return given.map(([name, value]) => {
    const said = typeof value === "object" ? (inWords(value) ?? JSON.stringify(value)) : String(value);
    return `${name.replaceAll("_", " ")} ${said}`;
  });
}

/** @param {number} value */
const short = (value) => String(Number(value.toFixed(3)));
