/** The values that the parts of the Robustness page hand to each other. */

/** @typedef {import("../lab/digitlab.js").RobustnessPoint} Point */
/** @typedef {import("../lab/digitlab.js").Strengths} Strengths */

/**
 * @typedef {object} Asked What is to be measured.
 * @property {string[]} models One, or two to be seen side by side.
 * @property {string[]} curves Names of paths.
 * @property {import("../lab/digitlab.js").Pipeline | null} pipeline
 * @property {number} pictures
 * @property {number} strengths On each curve.
 * @property {string} seed
 */

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {string} title
 * @property {string} axis What the values are, with their unit.
 * @property {(value: number) => string} text A value with its unit.
 * @property {(value: number) => number} told A value in its unit.
 * @property {number} none
 * @property {number} strong
 * @property {"even" | "factors"} spaced
 */

export {};
