import { DigitlabError } from "./errors.js";

/** @typedef {import("./record_entry.js").RecordFacts} RecordFacts */

/**
 * @typedef {object} RecordFilter Which records are meant: those to which all of it applies. What is empty or left out applies to all.
 * @property {string} [text] Is in the name, the result, the model or the place, in capitals or not.
 * @property {string} [result] Exactly.
 * @property {string} [model] Exactly.
 * @property {string} [from] Exactly.
 * @property {"digit" | "number" | ""} [kind]
 * @property {string | number | Date} [since] The earliest time.
 * @property {string | number | Date} [until] The time before which they are.
 * @property {number} [belowProbability] Less certain than this, from 0 to 1.
 */

/** @typedef {{ name: string, range: IDBKeyRange }} IndexRange */

/** What has an index. */
export const INDEXED = ["time", "result", "model", "from", "kind", "probability"];

/**
 * A filter that was checked, and says of records whether they are meant.
 */
export class CheckedFilter {
  #text;
  #exact;
  #since;
  #until;
  #below;

  /** @param {RecordFilter} [filter] */
  constructor({ text = "", result = "", model = "", from = "", kind = "", since, until, belowProbability } = {}) {
    if (!["", "digit", "number"].includes(kind)) throw wrong("kind", kind, "digit, number, nothing");
    if (belowProbability !== undefined && !(belowProbability >= 0 && belowProbability <= 1)) {
      throw wrong("belowProbability", belowProbability, "numbers from 0 to 1");
    }
    this.#text = String(text).trim().toLowerCase();
    this.#exact = Object.entries({ result, model, from, kind }).filter(([, value]) => value !== "");
    this.#since = moment("since", since);
    this.#until = moment("until", until);
    this.#below = belowProbability;
  }

  /** The same text for the same filter. */
  get key() {
    return JSON.stringify([this.#text, this.#exact, this.#since, this.#until, this.#below]);
  }

  /** Whether all records are meant. */
  get isEmpty() {
    return this.#text === "" && this.ranges.length === 0;
  }

  /** Whether rows must be looked at: the indexes alone do not tell. */
  get needsRows() {
    return this.#text !== "";
  }

  /** What the indexes can tell. @returns {IndexRange[]} */
  get ranges() {
    const ranges = this.#exact.map(([name, value]) => ({ name, range: IDBKeyRange.only(value) }));
    if (this.#since !== undefined) ranges.push({ name: "time", range: IDBKeyRange.lowerBound(this.#since) });
    if (this.#until !== undefined) ranges.push({ name: "time", range: IDBKeyRange.upperBound(this.#until, true) });
    if (this.#below !== undefined) ranges.push({ name: "probability", range: IDBKeyRange.upperBound(this.#below, true) });
    return ranges;
  }

  /** @param {RecordFacts} record */
  matches(record) {
    const { time, probability, name, result, model, from } = record;
    if (this.#exact.some(([field, value]) => record[/** @type {"result"} */ (field)] !== value)) return false;
    if (this.#since !== undefined && time < this.#since) return false;
    if (this.#until !== undefined && time >= this.#until) return false;
    if (this.#below !== undefined && !(probability !== null && probability < this.#below)) return false;
    return this.#text === "" || [name, result, model, from].some((text) => text.toLowerCase().includes(this.#text));
  }
}

/**
 * @param {string} field
 * @param {string | number | Date | undefined} value
 */
function moment(field, value) {
  if (value === undefined || value === "") return undefined;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw wrong(field, value, "dates, milliseconds, times as ISO 8601");
  return date.toISOString();
}

/**
 * @param {string} field
 * @param {unknown} value
 * @param {string} allowed
 */
function wrong(field, value, allowed) {
  const message = `The filter's ${field} is ${String(value)}; allowed: ${allowed}.`;
  return new DigitlabError("invalid_parameter", message, { field, value: String(value), allowed });
}
