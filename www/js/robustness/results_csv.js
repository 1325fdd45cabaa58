/** @typedef {import("./results.js").Results} Results */

const HEAD = ["curve", "title", "parameter", "value", "strength", "model", "pictures", "right", "accuracy", "low_95", "high_95", "seed"];

/**
 * What was measured as CSV: a line for each model at each strength.
 *
 * @param {Results} results
 */
export function toCsv(results) {
  const lines = results.rows.map(({ curve, point, value, model, right, accuracy, low, high }) => {
    const figures = [point.pictures, right, accuracy.toFixed(6), low.toFixed(6), high.toFixed(6), results.asked.seed];
    return [curve.name, curve.title, curve.axis, value, point.strength, model, ...figures].map(cell).join(",");
  });
  return `${[HEAD.join(","), ...lines].join("\r\n")}\r\n`;
}

/**
 * A name that begins like a formula must not be run by a spreadsheet.
 *
 * @param {string | number} value
 */
function cell(value) {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
