import { DigitlabError } from "./errors.js";

/**
 * A request as JSON text for the engine, which checks it. What JSON would change in
 * silence is refused or kept: large integers, NaN, infinities.
 * @param {unknown} request
 * @returns {string}
 */
export function requestText(request) {
  try {
    return JSON.stringify(request ?? null, exact) ?? "null";
  } catch (error) {
    if (error instanceof DigitlabError) throw error;
    const message = `request is an object that cannot be written as JSON (${/** @type {Error} */ (error).message}); allowed: plain objects.`;
    throw new DigitlabError("invalid_parameter", message, { field: "request", allowed: "plain objects" });
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 */
function exact(key, value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return value;
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const allowed = "text or a BigInt for whole numbers above 2^53";
    const message = `${key} is ${value}, which JavaScript may have rounded; allowed: ${allowed}.`;
    throw new DigitlabError("invalid_parameter", message, { field: key, value: String(value), allowed });
  }
  return value;
}
