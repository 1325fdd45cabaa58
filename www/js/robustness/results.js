import { interval } from "./interval.js";

/** @typedef {import("./types.js").Asked} Asked */
/** @typedef {import("./types.js").Curve} Curve */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Strengths} Strengths */

/**
 * @typedef {object} Row A model at a strength, as tables and files tell it.
 * @property {Curve} curve
 * @property {Point} point
 * @property {number} value In the curve's unit.
 * @property {string} model
 * @property {number} right
 * @property {number} accuracy
 * @property {number} low
 * @property {number} high
 */

/** What was measured so far: the plain pictures, and the points of each curve in their order. */
export class Results {
  asked;
  curves;
  /** @type {Point | null} */
  plain = null;
  /** @type {Map<string, Point[]>} */
  #points = new Map();
  /** Why a curve has ended early. @type {Map<string, string>} */
  #refusals = new Map();

  /**
   * @param {Asked} asked
   * @param {readonly Strengths[]} strengths
   */
  constructor(asked, strengths) {
    this.asked = asked;
    this.curves = curvesOf(asked, strengths);
  }

  /** @param {Point | import("../lab/digitlab.js").FailedPoint} point */
  add(point) {
    if ("error" in point) {
      this.#refusals.set(point.curve, point.error.message.replace(/^transforms\[0\]\./, ""));
      return;
    }
    if (point.curve === "none") this.plain = point;
    else this.#points.set(point.curve, [...(this.#points.get(point.curve) ?? []), point]);
  }

  /**
   * A curve's points, with the plain pictures as its first.
   *
   * @param {Curve} curve
   */
  pointsOf({ name }) {
    const points = this.#points.get(name) ?? [];
    return this.plain ? [this.plain, ...points] : points;
  }

  /** @param {Curve} curve */
  refusalOf({ name }) {
    return this.#refusals.get(name) ?? "";
  }

  /**
   * Where a point lies on a curve: the plain pictures lie where the transform does nothing.
   *
   * @param {Curve} curve
   * @param {Point} point
   */
  valueOf({ none }, point) {
    return point.curve === "none" ? none : point.value;
  }

  /** @returns {Row[]} one for each model at each strength that was measured, the plain pictures once */
  get rows() {
    const plain = this.plain ? rowsOf(PLAIN, this.plain, 0) : [];
    const others = this.curves.flatMap((curve) =>
      (this.#points.get(curve.name) ?? []).flatMap((point) => rowsOf(curve, point, curve.told(point.value))),
    );
    return [...plain, ...others];
  }
}

/** The pictures as they are. @type {Curve} */
const PLAIN = { name: "none", title: "As they are", axis: "", text: () => "", told: (value) => value, none: 0, strong: 0, spaced: "even" };

/** @type {Curve} */
const PIPELINE = {
  name: "pipeline",
  title: "Your pipeline",
  axis: "Part of its strength, %",
  text: (value) => `${short(100 * value)} %`,
  told: (value) => round(100 * value),
  none: 0,
  strong: 1,
  spaced: "even",
};

/**
 * @param {Asked} asked
 * @param {readonly Strengths[]} strengths
 * @returns {Curve[]}
 */
function curvesOf({ curves, pipeline }, strengths) {
  const found = curves.flatMap((name) => strengths.find((path) => path.name === name) ?? []);
  const named = typeof pipeline === "string" ? `Pipeline “${pipeline}”` : PIPELINE.title;
  return [...(pipeline === null ? [] : [{ ...PIPELINE, title: named }]), ...found.map(curveOf)];
}

/** @param {Strengths} path @returns {Curve} */
function curveOf({ name, title, axis, unit, factor, none, strong, spaced }) {
  const told = (/** @type {number} */ value) => round(value * factor);
  return { name, title, axis, told, text: (value) => `${short(told(value))}${unit}`, none, strong, spaced };
}

/** What multiplying has left behind the last digit goes. @param {number} value */
const round = (value) => Number(value.toPrecision(4));

/** @param {number} value */
const short = (value) => String(value).replace("-", "−");

/**
 * @param {Curve} curve
 * @param {Point} point
 * @param {number} value
 * @returns {Row[]}
 */
function rowsOf(curve, point, value) {
  return point.models.map(({ model, right, accuracy }) => ({
    curve,
    point,
    value,
    model,
    right,
    accuracy,
    ...interval(right, point.pictures),
  }));
}
