/** @typedef {import("../lab/digitlab.js").Pipeline} Pipeline */

/**
 * @typedef {object} AugmentState What the address of the Augment view says; null where it says nothing.
 * @property {{ url?: string, sample?: string } | null} origin Where the picture comes from.
 * @property {"each" | "mine" | null} mode
 * @property {string | null} seed
 * @property {number | null} count
 * @property {Pipeline | null} pipeline
 */

const MODES = /** @type {const} */ (["each", "mine"]);
/** As the field for it has them. */
const COUNTS = { least: 12, most: 200 };

/** @param {AugmentState} state */
export function toQuery({ origin, mode, seed, count, pipeline }) {
  const query = new URLSearchParams();
  if (origin?.url) query.set("url", origin.url);
  if (origin?.sample) query.set("sample", origin.sample);
  if (mode) query.set("mode", mode);
  if (seed) query.set("seed", seed);
  if (count) query.set("count", String(count));
  if (pipeline) query.set("pipeline", typeof pipeline === "string" ? pipeline : JSON.stringify(pipeline));
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: AugmentState, wrong: string[] }} `wrong` has a sentence for each part that cannot be read.
 */
export function fromQuery(query) {
  const given = new URLSearchParams(query);
  /** @type {string[]} */
  const wrong = [];
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | null} read
   * @param {string} allowed
   */
  const part = (name, read, allowed) => {
    const text = given.get(name);
    if (text === null || text === "") return null;
    const value = read(text);
    if (value === null) wrong.push(`The address has ${name}=${shortened(text)}; allowed: ${allowed}.`);
    return value;
  };
  const url = given.get("url");
  const sample = given.get("sample");
  return {
    state: {
      origin: url ? { url } : sample ? { sample } : null,
      mode: part("mode", (text) => MODES.find((mode) => mode === text) ?? null, MODES.join(", ")),
      seed: part("seed", seedOf, "whole numbers from 0 to 18446744073709551615"),
      count: part("count", countOf, `whole numbers from ${COUNTS.least} to ${COUNTS.most}`),
      pipeline: part("pipeline", pipelineOf, "a preset's name, or a pipeline as JSON"),
    },
    wrong,
  };
}

/** @param {string} text */
const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** @param {string} text */
const seedOf = (text) => (/^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n ? text : null);

/** @param {string} text */
function countOf(text) {
  const count = Number(text);
  return /^\d+$/.test(text) && count >= COUNTS.least && count <= COUNTS.most ? count : null;
}

/**
 * @param {string} text
 * @returns {Pipeline | null}
 */
function pipelineOf(text) {
  if (/^[a-z_]+$/.test(text)) return text;
  try {
    const pipeline = JSON.parse(text);
    return pipeline && typeof pipeline === "object" ? pipeline : null;
  } catch {
    return null;
  }
}
