/** How charts lay out their axes: pure arithmetic. */

/**
 * A linear way from values to places.
 *
 * @param {readonly [number, number]} values
 * @param {readonly [number, number]} places
 */
export function linear([from, to], [start, end]) {
  const span = to - from || 1;
  return (/** @type {number} */ value) => start + ((value - from) / span) * (end - start);
}

/** What round numbers begin with. */
const ROUND = [1, 2, 2.5, 5];

/**
 * Round values within a range, as many as can be up to a number.
 *
 * @param {number} from
 * @param {number} to may lie below `from`
 * @param {number} most
 */
export function ticks(from, to, most) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  for (let times = 1; ; times *= 10) {
    for (const round of ROUND) {
      const step = round * times * power;
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      if (last - first + 1 > most) continue;
      return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(6)));
    }
  }
}

/**
 * A way on which equal factors are equal distances.
 *
 * @param {readonly [number, number]} values above 0
 * @param {readonly [number, number]} places
 */
export function logarithmic([from, to], places) {
  const way = linear([Math.log(from), Math.log(to)], places);
  return (/** @type {number} */ value) => way(Math.log(value));
}

/**
 * 1, 2, 5, 10 and so on within a range above 0.
 *
 * @param {number} from
 * @param {number} to may lie below `from`
 */
export function factorTicks(from, to) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    for (const times of [1, 2, 5]) {
      const value = Number((times * power).toPrecision(6));
      if (value >= low * 0.999 && value <= high * 1.001) found.push(value);
    }
  }
  return found;
}

/**
 * Heights that keep a distance, as near as can be to where they belong and within limits.
 *
 * @param {readonly number[]} wanted
 * @param {number} apart
 * @param {readonly [number, number]} limits
 */
export function spread(wanted, apart, [least, most]) {
  const order = wanted.map((height, at) => ({ height, at })).sort((a, b) => a.height - b.height);
  order.forEach((each, k) => {
    const above = order[k - 1];
    if (above) each.height = Math.max(each.height, above.height + apart);
  });
  const over = Math.max(0, (order.at(-1)?.height ?? 0) - most);
  for (const each of order) each.height = Math.max(least, each.height - over);
  const heights = [...wanted];
  for (const { height, at } of order) heights[at] = height;
  return heights;
}
