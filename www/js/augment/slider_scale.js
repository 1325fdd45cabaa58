/**
 * @typedef {object} NumberField What a control needs to know about a field of numbers.
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [step]
 * @property {boolean} [whole]
 * @property {unknown} [default]
 * @property {string} [unit]
 */

/** A slider with more steps than this is too fine for a hand. */
const FINE = 100;
/** How far a slider reaches when the engine allows more, by unit. @type {Record<string, number>} */
const REACH = { degrees: 180, pixels: 256, px: 25, "of the size": 1, levels: 255 };

/**
 * Where a slider begins and ends, and on which numbers it stops. Engines allow much that nobody wants to slide to: the
 * slider covers what is usual, the box beside it takes the rest.
 */
export class SliderScale {
  #step;
  #anchor;
  #places;
  #limits;

  /** @param {NumberField} field */
  constructor({ min = 0, max = 1, step = 1, default: usual, unit = "" }) {
    this.#step = step;
    this.#limits = { min, max };
    // Odd sizes begin at an odd number; all else stops at multiples of the step.
    this.#anchor = step === 2 ? min : 0;
    this.#places = decimals(step);
    const reach = (max - min) / step <= FINE ? Infinity : (REACH[unit] ?? reachOf(usual, step));
    this.min = this.#onStep(Math.max(min, min < 0 ? -reach : min), Math.floor);
    this.max = this.#onStep(Math.min(max, min < 0 ? reach : min + reach), Math.ceil);
  }

  get step() {
    return this.#step;
  }

  /** The numbers that the box takes. */
  get limits() {
    return this.#limits;
  }

  /**
   * The number at a place of the slider.
   *
   * @param {number} place
   */
  at(place) {
    return this.clamp(this.#onStep(place, Math.round));
  }

  /** @param {number} value */
  clamp(value) {
    return Math.min(this.#limits.max, Math.max(this.#limits.min, value));
  }

  /**
   * Makes the slider reach these numbers, should they lie beyond its ends.
   *
   * @param {number[]} values
   */
  include(...values) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      const within = this.clamp(value);
      this.min = Math.min(this.min, this.#onStep(within, Math.floor));
      this.max = Math.max(this.max, this.#onStep(within, Math.ceil));
    }
  }

  /**
   * @param {number} value
   * @param {(value: number) => number} round
   */
  #onStep(value, round) {
    // A trace of the division must not count as a step of its own.
    const steps = round(Number(((value - this.#anchor) / this.#step).toFixed(6)));
    return Number((this.#anchor + steps * this.#step).toFixed(this.#places));
  }
}

/**
 * @param {unknown} usual
 * @param {number} step
 */
function reachOf(usual, step) {
  const numbers = [usual].flat().filter((number) => typeof number === "number");
  return Math.max(step * 60, ...numbers.map((number) => 4 * Math.abs(number)));
}

/** @param {number} step */
function decimals(step) {
  return String(step).split(".")[1]?.length ?? 0;
}

/**
 * The number that a text means; what is none stays a text, for the engine to refuse by name.
 *
 * @param {string} text
 * @returns {number | string}
 */
export function readNumber(text) {
  const tidy = text.trim().replace("\u2212", "-");
  const value = Number(tidy);
  return tidy !== "" && Number.isFinite(value) ? value : text;
}

/**
 * A value as text in a box.
 *
 * @param {unknown} value
 */
export function writeNumber(value) {
  if (typeof value === "number") return String(Number(value.toFixed(6)));
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}
