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
export const fresh = (engine) => (levels) => reused(engine)(levels);

/**
 * Numbers in one memory, which the next levels use again.
 * @param {Engine} engine
 * @returns {(levels: Uint8Array) => Unit}
 */
export function reused(engine) {
  let numbers = new Float32Array(0);
  return (levels) => {
    let made = false;
    return (start, end) => {
      if (!made) {
        if (numbers.length < levels.length) numbers = new Float32Array(levels.length);
        engine.toUnit(levels, numbers);
        made = true;
      }
      return numbers.subarray(start, end);
    };
  };
}
