import { DigitlabError, reasonOf } from "../errors.js";
import { fileIn, nameOf, removeEmpty, removeFile } from "./own_folder.js";
import { trouble } from "./trouble.js";

/** @typedef {import("./types.js").DatasetSink} DatasetSink */
/** @typedef {import("./types.js").FileTaker} FileTaker */
/** @typedef {{ name: string, bytes: number }} Delivered */

/**
 * What browsers with folders have beside the standard.
 * @typedef {(options: { mode: "readwrite" }) => Promise<PermissionState>} Ask
 * @typedef {FileSystemDirectoryHandle & { queryPermission?: Ask, requestPermission?: Ask }} Folder
 */

/** Bytes that are copied at a time. */
const PIECE = 8_000_000;
/** Files that are deleted at a time. */
const AT_ONCE = 48;
/** Where single pictures lie, and their boxes. */
const FOLDERS = ["train", "validation", "test"].flatMap((subset) => ["images", "labels"].map((kind) => [subset, kind]));
/** How Chromium calls what it writes until it is whole. When a tab goes meanwhile, it may leave it there. */
const HALF = /(\.\d+)?\.crswap$/;

/**
 * Where finished files go.
 * @param {DatasetSink | undefined} sink
 * @returns {FolderSink | StreamSink | null} null where they stay in the browser
 */
export function sinkOf(sink) {
  if (sink === undefined || sink === null) return null;
  if (typeof sink === "function") return new StreamSink(sink);
  if (/** @type {{ kind?: unknown }} */ (sink).kind === "directory") return new FolderSink(sink);
  const allowed = "a folder (a FileSystemDirectoryHandle), a function that gives a WritableStream for each file, or nothing";
  const message = `sink is ${String(sink)}; allowed: ${allowed}.`;
  throw new DigitlabError("invalid_parameter", message, { field: "sink", value: String(sink), allowed });
}

/** A folder of the person's. */
class FolderSink {
  kind = /** @type {const} */ ("folder");
  #folder;

  /** @param {Folder} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  get folder() {
    return this.#folder.name;
  }

  get handle() {
    return this.#folder;
  }

  /** Asks, where the browser has not been told yet; a click must have come just before. */
  async allow() {
    const how = /** @type {const} */ ({ mode: "readwrite" });
    try {
      const state = (await this.#folder.queryPermission?.(how)) ?? "granted";
      if (state === "granted" || (await this.#folder.requestPermission?.(how)) === "granted") return;
    } catch (error) {
      throw trouble(error, this.folder);
    }
    throw trouble(new DOMException("The permission was not given.", "NotAllowedError"), this.folder);
  }

  /**
   * Refuses a folder that lacks what was put into it before.
   * @param {Delivered[]} files
   */
  async check(files) {
    for (const { name, bytes } of files) {
      if ((await this.#size(name)) === bytes) continue;
      const message =
        `The folder "${this.folder}" lacks ${name} (${bytes} bytes), which was written before; choose the folder that the data set ` +
        "was begun in, or make it anew.";
      throw new DigitlabError("invalid_parameter", message, { field: "sink", value: this.folder, file: name });
    }
  }

  /**
   * Takes a finished file.
   * @param {string} name
   * @param {File} file
   * @param {AbortSignal} signal
   */
  async take(name, file, signal) {
    const isNew = (await this.#size(name)) === null;
    try {
      const handle = await fileIn(this.#folder, name, { create: true });
      const stream = await handle.createWritable();
      try {
        for (let at = 0; at < file.size; at += PIECE) {
          if (signal.aborted) throw DigitlabError.aborted(signal);
          await stream.write(file.slice(at, at + PIECE));
        }
      } catch (error) {
        await stream.abort().catch(() => {});
        throw error;
      }
      await stream.close();
    } catch (error) {
      // What was only begun is an empty file, of which nobody would know.
      if (isNew) await removeFile(this.#folder, name).catch(() => {});
      throw trouble((await this.#missing()) ?? error, this.folder);
    }
    const found = await this.#size(name);
    if (found === file.size) return;
    const message =
      `${name} has ${found} bytes in the folder "${this.folder}" and should have ${file.size}; something else has changed it. ` +
      "Resume the data set to write it again.";
    throw new DigitlabError("storage", message, { file: name, expected: String(file.size), found: String(found) });
  }

  /**
   * Deletes what was put into it.
   * @param {string[]} names
   * @param {((name: string) => boolean) | null} isOurs Whether a single picture or its boxes are of the data set; null where it has none.
   */
  async discard(names, isOurs) {
    try {
      for (const name of names) await removeFile(this.#folder, name);
      if (!isOurs) return;
      for (const path of FOLDERS) {
        await this.#remove(path, (name) => isOurs(name.replace(HALF, "")));
        await removeEmpty(this.#folder, path.join("/"));
      }
    } catch (error) {
      throw trouble(error, this.folder);
    }
  }

  /**
   * Deletes what an earlier tab was writing when it went, and the browser has left: all of it has been written again since.
   * @param {string[]} names
   * @param {((name: string) => boolean) | null} isOurs
   */
  async tidy(names, isOurs) {
    /** @param {(name: string) => boolean} isMeant */
    const half = (isMeant) => (/** @type {string} */ name) => HALF.test(name) && isMeant(name.replace(HALF, ""));
    try {
      await this.#remove([], half((name) => names.includes(name)));
      if (!isOurs) return;
      for (const path of FOLDERS) await this.#remove(path, half(isOurs));
    } catch (error) {
      // Another tab may write the same names: those are its own to bring to an end.
      if (nameOf(error) !== "NoModificationAllowedError") throw trouble(error, this.folder);
    }
  }

  /**
   * @param {string[]} path
   * @param {(name: string) => boolean} isMeant
   */
  async #remove(path, isMeant) {
    /** @type {FileSystemDirectoryHandle} */
    let folder = this.#folder;
    try {
      for (const part of path) folder = await folder.getDirectoryHandle(part);
    } catch (error) {
      if (["NotFoundError", "TypeMismatchError"].includes(nameOf(error))) return;
      throw error;
    }
    const found = [];
    for await (const name of folder.keys()) if (isMeant(name)) found.push(name);
    while (found.length > 0) await Promise.all(found.splice(0, AT_ONCE).map((name) => removeFile(folder, name)));
  }

  /** What the browser says when the folder itself is gone: of a file in it, Firefox only says that something failed. */
  async #missing() {
    try {
      await this.#folder.keys().next();
      return null;
    } catch (error) {
      return nameOf(error) === "NotFoundError" ? error : null;
    }
  }

  /** @param {string} name */
  async #size(name) {
    try {
      return (await (await fileIn(this.#folder, name)).getFile()).size;
    } catch (error) {
      if (["NotFoundError", "TypeMismatchError"].includes(nameOf(error))) return null;
      throw trouble(error, this.folder);
    }
  }
}

/** A function that takes files as streams. */
class StreamSink {
  kind = /** @type {const} */ ("stream");
  folder = "";
  handle = undefined;
  #taker;

  /** @param {FileTaker} taker */
  constructor(taker) {
    this.#taker = taker;
  }

  async allow() {}

  async check() {}

  /**
   * @param {string} name
   * @param {File} file
   * @param {AbortSignal} signal
   */
  async take(name, file, signal) {
    try {
      const stream = await this.#taker(name, { bytes: file.size });
      await file.stream().pipeTo(stream, { signal });
    } catch (error) {
      if (error instanceof DigitlabError) throw error;
      if (signal.aborted) throw DigitlabError.aborted(signal);
      const reason = reasonOf(error);
      const message =
        `${name} could not be written to the stream that it was given: ${reason}. What was made is kept; resume the data set then.`;
      throw new DigitlabError("storage", message, { file: name, reason }, { cause: error });
    }
  }

  async discard() {}

  async tidy() {}
}
