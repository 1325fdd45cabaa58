/** @typedef {import("./types.js").Mode} Mode */

/**
 * @typedef {object} ClassifyState What the address of the Classify view says.
 * @property {{ url?: string, sample?: string } | null} origin Where the picture comes from; null is the pad.
 * @property {string} model
 * @property {Mode} mode
 */

/** @type {readonly Mode[]} */
const MODES = ["auto", "digit", "number"];
const MODEL = "default";

/** @param {ClassifyState} state What goes without saying is left out. */
export function toQuery({ origin, model, mode }) {
  const query = new URLSearchParams();
  if (origin?.url) query.set("url", origin.url);
  if (origin?.sample) query.set("sample", origin.sample);
  if (model !== MODEL) query.set("model", model);
  if (mode !== "auto") query.set("mode", mode);
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: ClassifyState, wrong: string[] }} `wrong` has a sentence for each part that cannot be read.
 */
export function fromQuery(query) {
  const given = new URLSearchParams(query);
  const url = given.get("url");
  const sample = given.get("sample");
  const named = given.get("mode") ?? "auto";
  const mode = MODES.find((each) => each === named);
  const wrong = mode ? [] : [`The address has mode=${named.slice(0, 60)}; allowed: ${MODES.join(", ")}.`];
  return {
    state: { origin: url ? { url } : sample ? { sample } : null, model: given.get("model") || MODEL, mode: mode ?? "auto" },
    wrong,
  };
}
