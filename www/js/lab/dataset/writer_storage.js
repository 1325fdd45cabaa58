import { fileIn, filesIn, nameOf, patiently, removeFile, unavailable } from "./own_folder.js";
import { trouble } from "./trouble.js";

/**
 * @typedef {object} SyncHandle A file that is read and written without waiting; workers alone have it.
 * @property {(into: Uint8Array, options: { at: number }) => number} read
 * @property {(bytes: Uint8Array, options: { at: number }) => number} write
 * @property {(size: number) => void} truncate
 * @property {() => number} getSize
 * @property {() => void} flush
 * @property {() => void} close
 */

/** Pictures of a folder that are written at a time. */
const AT_ONCE = 48;
const JOURNAL = ".journal";
/** What is kept beside the files while they are written. */
const BESIDE = /\.(journal|notes-\d+)$/;

/** A file that is being written. Until it has a handle, and while it has to wait, changes are held in their order. */
class OpenFile {
  /** @type {SyncHandle | null} */
  handle = null;
  /** As it will be with all changes. */
  size = 0;
  /** @type {(Uint8Array | number)[]} Bytes to append, or a size to cut to. */
  held = [];
  isDirty = false;

  /** @param {Uint8Array | number} change */
  change(change) {
    const handle = /** @type {SyncHandle} */ (this.handle);
    this.isDirty = true;
    if (typeof change === "number") {
      handle.truncate(change);
      return;
    }
    const at = handle.getSize();
    const written = handle.write(change, { at });
    // Some browsers write what there is room for.
    if (written < change.length) throw new DOMException("Only a part could be written.", "QuotaExceededError");
  }

  /** Does what was held. */
  settle() {
    for (const change of this.held.splice(0)) this.change(change);
  }

  /** The whole of a file that has no handle yet. */
  get content() {
    const most = this.held.reduce((/** @type {number} */ sum, change) => sum + (typeof change === "number" ? 0 : change.length), 0);
    const bytes = new Uint8Array(most);
    let end = 0;
    for (const change of this.held) {
      if (typeof change === "number") {
        end = change;
      } else {
        bytes.set(change, end);
        end += change.length;
      }
    }
    return bytes.subarray(0, end);
  }

  flush() {
    if (this.isDirty) this.handle?.flush();
    this.isDirty = false;
  }
}

/**
 * What the module writes a data set to: files of the browser's own, at once; and files of the person's folder, later.
 * The module calls it synchronously; what cannot be done so is done by `settle`, in an order that lets nothing be lost: the
 * journal never says more than what is written.
 */
export class WriterStorage {
  #folder;
  #target;
  /** @type {Map<string, OpenFile>} */
  #files = new Map();
  /** @type {{ name: string, bytes: Uint8Array<ArrayBuffer> }[]} */
  #entries = [];
  /** @type {Set<string>} */
  #whole = new Set();
  /** @type {Set<string>} */
  #removed = new Set();
  /** @type {Map<string, Promise<FileSystemDirectoryHandle>>} */
  #folders = new Map();
  #isStopped = false;

  /**
   * @param {FileSystemDirectoryHandle} folder
   * @param {FileSystemDirectoryHandle | undefined} target Where entries go.
   */
  constructor(folder, target) {
    this.#folder = folder;
    this.#target = target;
  }

  /**
   * Opens the files that there are.
   * @param {string[]} finished Names of those that are finished, and not touched again.
   */
  async openAll(finished) {
    const names = (await filesIn(this.#folder)).map(({ name }) => name).filter((name) => !finished.includes(name));
    await this.open(names);
  }

  /** @param {string[]} names */
  async open(names) {
    await Promise.all(names.map((name) => this.#give(name, this.#file(name))));
  }

  /** @param {string} name */
  length(name) {
    return this.#files.get(name)?.size ?? 0;
  }

  /**
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  append(name, bytes) {
    this.#change(name, bytes);
  }

  /**
   * @param {string} name
   * @param {number} size
   */
  truncate(name, size) {
    this.#change(name, size);
  }

  /**
   * @param {string} name
   * @param {number} at
   * @param {Uint8Array} into
   */
  read(name, at, into) {
    return this.#plainly(() => {
      const file = this.#files.get(name);
      if (!file) return 0;
      if (file.handle) {
        file.settle();
        return file.handle.read(into, { at });
      }
      const piece = file.content.subarray(at, at + into.length);
      into.set(piece);
      return piece.length;
    });
  }

  /**
   * @param {string} name
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  entry(name, bytes) {
    if (name.includes("/")) {
      this.#entries.push({ name, bytes: bytes.slice() });
      return;
    }
    // What tells of the data set goes the way of the large files.
    this.#change(name, 0);
    this.#change(name, bytes);
    this.done(name);
  }

  /** @param {string} name */
  done(name) {
    if (this.#files.has(name)) this.#whole.add(name);
  }

  /**
   * Says of all files that are there, but for some, that they are whole.
   * @param {string[]} names
   */
  doneBut(names) {
    for (const name of this.#files.keys()) {
      if (!names.includes(name) && !BESIDE.test(name)) this.done(name);
    }
  }

  /** @param {string} name */
  remove(name) {
    if (!this.#files.has(name)) return;
    this.#change(name, 0);
    this.#removed.add(name);
  }

  sync() {
    this.#plainly(() => {
      for (const file of this.#files.values()) file.flush();
    });
  }

  /**
   * Does what could not be done at once.
   * @returns {Promise<string[]>} the names of files that are finished since the last time
   */
  async settle() {
    await this.#writeEntries();
    for (const [name, file] of this.#files) {
      await this.#give(name, file);
      this.#plainly(() => file.settle());
    }
    for (const name of this.#removed) {
      this.#close(name);
      await removeFile(this.#folder, name).catch(fail);
    }
    this.#removed.clear();
    const whole = [...this.#whole];
    this.#whole.clear();
    for (const name of whole) {
      this.#plainly(() => this.#files.get(name)?.flush());
      this.#close(name);
    }
    return whole;
  }

  /** Ends what takes long. */
  stop() {
    this.#isStopped = true;
  }

  close() {
    for (const name of [...this.#files.keys()]) this.#close(name);
  }

  /** @param {string} name */
  #file(name) {
    const file = this.#files.get(name) ?? new OpenFile();
    this.#files.set(name, file);
    return file;
  }

  /** @param {string} name */
  #close(name) {
    this.#files.get(name)?.handle?.close();
    this.#files.delete(name);
  }

  /**
   * @param {string} name
   * @param {Uint8Array | number} change
   */
  #change(name, change) {
    this.#removed.delete(name);
    const file = this.#file(name);
    // The journal must not say that pictures are there which are not.
    const waits = !file.handle || file.held.length > 0 || (this.#entries.length > 0 && name.endsWith(JOURNAL));
    this.#plainly(() => {
      if (waits) file.held.push(typeof change === "number" ? change : change.slice());
      else file.change(change);
    });
    file.size = typeof change === "number" ? change : file.size + change.length;
  }

  /**
   * Gives a file its handle.
   * @param {string} name
   * @param {OpenFile} file
   */
  async #give(name, file) {
    if (file.handle) return;
    try {
      const handle = /** @type {{ createSyncAccessHandle?: () => Promise<SyncHandle> }} */ (
        /** @type {unknown} */ (await fileIn(this.#folder, name, { create: true }))
      );
      if (!handle.createSyncAccessHandle) throw unavailable();
      file.handle = await patiently(async () => /** @type {() => Promise<SyncHandle>} */ (handle.createSyncAccessHandle)());
      // What was held began with nothing.
      if (file.held.length > 0) file.handle.truncate(0);
      else file.size = file.handle.getSize();
    } catch (error) {
      fail(error);
    }
  }

  async #writeEntries() {
    const entries = this.#entries;
    this.#entries = [];
    if (entries.length === 0) return;
    const target = this.#target;
    if (!target) {
      const message = "sink is missing; give a folder (a FileSystemDirectoryHandle).";
      throw { code: "missing_parameter", message, detail: { field: "sink" } };
    }
    let next = 0;
    const work = async () => {
      while (next < entries.length) {
        if (this.#isStopped) throw { code: "closed", message: "This data set is not made any more." };
        const { name, bytes } = entries[next++];
        const slash = name.lastIndexOf("/");
        const folder = await this.#folderOf(target, name.slice(0, Math.max(0, slash)));
        const file = await folder.getFileHandle(name.slice(slash + 1), { create: true });
        const stream = await file.createWritable();
        await stream.write(bytes);
        await stream.close();
      }
    };
    const works = Array.from({ length: AT_ONCE }, work);
    try {
      await Promise.all(works);
    } catch (error) {
      // The others see that nothing is left, and are waited for: nothing is written any more after this.
      next = entries.length;
      await Promise.allSettled(works);
      fail(error, target.name);
    }
  }

  /**
   * @param {FileSystemDirectoryHandle} target
   * @param {string} path
   */
  #folderOf(target, path) {
    let found = this.#folders.get(path);
    if (!found) {
      const open = async () => {
        let folder = target;
        for (const part of path.split("/").filter(Boolean)) folder = await folder.getDirectoryHandle(part, { create: true });
        return folder;
      };
      found = open();
      this.#folders.set(path, found);
    }
    return found;
  }

  /**
   * What fails, fails as a plain object: that passes through the module.
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  #plainly(work) {
    try {
      return work();
    } catch (error) {
      return fail(error);
    }
  }
}

/**
 * @param {unknown} error
 * @param {string | null} [folder]
 * @returns {never}
 */
export function fail(error, folder = null) {
  // What is plain already was put into words before.
  if (!(error instanceof Error) && nameOf(error) === "") throw error;
  const { code, message, detail } = trouble(error, folder);
  throw { code, message, detail };
}
