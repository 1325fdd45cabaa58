/**
 * A probability as a person reads it: never 100 % of what is only nearly sure, never 0 % of what is possible.
 *
 * @param {number} probability
 */
export function percent(probability) {
  if (probability >= 1) return "100 %";
  if (probability > 0.9995) return "> 99.9 %";
  if (probability > 0 && probability < 0.0005) return "< 0.1 %";
  return `${(100 * probability).toFixed(1)} %`;
}
