const DIGITS = 9;
/** @type {Map<number, Intl.NumberFormat>} */
const formats = new Map();

/**
 * A depth as people wrote it: the shortest decimal that is the same 32-bit number.
 *
 * @param {number} depth
 */
export function depthText(depth) {
  const exact = Math.fround(depth);
  for (let digits = 1; digits < DIGITS; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return String(short);
  }
  return String(Number(exact.toPrecision(DIGITS)));
}

/**
 * A depth for reading, with its thousands apart.
 *
 * @param {number} depth
 */
export function depthWords(depth) {
  const text = depthText(depth);
  if (/e/.test(text)) return text;
  return grouped(Number(text), text.split(".")[1]?.length ?? 0);
}

/**
 * @param {number} value
 * @param {number} decimals
 */
export function grouped(value, decimals) {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  return format.format(value);
}

/**
 * The depths a scale names: round numbers, at most so many.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} most
 * @returns {{ step: number, decimals: number, values: number[] }}
 */
export function ticks(from, to, most) {
  const rough = Math.max((to - from) / Math.max(1, most), Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  if (!(step > 0) || !Number.isFinite(step) || !(to > from)) return { step: 0, decimals: 0, values: [from] };
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const values = [];
  // Counted in steps, so that no error adds up.
  const last = Math.floor(to / step + 1e-9);
  for (let at = Math.ceil(from / step - 1e-9); at <= last && values.length <= 4 * most; at++) values.push(at * step);
  return { step, decimals, values };
}

/**
 * A pixel's value: whole where it is whole, else with two decimals.
 *
 * @param {number} value
 */
export function valueText(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
