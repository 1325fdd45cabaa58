/** Locks of work that a reload would end: what begins so, and imports of logs. */
const OURS = "digitlab-busy-";
const IMPORTS = "digitlab-frames-import-";

/**
 * Says, in all tabs, that something is under way that a reload would end. Where the browser has no locks nobody hears it.
 *
 * @param {string} what as people call it: "an export"
 * @returns {() => void} says that it is over
 */
export function busy(what) {
  /** @type {() => void} */
  let over = () => {};
  const until = new Promise((resolve) => (over = () => resolve(undefined)));
  const name = `${OURS}${what}-${crypto.randomUUID?.() ?? Math.random()}`;
  navigator.locks?.request(name, () => until).catch(() => {});
  return over;
}

/**
 * What is under way in any tab that a reload would end, each kind once.
 *
 * @returns {Promise<string[]>}
 */
export async function underWay() {
  const { held = [] } = (await navigator.locks?.query?.().catch(() => null)) ?? {};
  const found = held.flatMap(({ name = "" }) => {
    if (name.startsWith(IMPORTS)) return ["an import"];
    return name.startsWith(OURS) ? [name.slice(OURS.length).replace(/-[^ ]*$/, "")] : [];
  });
  return [...new Set(found)];
}

/**
 * The beginning of a sentence: "An export and a training are under way".
 *
 * @param {string[]} found at least one
 */
export function underWayWords(found) {
  const what = found.join(" and ");
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} ${found.length === 1 ? "is" : "are"} under way`;
}
