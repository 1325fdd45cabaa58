import { DigitlabError } from "./errors.js";

/**
 * Refuses what is no whole number between two.
 * @param {string} field
 * @param {number} value
 * @param {number} min
 * @param {number} max
 */
export function wholeNumber(field, value, min, max) {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw DigitlabError.invalid(field, value, `whole numbers from ${min} to ${max}`);
}

/**
 * @param {string | number | bigint} seed
 * @returns {bigint}
 */
export function wholeSeed(seed) {
  const exact = typeof seed !== "number" || Number.isSafeInteger(seed);
  if (exact && /^\d{1,20}$/.test(String(seed)) && BigInt(seed) < 2n ** 64n) return BigInt(seed);
  throw DigitlabError.invalid("seed", seed, "whole numbers from 0 to 18446744073709551615 (as text or BigInt when above 2^53)");
}
