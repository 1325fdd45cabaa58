/** Folders of this site's own in the browser (the origin private file system), where data sets are written; on a page and in workers. */
import { DigitlabError } from "../errors.js";

const NAME = "digitlab-datasets";

/** @typedef {FileSystemDirectoryHandle} Folder */

/**
 * The folder of all data sets.
 * @returns {Promise<Folder>}
 */
async function shelf() {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(NAME, { create: true });
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * The folder of a data set.
 * @param {string} id
 * @param {{ create?: boolean }} [options]
 * @returns {Promise<Folder>}
 */
export async function folderOf(id, { create = false } = {}) {
  const all = await shelf();
  return all.getDirectoryHandle(id, { create });
}

/** Refuses where there is no place for data sets, and says what to do. */
export async function checkAvailable() {
  await shelf();
}

/** The ids of all folders. @returns {Promise<string[]>} */
export async function folderIds() {
  const ids = [];
  for await (const id of (await shelf()).keys()) ids.push(id);
  return ids;
}

/**
 * Deletes a data set's folder. A worker that was ended a moment ago may still hold files of it.
 * @param {string} id
 */
export async function removeFolder(id) {
  const all = await shelf();
  await patiently(() => all.removeEntry(id, { recursive: true })).catch((error) => {
    if (nameOf(error) !== "NotFoundError") throw error;
  });
}

/**
 * A file by its name, which may say folders.
 * @param {Folder} folder
 * @param {string} name
 * @param {{ create?: boolean }} [options]
 * @returns {Promise<FileSystemFileHandle>}
 */
export async function fileIn(folder, name, { create = false } = {}) {
  const { folder: inner, last } = await parentOf(folder, name, { create });
  return inner.getFileHandle(last, { create });
}

/**
 * Deletes a file, and the folders that are empty without it.
 * @param {Folder} folder
 * @param {string} name
 */
export async function removeFile(folder, name) {
  try {
    const { folder: inner, last } = await parentOf(folder, name);
    await patiently(() => inner.removeEntry(last));
  } catch (error) {
    // What is not there need not go.
    if (nameOf(error) !== "NotFoundError") throw error;
  }
  await removeEmpty(folder, name.slice(0, Math.max(0, name.lastIndexOf("/"))));
}

/**
 * Deletes folders, one in the other, from the innermost on, as far as they are empty.
 * @param {Folder} folder
 * @param {string} path
 */
export async function removeEmpty(folder, path) {
  for (let left = path; left !== ""; left = left.slice(0, Math.max(0, left.lastIndexOf("/")))) {
    try {
      const { folder: outer, last } = await parentOf(folder, left);
      await outer.removeEntry(last);
    } catch (error) {
      const name = nameOf(error);
      // It is not empty, or something in it is being written.
      if (["InvalidModificationError", "NoModificationAllowedError"].includes(name)) return;
      // It is gone already; what it was in may be empty now.
      if (name !== "NotFoundError") throw error;
    }
  }
}

/**
 * All files of a folder and those in it, by name and size.
 * @param {Folder} folder
 * @param {string} [start]
 * @returns {Promise<{ name: string, bytes: number }[]>}
 */
export async function filesIn(folder, start = "") {
  const found = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") {
      found.push(...(await filesIn(/** @type {Folder} */ (handle), `${start}${name}/`)));
      continue;
    }
    // It may be deleted while it is looked at.
    const file = await /** @type {FileSystemFileHandle} */ (handle).getFile().catch(() => null);
    if (file) found.push({ name: start + name, bytes: file.size });
  }
  return found;
}

/**
 * @param {Folder} folder
 * @param {string} name
 * @param {{ create?: boolean }} [options]
 */
async function parentOf(folder, name, { create = false } = {}) {
  const parts = name.split("/");
  const last = /** @type {string} */ (parts.pop());
  let inner = folder;
  for (const part of parts) inner = await inner.getDirectoryHandle(part, { create });
  return { folder: inner, last };
}

/** How often and how long, in milliseconds, something is waited for that another worker is just letting go of. */
const TRIES = 30;
const WAIT = 100;

/**
 * Does what may fail while another worker, or a tab that was just closed, still holds a file.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function patiently(work) {
  for (let k = 1; ; k++) {
    try {
      return await work();
    } catch (error) {
      if (nameOf(error) !== "NoModificationAllowedError" || k === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT));
    }
  }
}

/** @param {unknown} error */
export const nameOf = (error) => (error instanceof Error || error instanceof DOMException ? error.name : "");

/** @param {unknown} [cause] */
export function unavailable(cause) {
  const message =
    "This browser gives this page no place to write a data set to (files of its own), as some do in private windows, without https, or " +
    "in old versions. Use an ordinary window or another browser, or the command line: digitlab dataset.";
  const reason = cause instanceof Error ? cause.message : "";
  return new DigitlabError("storage_unavailable", message, reason ? { reason } : {}, { cause });
}
