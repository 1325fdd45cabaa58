/**
 * @typedef {object} FailurePlace Where in a pipeline something is wrong.
 * @property {number[]} path of the step, in the pipeline that runs
 * @property {string} field
 * @property {string} message
 */

/**
 * Where in a pipeline an error of the engine belongs: it names the place as `transforms[0].OneOf.transforms[1].Blur.p`.
 *
 * @param {unknown} error
 * @param {(path: number[], field: string) => { label: string, value: unknown }} found what people call the field, and what stands in it
 * @returns {FailurePlace | null} null when the error names no field
 */
export function failurePlace(error, found) {
  if (!(error instanceof Error)) return null;
  const { detail } = /** @type {{ detail?: import("../lab/errors.js").ErrorDetail }} */ (/** @type {unknown} */ (error));
  const named = detail?.field;
  if (named === undefined) return null;
  /** @type {number[]} */
  const path = [];
  let rest = named;
  for (let match = STEP.exec(rest); match; match = STEP.exec(rest)) {
    path.push(Number(match[1]));
    rest = rest.slice(match[0].length);
  }
  // What is left is the step's name and its field, or a field of the whole pipeline.
  const field = rest.slice(rest.lastIndexOf(".") + 1);
  const { label, value } = found(path, field);
  let message = error.message.replace(named, () => label);
  // The engine says how long a list is; here it can be seen.
  const given = detail?.value;
  if (given && Array.isArray(value) && value.length <= MOST_LISTED) message = message.replace(given, () => value.map((part) => JSON.stringify(part)).join(", "));
  return { path, field, message };
}

/** Longer lists than this are told by their length. */
const MOST_LISTED = 4;
/** A place among members, with the name of the group before it. */
const STEP = /^(?:[A-Za-z]+\.)?transforms\[(\d+)\](?:\.|$)/;
