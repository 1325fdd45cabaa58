/** @typedef {import("./types.js").RecipeState} RecipeState */

/** Longer lists of numbers are left out: some programs cut addresses. */
const LONGEST = 1_500;
/** The fields that belong to one kind of numbers only. @type {Record<string, string[]>} */
const OF_KIND = {
  random: ["lengths", "length", "shortest", "longest", "weights"],
  list: ["list", "order"],
  range: ["from", "to", "pad", "order"],
  phone: ["phone"],
  pattern: ["pattern"],
  file: ["order"],
};

/**
 * The recipe as the query of an address: the kind of numbers and the seed always, the rest where it differs from a fresh page.
 *
 * @param {RecipeState} state
 * @param {RecipeState} initial
 * @param {{ file?: string, longest?: number }} [options] the name of the file of numbers; how long a text may be to be taken in
 * @returns {{ query: string, whole: boolean }} whether all of the recipe is in it
 */
export function toQuery(state, initial, { file, longest = LONGEST } = {}) {
  const { kind = "random", seed = "" } = state;
  const query = new URLSearchParams({ kind });
  const others = Object.entries(OF_KIND).flatMap(([name, fields]) => (name === kind ? [] : fields));
  const own = OF_KIND[kind] ?? [];
  let whole = kind !== "file";
  for (const [name, text] of Object.entries(state)) {
    if (name === "kind" || name === "seed" || text === initial[name]) continue;
    if (others.includes(name) && !own.includes(name)) continue;
    if (text.length > longest) whole = false;
    else query.set(name, text);
  }
  if (kind === "file" && file) query.set("file", file);
  query.set("seed", seed);
  return { query: query.toString(), whole };
}

/**
 * @param {string} query of this place, or of the Generate place: its number becomes a list of one
 * @returns {RecipeState}
 */
export function fromQuery(query) {
  const given = new URLSearchParams(query);
  const number = given.get("number");
  // Which variant was shown, and which digits are in use, a recipe does not say.
  for (const name of ["number", "index", "bucket", "own"]) given.delete(name);
  const state = Object.fromEntries(given);
  return number === null ? state : { ...state, kind: "list", list: number };
}
