/** @typedef {import("../lab/digitlab.js").TransformInfo & { title?: string }} Findable */

/**
 * The transforms that every word of a search fits, the best ones first; all of them, as they came, when nothing is searched.
 *
 * @param {readonly Findable[]} all
 * @param {string} query
 */
export function search(all, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...all];
  return all
    .map((info) => ({ info, score: Math.min(...words.map((word) => fit(info, word))) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ info }) => info);
}

/**
 * How well a word fits, 0 for not at all.
 *
 * @param {Findable} info
 * @param {string} word
 */
function fit({ name, title = "", family, help, fields }, word) {
  const plain = name.toLowerCase();
  if (plain === word) return 7;
  if (plain.startsWith(word) || title.toLowerCase().startsWith(word)) return 6;
  // The words of a name begin with capitals: MotionBlur.
  if (name.split(/(?=[A-Z][a-z])/).some((part) => part.toLowerCase().startsWith(word))) return 5;
  if (family.startsWith(word)) return 4;
  if (plain.includes(word)) return 3;
  if (help.toLowerCase().includes(word)) return 2;
  return fields.some(({ label }) => label.toLowerCase().includes(word)) ? 1 : 0;
}
