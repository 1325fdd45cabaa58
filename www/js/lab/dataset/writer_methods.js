/** What the worker that writes a data set can be asked to do, as in `worker_methods.js`; one thing after the other. */
import init, * as engine from "../../../dataset.js";
import { folderOf } from "./own_folder.js";
import { WriterStorage, fail } from "./writer_storage.js";

/**
 * @typedef {object} ToWrite
 * @property {string} id
 * @property {string} recipe
 * @property {string} manifest
 * @property {string} shard
 * @property {string} [numbers]
 * @property {FileSystemDirectoryHandle} [target] Where files go that are not gathered into others.
 * @property {string[]} finished The names of files that are finished.
 *
 * @typedef {{ part: number, block: number }} Work
 * @typedef {{ done: number, items: number, bytes: number }} Written
 */

/** @type {engine.DatasetWriter | undefined} */
let writer;
/** @type {WriterStorage | undefined} */
let storage;
/** The part whose files are open. */
let open = -1;
/** @type {WebAssembly.Memory | undefined} */
let memory;
/** Blocks that were handed out to this worker and are not asked for yet. @type {Work[]} */
const works = [];
/** One call is done after the other. @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

function opened() {
  if (!writer || !storage) throw { code: "invalid_parameter", message: "No data set is open in this worker." };
  return { writer, storage };
}

/** @returns {Written & { memory: number }} */
const written = () => ({ ...opened().writer.progress(), memory: memory?.buffer.byteLength ?? 0 });

export const methods = {
  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    ({ memory } = await init({ module_or_path: module }));
    return { result: { version: engine.version() } };
  },

  /** @param {ToWrite} args */
  open({ id, recipe, manifest, shard, numbers, target, finished }) {
    return inTurn(async () => {
      const folder = await folderOf(id, { create: true }).catch(fail);
      storage = new WriterStorage(folder, target);
      await storage.openAll(finished);
      writer = new engine.DatasetWriter(recipe, manifest, shard, numbers, storage);
      const first = /** @type {Work | undefined} */ (writer.next());
      if (first) works.push(first);
      // A tab that was killed may have left files that are whole.
      storage.doneBut(first ? writer.names(first.part) : []);
      const names = await storage.settle();
      return { result: { ...written(), finished: names } };
    });
  },

  /** The next blocks that are to be made. @param {{ count: number }} args */
  next({ count }) {
    return inTurn(async () => {
      while (works.length < count) {
        const work = /** @type {Work | undefined} */ (opened().writer.next());
        if (!work) break;
        works.push(work);
      }
      return { result: works.splice(0, count) };
    });
  },

  /**
   * Takes the blocks one after the other.
   * @param {Work & { bytes: Uint8Array }} args
   * @param {(progress: "closing") => void} tell Told before files get their ends, which takes seconds for large ones.
   */
  add({ part, block, bytes }, tell) {
    return inTurn(async () => {
      const { writer, storage } = opened();
      if (part !== open) {
        await storage.open(writer.names(part));
        open = part;
      }
      if (writer.closes(part, block)) tell("closing");
      writer.add(part, block, bytes);
      const finished = await storage.settle();
      return { result: { ...written(), finished } };
    });
  },

  /** Sees to it that nothing that is written so far is made again. */
  checkpoint() {
    return inTurn(async () => {
      const { writer, storage } = opened();
      writer.checkpoint();
      await storage.settle();
      return { result: null };
    });
  },

  /** Lets go of the files, as soon as what is being written is; what waits for its turn is not done any more. */
  close() {
    storage?.stop();
    return inTurn(async () => {
      storage?.close();
      storage = undefined;
      return { result: null };
    });
  },

  finish() {
    return inTurn(async () => {
      const { writer, storage } = opened();
      const recipe = writer.finish();
      const finished = await storage.settle();
      return { result: { ...written(), finished, recipe } };
    });
  },

  /** Dies like a fault in the module would, for the tests of what happens then. */
  panic() {
    engine.panicOnPurpose();
    return { result: null };
  },
};

/** What the module said when it panicked. */
export const lastPanic = () => engine.lastPanic();
