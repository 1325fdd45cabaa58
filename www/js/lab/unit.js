/**
 * Grey levels as numbers 0 to 1, where they are asked for: sent from the workers they would be four times as much.
 *
 * @typedef {import("./engine_module.js").Engine} Engine
 * @typedef {(start: number, end: number) => Float32Array<ArrayBuffer>} Unit Makes numbers of a part of some levels.
 */

/**
 * Numbers in memory of their own, all of some levels at once: one large piece costs less than many small ones.
 * @param {Engine} engine
 * @returns {(levels: Uint8Array) => Unit}
 */
export const fresh = (engine) => (levels) => {
  /** @type {Float32Array<ArrayBuffer> | undefined} */
  let numbers;
  return (start, end) => {
    if (!numbers) {
      numbers = new Float32Array(levels.length);
      engine.toUnit(levels, numbers);
    }
    return numbers.subarray(start, end);
  };
};

/**
 * Numbers in one memory, which the next part uses again: a small one, that stays in the processor's cache.
 * @param {Engine} engine
 * @returns {(levels: Uint8Array) => Unit}
 */
export function reused(engine) {
  let numbers = new Float32Array(0);
  return (levels) => (start, end) => {
    if (numbers.length !== end - start) numbers = new Float32Array(end - start);
    engine.toUnit(levels.subarray(start, end), numbers);
    return numbers;
  };
}
