import { DigitlabError } from "../lab/errors.js";
import { toNumber, toValues } from "../generate/look_fields.js";

/** @typedef {import("./types.js").RecipeState} RecipeState */
/** @typedef {import("./types.js").NumbersFile} NumbersFile */
/** @typedef {import("./types.js").DatasetNumbers} DatasetNumbers */
/** @typedef {import("./types.js").Recipe} Recipe */

/** The fields that say how the pictures look, which a recipe has as a request has them. */
export const LOOK = ["spacing_min", "spacing_max", "image_width", "fit", "split", "ink", "margin", "tight", "augment", "pipeline"];
export const SUBSETS = /** @type {const} */ (["train", "validation", "test"]);
/** Kinds of numbers that have an order. */
const ORDERED = ["list", "range", "file"];
/** Formats that can have boxes of their own. */
export const BOXED = ["png-zip", "png-folder"];

/**
 * The fields' texts as a recipe; what is wrong in them is for the engine to refuse by name.
 *
 * @param {RecipeState} state
 * @param {string} width of the pictures: as set, or the automatic one
 * @param {NumbersFile | null} file
 * @returns {Recipe}
 */
export function toRecipe(state, width, file) {
  const look = Object.fromEntries(LOOK.map((name) => [name, state[name] ?? ""]));
  const { name = "", count = "", kind = "", order, seed, format = "", boxes, items_per_file = "" } = state;
  /** @type {Record<string, unknown>} */
  const recipe = {
    name,
    count: toNumber(count),
    numbers: toNumbers(state, file),
    ...(ORDERED.includes(kind) ? { order } : {}),
    ...toValues({ ...look, image_width: width }),
    seed,
    subsets: Object.fromEntries(SUBSETS.map((subset) => [subset, toNumber(state[subset] ?? "")])),
    format,
    ...(BOXED.includes(format) ? { boxes } : {}),
    ...(items_per_file.trim() === "" ? {} : { items_per_file: toNumber(items_per_file) }),
  };
  return /** @type {Recipe} */ (recipe);
}

/**
 * @param {RecipeState} state
 * @param {NumbersFile | null} file
 * @returns {DatasetNumbers}
 */
function toNumbers(state, file) {
  const { kind, list = "", from = "", to = "", pad = "", pattern = "", phone = "" } = state;
  /** @type {unknown} */
  let numbers;
  if (kind === "list") numbers = { list: numbersIn(list) };
  else if (kind === "range") numbers = { range: [toNumber(from), toNumber(to)], ...(pad.trim() === "" ? {} : { digits: toNumber(pad) }) };
  else if (kind === "pattern") numbers = { pattern: pattern.trim() };
  else if (kind === "phone") numbers = { phone };
  else if (kind === "file") numbers = { file: fileOf(file) };
  else numbers = { random: lengthsOf(state) };
  return /** @type {DatasetNumbers} */ (numbers);
}

/** @param {string} text */
export function numbersIn(text) {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** @param {NumbersFile | null} file */
function fileOf(file) {
  if (!file) throw refusal("file", "No file of numbers is chosen; choose a text file with a number on each line.", "missing_parameter");
  if (!file.text) throw refusal("file", `The numbers come from the file “${file.name}”, which this page does not have; choose it again.`);
  const { name, sha256, lines } = file;
  return { name, ...(sha256 ? { sha256, ...(lines ? { lines } : {}) } : {}) };
}

/** @param {RecipeState} state */
function lengthsOf({ lengths, length = "", shortest = "", longest = "", weights = "" }) {
  if (lengths === "between") return [toNumber(shortest), toNumber(longest)];
  if (lengths !== "weighted") return toNumber(length);
  const parts = weights.split(/[,;\n]/).filter((part) => part.trim() !== "");
  const pairs = parts.map((part) => /^\s*(\d+)\s*[:=]\s*(\d+)\s*$/.exec(part));
  if (parts.length === 0 || pairs.includes(null)) {
    throw refusal("weights", `The weights are ${weights.trim() || "empty"}; allowed: lengths with their weights, such as 4: 1, 6: 3.`);
  }
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
}

/**
 * @param {string} field
 * @param {string} message
 * @param {string} [code]
 */
const refusal = (field, message, code = "invalid_parameter") => new DigitlabError(code, message, { field });

/**
 * How many digits the longest number has, as far as the fields tell.
 *
 * @param {RecipeState} state
 * @param {NumbersFile | null} file
 * @param {string[]} patterns of the chosen phone numbers
 */
export function longestOf(state, file, patterns) {
  const { kind, list = "", to = "", pad = "", lengths, length, longest, weights = "" } = state;
  if (kind === "list") return numbersIn(list).reduce((most, number) => Math.max(most, number.length), 1);
  if (kind === "range") return Math.max(to.trim().length, Number(pad) || 1);
  if (kind === "pattern") return positions(state.pattern ?? "");
  if (kind === "phone") return Math.max(1, ...patterns.map(positions));
  if (kind === "file") return file?.longest ?? 6;
  if (lengths === "between") return Number(longest) || 1;
  if (lengths === "weighted") return Math.max(1, ...[...weights.matchAll(/(\d+)\s*[:=]/g)].map(([, digits]) => Number(digits)));
  return Number(length) || 1;
}

/** @param {string} pattern */
const positions = (pattern) => Math.max(1, pattern.trim().replace(/\[[^\]]*\]/g, "#").length);

/**
 * A recipe as the texts of the fields; what it leaves out is left out.
 *
 * @param {Record<string, unknown>} given a recipe, or the recipe.json of a data set
 * @returns {{ state: RecipeState, file: NumbersFile | null }}
 */
export function toState(given) {
  const recipe = record(given.recipe) ?? given;
  /** @type {RecipeState} */
  const state = {};
  for (const name of ["name", "count", "order", "seed", "format", "boxes", "items_per_file", ...LOOK]) {
    const value = recipe[name];
    if (value !== undefined && value !== null) state[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  const subsets = record(recipe.subsets) ?? { train: 1 };
  for (const subset of SUBSETS) state[subset] = String(subsets[subset] ?? 0);
  const numbers = record(recipe.numbers) ?? {};
  Object.assign(state, numbersState(numbers));
  const file = record(numbers.file);
  if (!file) return { state, file: null };
  const { name, sha256, lines } = file;
  return {
    state,
    file: {
      name: String(name ?? "numbers.txt"),
      ...(typeof sha256 === "string" ? { sha256 } : {}),
      ...(typeof lines === "number" ? { lines } : {}),
    },
  };
}

/**
 * @param {Record<string, unknown>} numbers
 * @returns {RecipeState}
 */
function numbersState({ list, range, digits, random, pattern, phone, file }) {
  if (Array.isArray(list)) return { kind: "list", list: list.map(String).join("\n") };
  if (Array.isArray(range)) {
    return { kind: "range", from: String(range[0]), to: String(range[1]), pad: digits === undefined || digits === null ? "" : String(digits) };
  }
  if (pattern !== undefined) return { kind: "pattern", pattern: String(pattern) };
  if (phone !== undefined) return { kind: "phone", phone: String(phone) };
  if (file !== undefined) return { kind: "file" };
  if (Array.isArray(random)) return { kind: "random", lengths: "between", shortest: String(random[0]), longest: String(random[1]) };
  const weights = record(random);
  if (weights) {
    const text = Object.entries(weights).map(([length, weight]) => `${length}: ${weight}`);
    return { kind: "random", lengths: "weighted", weights: text.join(", ") };
  }
  return { kind: "random", lengths: "one", length: String(random ?? "") };
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown> | null}
 */
const record = (value) => (value && typeof value === "object" && !Array.isArray(value) ? /** @type {Record<string, unknown>} */ (value) : null);
