import { busy } from "../offline/busy.js";
import { safeFileName } from "./file_name.js";
import { save } from "./save.js";

/**
 * @typedef {object} FileSink Takes a file piece by piece.
 * @property {(bytes: Uint8Array<ArrayBuffer>) => Promise<void>} write
 * @property {() => Promise<void>} close Keeps the file.
 * @property {() => Promise<void>} abort Forgets it.
 */

/** Pieces are gathered up to this size; browsers keep larger ones outside of the page's memory. */
const PART_BYTES = 16_000_000;

/**
 * A file of the person's choice that is written as it comes, where the browser can do that; else one that is gathered
 * and downloaded at the end. Must be called right after a click.
 *
 * @param {string} name
 * @param {{ type: string, extension: string, description: string }} kind
 * @returns {Promise<FileSink | null>} null when the person chose no file
 */
export async function openFileSink(name, { type, extension, description }) {
  const { showSaveFilePicker } = /** @type {{ showSaveFilePicker?: (options: object) => Promise<FileSystemFileHandle> }} */ (
    /** @type {unknown} */ (window)
  );
  if (!showSaveFilePicker) return held(gathered(name, type));
  try {
    const handle = await showSaveFilePicker({ suggestedName: safeFileName(name), types: [{ description, accept: { [type]: [extension] } }] });
    const stream = await handle.createWritable();
    return held({ write: (bytes) => stream.write(bytes), close: () => stream.close(), abort: () => stream.abort() });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    // A frame or a policy may forbid it; the download still works.
    if (error instanceof DOMException && error.name === "SecurityError") return held(gathered(name, type));
    throw error;
  }
}

/**
 * The same, known to all tabs as work that a reload would end.
 *
 * @param {FileSink} sink
 * @returns {FileSink}
 */
function held({ write, close, abort }) {
  const over = busy("an export");
  return { write, close: () => close().finally(over), abort: () => abort().finally(over) };
}

/**
 * @param {string} name
 * @param {string} type
 * @returns {FileSink}
 */
function gathered(name, type) {
  /** @type {Blob[]} */
  let parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let loose = [];
  let size = 0;
  const pack = () => {
    if (loose.length > 0) parts.push(new Blob(loose));
    loose = [];
    size = 0;
  };
  return {
    write: async (bytes) => {
      loose.push(bytes);
      size += bytes.length;
      if (size >= PART_BYTES) pack();
    },
    close: async () => {
      pack();
      save(new Blob(parts, { type }), name);
      parts = [];
    },
    abort: async () => {
      parts = [];
      loose = [];
    },
  };
}
