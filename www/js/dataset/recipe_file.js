import { reasonOf } from "../lab/errors.js";

/**
 * What a file of a recipe says, as data; it throws a sentence where it is none.
 *
 * @param {File} file
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readRecipe(file) {
  /** @type {unknown} */
  let given;
  try {
    given = JSON.parse(await file.text());
  } catch (error) {
    throw new Error(`The file ${file.name} is no recipe: it is no JSON (${reasonOf(error)}).`, { cause: error });
  }
  if (isRecord(given) && (isRecord(given.numbers) || isRecord(given.recipe))) return given;
  throw new Error(`The file ${file.name} is no recipe: it does not say which numbers. Open a recipe.json that came with a data set.`);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
