/** The 97.5th percentile of the normal distribution. */
const Z = 1.959964;

/**
 * Between which shares the true one lies in 95 of 100 cases (Wilson's interval).
 *
 * @param {number} right
 * @param {number} count
 * @returns {{ low: number, high: number }}
 */
export function interval(right, count) {
  if (count === 0) return { low: 0, high: 1 };
  const share = right / count;
  const spread = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  const middle = share + Z ** 2 / (2 * count);
  const scale = 1 + Z ** 2 / count;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}
