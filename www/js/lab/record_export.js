/** @typedef {import("./record_entry.js").StoredRecord} StoredRecord */

/** Text is gathered up to this many characters; browsers keep what is in a Blob outside of the page's memory. */
const PART = 1_000_000;

/** @type {(keyof StoredRecord)[]} */
const COLUMNS = ["id", "time", "kind", "result", "probability", "model", "elapsed", "name", "from"];
const HEADINGS = { elapsed: "elapsed_ms" };

/** Of each format: its type, what stands before the records, between them, and after them, and a record as text. */
export const FORMATS = {
  csv: {
    type: "text/csv;charset=utf-8",
    before: `${COLUMNS.map((column) => HEADINGS[/** @type {"elapsed"} */ (column)] ?? column).join(",")}\r\n`,
    between: "",
    after: "",
    text: csvLine,
  },
  json: { type: "application/json", before: "[", between: ",", after: "\n]\n", text: jsonObject },
};

/**
 * Records as a file, in memory that does not grow with their number.
 *
 * @param {AsyncIterable<StoredRecord[]>} batches
 * @param {keyof typeof FORMATS} format
 * @param {(done: number) => void} [onDone]
 */
export async function written(batches, format, onDone) {
  const { type, before, between, after, text } = FORMATS[format];
  /** @type {Blob[]} */
  const parts = [];
  let loose = before;
  let done = 0;
  for await (const records of batches) {
    for (const record of records) {
      loose += (done > 0 ? between : "") + text(record);
      done += 1;
      if (loose.length < PART) continue;
      parts.push(new Blob([loose]));
      loose = "";
    }
    onDone?.(done);
  }
  return new Blob([...parts, loose + after], { type });
}

/** @param {StoredRecord} record */
function csvLine(record) {
  return `${COLUMNS.map((column) => csvField(record[column])).join(",")}\r\n`;
}

/** @param {string | number | null} value */
function csvField(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  // A spreadsheet would run a text that begins like this as a formula; the apostrophe makes it a text.
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {StoredRecord} record */
function jsonObject(record) {
  return `\n${JSON.stringify(record, /** @type {string[]} */ (COLUMNS))}`;
}
