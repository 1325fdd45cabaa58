/**
 * A pipeline as a tree that is never changed: every operation gives a new one and shares what stayed. What a step holds
 * besides its members is kept as it came, known or not.
 */

/**
 * @typedef {object} PipelineNode A step, a group, or the whole pipeline.
 * @property {number} id Stays with it through all edits.
 * @property {boolean} off Switched off: it is kept, but not part of the pipeline that runs.
 * @property {Record<string, unknown>} options What it says of itself in JSON, without its members.
 * @property {readonly PipelineNode[] | null} members Null for a step.
 * @property {unknown} [raw] What stood where a step belongs and is none, for the engine to refuse by name.
 */

/** @typedef {readonly number[]} Path From the whole pipeline to a node: its place among the members at each depth. */

/** How a switched-off step is marked where the whole tree is kept. */
const OFF = "disabled";
/** The field that holds members. */
const MEMBERS = "transforms";
/** Deeper than the engine takes, and shallow enough to be walked. */
const DEEPEST = 64;

let lastId = 0;

/**
 * A tree of what people and programs call a pipeline: a list of steps, or an object with the field `transforms`.
 *
 * @param {unknown} json
 * @returns {PipelineNode}
 */
export function fromJson(json) {
  const object = Array.isArray(json) ? { [MEMBERS]: json } : json;
  const root = nodeFrom(object);
  return { ...root, off: false, members: root.members ?? [] };
}

/**
 * A step or a group by itself.
 *
 * @param {unknown} json
 * @param {number} [depth]
 * @returns {PipelineNode}
 */
export function nodeFrom(json, depth = 0) {
  const id = ++lastId;
  if (json === null || typeof json !== "object" || Array.isArray(json) || depth > DEEPEST) {
    return { id, off: false, options: {}, members: null, raw: json };
  }
  const { [OFF]: off, ...options } = /** @type {Record<string, unknown>} */ (json);
  const list = options[MEMBERS];
  if (!Array.isArray(list)) return { id, off: off === true, options, members: null };
  delete options[MEMBERS];
  return { id, off: off === true, options, members: list.map((member) => nodeFrom(member, depth + 1)) };
}

/**
 * The pipeline that runs: without what is switched off, and without groups that are empty for that reason alone.
 *
 * @param {PipelineNode} root
 * @returns {{ transforms: object[] } & Record<string, unknown>}
 */
export function toPipeline(root) {
  return { ...root.options, [MEMBERS]: (root.members ?? []).flatMap(running) };
}

/**
 * Everything, what is switched off with its mark: to be kept, and read again by `fromJson`.
 *
 * @param {PipelineNode} node
 * @returns {unknown}
 */
export function toState(node) {
  if ("raw" in node) return node.raw;
  return {
    ...node.options,
    ...(node.off ? { [OFF]: true } : {}),
    ...(node.members ? { [MEMBERS]: node.members.map(toState) } : {}),
  };
}

/**
 * @param {PipelineNode} node
 * @returns {any[]}
 */
function running(node) {
  if (node.off) return [];
  if ("raw" in node) return [node.raw];
  if (!node.members) return [node.options];
  const members = node.members.flatMap(running);
  if (members.length === 0 && node.members.length > 0) return [];
  return [{ ...node.options, [MEMBERS]: members }];
}

/**
 * @param {PipelineNode} root
 * @param {Path} path
 * @returns {PipelineNode | undefined}
 */
export function nodeAt(root, path) {
  /** @type {PipelineNode | undefined} */
  let node = root;
  for (const at of path) node = node?.members?.[at];
  return node;
}

/**
 * @param {PipelineNode} root
 * @param {number} id
 * @returns {number[] | null} null when it is not there
 */
export function pathOf(root, id) {
  if (root.id === id) return [];
  for (const [at, member] of (root.members ?? []).entries()) {
    const rest = pathOf(member, id);
    if (rest) return [at, ...rest];
  }
  return null;
}

/**
 * Where a step that runs stands in the tree, switched-off ones counted.
 *
 * @param {PipelineNode} root
 * @param {Path} path its place in `toPipeline`
 * @returns {number[] | null}
 */
export function pathOfRunning(root, path) {
  /** @type {PipelineNode} */
  let node = root;
  /** @type {number[]} */
  const found = [];
  for (const place of path) {
    let left = place;
    const at = (node.members ?? []).findIndex((member) => running(member).length > 0 && left-- === 0);
    const next = node.members?.[at];
    if (!next) return null;
    found.push(at);
    node = next;
  }
  return found;
}

/**
 * @param {PipelineNode} root
 * @param {Path} path
 * @param {(node: PipelineNode) => PipelineNode} change
 * @returns {PipelineNode}
 */
export function update(root, path, change) {
  const [at, ...rest] = path;
  if (at === undefined) return change(root);
  const member = root.members?.[at];
  if (!root.members || !member) return root;
  const next = update(member, rest, change);
  return next === member ? root : { ...root, members: root.members.with(at, next) };
}

/**
 * @param {PipelineNode} root
 * @param {Path} path where it will stand; past the end of its group it becomes the last
 * @param {PipelineNode} node
 */
export function insert(root, path, node) {
  const at = path.at(-1) ?? 0;
  return update(root, path.slice(0, -1), (parent) =>
    parent.members ? { ...parent, members: parent.members.toSpliced(at, 0, node) } : parent,
  );
}

/**
 * @param {PipelineNode} root
 * @param {Path} path
 */
export function remove(root, path) {
  const at = path.at(-1);
  if (at === undefined) return root;
  return update(root, path.slice(0, -1), (parent) =>
    parent.members?.[at] ? { ...parent, members: parent.members.toSpliced(at, 1) } : parent,
  );
}

/**
 * @param {PipelineNode} root
 * @param {Path} from
 * @param {Path} to the place as it is before anything moves; a group does not go into itself
 */
export function move(root, from, to) {
  const node = nodeAt(root, from);
  const inside = from.every((at, depth) => to[depth] === at) && to.length > from.length;
  if (!node || from.length === 0 || to.length === 0 || inside) return root;
  const depth = from.length - 1;
  const target = [...to];
  // What is taken away before the target moves it up by one.
  const sameGroup = from.slice(0, depth).every((at, k) => to[k] === at) && to.length > depth;
  if (sameGroup && Number(to[depth]) > Number(from[depth])) target[depth] = Number(to[depth]) - 1;
  if (target.length === from.length && target.every((at, k) => at === from[k])) return root;
  return insert(remove(root, from), target, node);
}

/**
 * Where one step up or down leads, as `move` takes it: a group on the way is entered, and left at its ends.
 *
 * @param {PipelineNode} root
 * @param {Path} path
 * @param {1 | -1} by
 * @returns {number[] | null} null at either end of the pipeline
 */
export function neighbour(root, path, by) {
  const at = path.at(-1);
  if (at === undefined) return null;
  const parent = path.slice(0, -1);
  const next = nodeAt(root, [...parent, at + by]);
  if (next?.members) return [...parent, at + by, by > 0 ? 0 : next.members.length];
  if (next) return [...parent, by > 0 ? at + 2 : at - 1];
  const place = parent.at(-1);
  if (place === undefined) return null;
  return [...parent.slice(0, -1), by > 0 ? place + 1 : place];
}

/**
 * Puts a step or a group into a new group of its own.
 *
 * @param {PipelineNode} root
 * @param {Path} path
 * @param {Record<string, unknown>} options the group's
 */
export function wrap(root, path, options) {
  if (path.length === 0) return root;
  return update(root, path, (node) => ({ id: ++lastId, off: false, options: { ...options }, members: [node] }));
}

/**
 * Puts a group's members in its place.
 *
 * @param {PipelineNode} root
 * @param {Path} path
 */
export function unwrap(root, path) {
  const group = nodeAt(root, path);
  const at = path.at(-1);
  const members = group?.members;
  if (!members || at === undefined) return root;
  return update(root, path.slice(0, -1), (parent) =>
    parent.members ? { ...parent, members: parent.members.toSpliced(at, 1, ...members) } : parent,
  );
}

/**
 * Puts a copy of a step or a group behind it.
 *
 * @param {PipelineNode} root
 * @param {Path} path
 */
export function duplicate(root, path) {
  const node = nodeAt(root, path);
  const at = path.at(-1);
  if (!node || at === undefined) return root;
  return insert(root, [...path.slice(0, -1), at + 1], copyOf(node));
}

/**
 * @param {PipelineNode} node
 * @returns {PipelineNode}
 */
function copyOf(node) {
  const members = node.members && node.members.map(copyOf);
  return { ...node, id: ++lastId, options: structuredClone(node.options), members };
}

/**
 * How many steps there are, in groups too.
 *
 * @param {PipelineNode} node
 * @returns {number}
 */
export function countSteps(node) {
  return node.members ? node.members.reduce((sum, member) => sum + countSteps(member), 0) : 1;
}
