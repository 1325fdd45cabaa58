import { Database, answer } from "../database.js";
import { DigitlabError } from "../errors.js";
import { hold as holdLock } from "../hold.js";
import { filesIn, folderIds, folderOf, removeFolder } from "./own_folder.js";

/** @typedef {import("./types.js").CanonicalRecipe} CanonicalRecipe */
/** @typedef {import("./types.js").DatasetFile} DatasetFile */
/** @typedef {import("./types.js").KeptDataset} KeptDataset */

/**
 * @typedef {object} Entry What is known of a data set; it changes while the data set is made.
 * @property {string} id
 * @property {CanonicalRecipe} recipe
 * @property {string} shard
 * @property {number} done
 * @property {number} total
 * @property {"paused" | "running" | "done" | "failed"} state
 * @property {string} error
 * @property {"browser" | "folder" | "stream"} sink
 * @property {string} folder
 * @property {{ name: string, bytes: number }[]} finished Files that are whole; they are where the sink says.
 * @property {DatasetFile[]} files Of a finished data set.
 * @property {number} bytes Of all that was written.
 * @property {number} seconds
 * @property {number} changed
 *
 * @typedef {object} Inputs What it is made of; that never changes.
 * @property {string} recipe As it was given, with a seed.
 * @property {string} manifest
 * @property {string | null} bucket The address of the bucket; null for files of the person's own.
 * @property {string} [numbers]
 * @property {FileSystemDirectoryHandle} [folder]
 */

const NAME = "digitlab-datasets";

/**
 * The data sets that this browser keeps: entries in a database, so that a tab that is killed leaves them whole; files in
 * folders of their own.
 */
export class Shelf {
  #database = new Database({ name: NAME, version: 1, title: "The list of data sets", upgrade });

  /**
   * Keeps a data set that begins.
   * @param {Entry} entry
   * @param {Inputs} inputs
   */
  async begin(entry, inputs) {
    await this.#database.write(["entries", "inputs"], async (transaction) => {
      transaction.objectStore("inputs").put(inputs, entry.id);
      await answer(transaction.objectStore("entries").put(entry, entry.id));
    });
  }

  /**
   * Keeps how far it is, unless it was deleted meanwhile.
   * @param {Entry} entry
   */
  async keep(entry) {
    await this.#database.write(["entries"], async (transaction) => {
      const entries = transaction.objectStore("entries");
      if (await answer(entries.getKey(entry.id))) await answer(entries.put(entry, entry.id));
    });
  }

  /**
   * Keeps another folder to write to.
   * @param {string} id
   * @param {FileSystemDirectoryHandle | undefined} folder
   */
  async keepFolder(id, folder) {
    await this.#database.write(["inputs"], async (transaction) => {
      const inputs = transaction.objectStore("inputs");
      const found = await answer(inputs.get(id));
      if (found) await answer(inputs.put({ ...found, folder }, id));
    });
  }

  /**
   * @param {string} id
   * @returns {Promise<{ entry: Entry, inputs: Inputs }>}
   */
  async get(id) {
    const [entry, inputs] = await this.#database.read(["entries", "inputs"], (transaction) =>
      Promise.all([answer(transaction.objectStore("entries").get(String(id))), answer(transaction.objectStore("inputs").get(String(id)))]),
    );
    if (entry && inputs) return { entry, inputs };
    const allowed = "the id of a data set that this browser keeps";
    throw DigitlabError.invalid("id", id, allowed);
  }

  /**
   * All of them, the latest first.
   * @param {Set<string>} ours Those that are being made here.
   * @returns {Promise<KeptDataset[]>}
   */
  async list(ours) {
    const entries = await this.#entries();
    if (entries.length === 0) return [];
    const running = new Set([...ours, ...(await runningIds())]);
    const kept = entries.map(async ({ id, recipe, shard, done, total, state, error, sink, folder, files, seconds, changed }) => {
      // A tab that was closed has said no more.
      const now = running.has(id) ? /** @type {const} */ ("running") : state === "running" ? /** @type {const} */ ("paused") : state;
      return { id, recipe, shard, done, total, state: now, error, sink, folder, files, seconds, changed, bytes: await bytesOf(id) };
    });
    return (await Promise.all(kept)).sort((a, b) => b.changed - a.changed);
  }

  /**
   * The files of a finished data set that are here.
   * @param {string} id
   * @returns {Promise<DatasetFile[]>}
   */
  async files(id) {
    const { entry } = await this.get(id);
    const folder = await folderOf(entry.id, { create: true });
    const here = new Set((await filesIn(folder)).map(({ name }) => name));
    return Promise.all(
      entry.files.map(async (file) => {
        if (!here.has(file.name)) return file;
        const parts = file.name.split("/");
        const last = /** @type {string} */ (parts.pop());
        let inner = folder;
        for (const part of parts) inner = await inner.getDirectoryHandle(part);
        return { ...file, file: await (await inner.getFileHandle(last)).getFile() };
      }),
    );
  }

  /**
   * Deletes a data set with its files.
   * @param {string} id
   */
  async delete(id) {
    await removeFolder(id);
    await this.#database.write(["entries", "inputs"], async (transaction) => {
      transaction.objectStore("inputs").delete(id);
      await answer(transaction.objectStore("entries").delete(id));
    });
  }

  /** Deletes folders that nobody knows any more. */
  async sweep() {
    // In this order: whoever begins has an entry before there is a folder.
    const ids = await folderIds();
    const [entries, running] = await Promise.all([this.#entries(), runningIds()]);
    const known = new Set(entries.map(({ id }) => id));
    for (const id of ids) if (!known.has(id) && !running.has(id)) await removeFolder(id);
  }

  close() {
    this.#database.close();
  }

  /** @returns {Promise<Entry[]>} */
  async #entries() {
    return this.#database.read(["entries"], (transaction) => answer(transaction.objectStore("entries").getAll()));
  }
}

/** @param {IDBDatabase} database */
function upgrade(database) {
  database.createObjectStore("entries");
  // Apart, since they are large and never change.
  database.createObjectStore("inputs");
}

/** @param {string} id */
async function bytesOf(id) {
  try {
    return (await filesIn(await folderOf(id))).reduce((sum, { bytes }) => sum + bytes, 0);
  } catch {
    // It has no folder yet, or none any more.
    return 0;
  }
}

const LOCK = "digitlab-dataset-";

/** The data sets that some tab works on. @returns {Promise<Set<string>>} */
async function runningIds() {
  const { held = [] } = (await navigator.locks?.query?.().catch(() => null)) ?? {};
  return new Set(held.flatMap(({ name = "" }) => (name.startsWith(LOCK) ? [name.slice(LOCK.length)] : [])));
}

/**
 * Holds a data set for this tab.
 * @param {string} id
 * @returns {Promise<() => Promise<void>>} lets go of it
 */
export async function hold(id) {
  const release = await holdLock(LOCK + id);
  if (release) return release;
  const message = "This data set is being made already, in this tab or another one. Pause it there first.";
  throw new DigitlabError("busy", message, { field: "id", value: id });
}
