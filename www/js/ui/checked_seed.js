import { SEEDS, seedOf } from "./address_parts.js";
import { shortened } from "./format.js";

/**
 * The seed of a field, or null while it is not one, which is said beside it.
 *
 * @param {import("./seed_field.js").SeedField} field
 */
export function checkedSeed(field) {
  const text = field.text.trim();
  const seed = seedOf(text);
  field.error = seed === null ? `The seed is “${shortened(text)}”; allowed: ${SEEDS}.` : "";
  return seed;
}
