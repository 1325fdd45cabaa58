import { PIPELINES, SEEDS, countWithin, pipelineOf, readParts, seedOf } from "../ui/address_parts.js";

/** @typedef {import("../lab/digitlab.js").Pipeline} Pipeline */

/**
 * @typedef {object} AugmentState What the address of the Augment view says; null where it says nothing.
 * @property {{ url?: string, sample?: string } | null} origin Where the picture comes from.
 * @property {"each" | "mine" | null} mode
 * @property {string | null} seed
 * @property {number | null} count
 * @property {Pipeline | null} pipeline
 * @property {string | null} says The model whose answers are shown.
 */

const MODES = /** @type {const} */ (["each", "mine"]);
/** As the field for it has them. */
const COUNTS = { least: 12, most: 200 };

/** @param {AugmentState} state */
export function toQuery({ origin, mode, seed, count, pipeline, says }) {
  const query = new URLSearchParams();
  if (origin?.url) query.set("url", origin.url);
  if (origin?.sample) query.set("sample", origin.sample);
  if (mode) query.set("mode", mode);
  if (seed) query.set("seed", seed);
  if (count) query.set("count", String(count));
  if (pipeline) query.set("pipeline", typeof pipeline === "string" ? pipeline : JSON.stringify(pipeline));
  if (says) query.set("says", says);
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: AugmentState, wrong: string[] }} `wrong` has a sentence for each part that cannot be read.
 */
export function fromQuery(query) {
  const { given, wrong, part } = readParts(query);
  const url = given.get("url");
  const sample = given.get("sample");
  return {
    state: {
      origin: url ? { url } : sample ? { sample } : null,
      mode: part("mode", (text) => MODES.find((mode) => mode === text) ?? null, MODES.join(", ")),
      seed: part("seed", seedOf, SEEDS),
      count: part("count", (text) => countWithin(text, COUNTS), `whole numbers from ${COUNTS.least} to ${COUNTS.most}`),
      pipeline: part("pipeline", pipelineOf, PIPELINES),
      says: given.get("says") || null,
    },
    wrong,
  };
}
