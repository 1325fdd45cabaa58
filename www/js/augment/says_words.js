import { percent } from "../ui/percent.js";

/** @typedef {import("./model_says.js").Said} Said */

/**
 * What a model makes of a variant, beside what it makes of the original.
 *
 * @param {Said} said
 * @param {Said} original
 * @returns {{ text: string, changed: boolean }}
 */
export function saysInWords(said, original) {
  const changed = said.text !== original.text;
  if (!said.text) return { text: changed ? `no ink, not ${original.text}` : "no ink", changed };
  const instead = changed ? `, not ${original.text || "without ink"}` : "";
  return { text: `${said.text}${instead}, ${percent(said.probability)}`, changed };
}
