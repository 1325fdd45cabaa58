/**
 * Results of `count` pieces of work in their order, with at most `ahead` of them
 * under way or waiting to be taken.
 * @template T
 * @param {number} count
 * @param {number} ahead
 * @param {(k: number) => Promise<T>} work
 * @returns {AsyncGenerator<T, void, void>}
 */
export async function* inOrder(count, ahead, work) {
  /** @type {Promise<T>[]} */
  const queue = [];
  let next = 0;
  while (next < count || queue.length > 0) {
    while (next < count && queue.length < ahead) {
      const piece = work(next++);
      // Its failure is met when its turn comes, or never if an earlier one failed.
      piece.catch(() => {});
      queue.push(piece);
    }
    yield await /** @type {Promise<T>} */ (queue.shift());
  }
}
