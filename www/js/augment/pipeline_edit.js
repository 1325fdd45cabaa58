/** @typedef {import("../lab/digitlab.js").AppliedStep} AppliedStep */
/** @typedef {import("../lab/digitlab.js").Pipeline} Pipeline */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {Record<string, unknown> & { transforms?: Node[] }} Node */

/**
 * A pipeline whose steps can be told by the paths of a record, as a copy to be edited.
 *
 * @param {Pipeline} pipeline
 * @param {AppliedStep[]} record what it did
 * @returns {{ transforms: Node[] } & Record<string, unknown>}
 */
export function editable(pipeline, record) {
  if (Array.isArray(pipeline)) return { transforms: structuredClone(/** @type {Node[]} */ (pipeline)) };
  if (typeof pipeline === "object" && Array.isArray(/** @type {Node} */ (pipeline).transforms)) {
    return structuredClone(/** @type {{ transforms: Node[] } & Record<string, unknown>} */ (pipeline));
  }
  // A preset is known by name only: the steps that ran stand for it.
  return { transforms: record.map(({ transform, options }) => ({ transform, p: 1, ...options })) };
}

/**
 * The step that ran, as the pipeline has it.
 *
 * @param {{ transforms: Node[] }} pipeline
 * @param {number[]} path
 * @returns {Step | null}
 */
export function stepAt(pipeline, path) {
  const owner = ownerOf(pipeline, path);
  const step = owner?.[path.at(-1) ?? -1];
  return step && typeof step.transform === "string" ? /** @type {Step} */ (/** @type {unknown} */ (step)) : null;
}

/**
 * @param {{ transforms: Node[] }} pipeline
 * @param {number[]} path
 * @param {Step} step
 */
export function putStep(pipeline, path, step) {
  const owner = ownerOf(pipeline, path);
  const last = path.at(-1);
  if (owner && last !== undefined) owner[last] = /** @type {Node} */ (/** @type {unknown} */ (step));
}

/**
 * @param {{ transforms: Node[] }} pipeline
 * @param {number[]} path
 */
function ownerOf(pipeline, path) {
  /** @type {Node[] | undefined} */
  let list = pipeline.transforms;
  for (const at of path.slice(0, -1)) list = list?.[at]?.transforms;
  return list;
}
