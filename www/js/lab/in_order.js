/**
 * Results of `count` pieces of work in their order, with at most `ahead` of them
 * under way or waiting to be taken.
 * @template T
 * @param {number} count
 * @param {number} ahead
 * @param {(k: number) => Promise<T>} work
 * @returns {AsyncGenerator<T, void, void>}
 */
export function inOrder(count, ahead, work) {
  return eachInOrder(below(count), ahead, work);
}

/**
 * Results of work on each item in their order. An item is asked for when there is room
 * for its work, so a list may be made while it is worked on.
 * @template I, T
 * @param {Iterable<I>} items
 * @param {number} ahead The most that are under way or waiting to be taken.
 * @param {(item: I) => Promise<T>} work
 * @returns {AsyncGenerator<T, void, void>}
 */
export async function* eachInOrder(items, ahead, work) {
  const source = items[Symbol.iterator]();
  /** @type {Promise<T>[]} */
  const queue = [];
  try {
    for (let more = true; more || queue.length > 0; ) {
      while (more && queue.length < ahead) {
        const next = source.next();
        more = !next.done;
        if (next.done) break;
        const piece = work(next.value);
        // Its failure is met when its turn comes, or never if an earlier one failed.
        piece.catch(() => {});
        queue.push(piece);
      }
      const first = queue.shift();
      if (first) yield await first;
    }
  } finally {
    source.return?.();
  }
}

/** @param {number} count */
function* below(count) {
  for (let k = 0; k < count; k++) yield k;
}
