/**
 * A row of a CSV file, as RFC 4180 has it.
 *
 * @param {(string | number)[]} values
 */
export function csvRow(values) {
  return `${values.map(quoted).join(",")}\r\n`;
}

/** @param {string | number} value */
function quoted(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
