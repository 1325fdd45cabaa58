import { safeFileName } from "./file_name.js";

/** The browser needs the address for a moment after the click. */
const KEEP = 30_000;

/**
 * Gives the person a file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP);
}
