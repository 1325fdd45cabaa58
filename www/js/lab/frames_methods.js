/** What a worker of depth frames can be asked to do. Images lie in IndexedDB; see `src/web/frames_store.rs`. */
import init, * as engine from "../../frames.js";

/** @typedef {{ id: number, owner: string }} Draft */

/** How long, in milliseconds, another tab may keep the storage to itself before that is said. */
const PATIENCE = 10_000;

/** @type {Promise<engine.Frames> | undefined} */
let opening;

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** The import that this worker does: at most one in its life. @type {engine.FrameImport | undefined} */
let importing;

/** What of it has been asked for before: one piece is taken after the other. @type {Promise<unknown>} */
let taken = Promise.resolve();

/** How many bytes of a file are gathered in this worker before the browser keeps them elsewhere. */
const PART = 4_000_000;

/** Where the browser has no locks, what began so long ago is taken for abandoned. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** The storage; opened anew when the browser or another tab has closed it. */
async function opened() {
  const asked = (opening ??= engine.openFrames().catch((error) => {
    opening = undefined;
    throw error;
  }));
  const frames = await soon(asked);
  if (!frames.isClosed) return frames;
  // Whoever comes first opens it for all.
  if (opening === asked) opening = undefined;
  return opened();
}

/**
 * A promise, or an error when another tab lets nobody in. What comes late is there for the next call.
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function soon(promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    const message = "The storage of images cannot be opened: another tab or window of this site holds it. Close the others, then retry.";
    timer = setTimeout(() => reject({ code: "storage_held", message, detail: { file: "digitlab-frames" } }), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** @param {string} owner */
const lockOf = (owner) => `digitlab-frames-import-${owner}`;

/** Holds an import's lock until this worker ends, however it ends. @param {string} owner */
function lock(owner) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve(undefined);
      return new Promise(() => {});
    };
    navigator.locks.request(lockOf(owner), hold).catch(reject);
  });
}

/**
 * Deletes what an import has left, if nobody works on it any more.
 * @param {engine.Frames} frames
 * @param {Draft} draft
 */
async function sweep(frames, { id, owner }) {
  if (!navigator.locks) {
    const began = Number.parseInt(owner, 36);
    if (!(Date.now() - began < ABANDONED_MS)) await frames.discard(id);
    return;
  }
  await navigator.locks.request(lockOf(owner), { ifAvailable: true }, async (lock) => {
    if (lock) await frames.discard(id);
  });
}

/** @param {() => Promise<unknown>} work */
function inTurn(work) {
  const turn = taken.then(work);
  taken = turn.catch(() => {});
  return turn;
}

function current() {
  if (!importing) throw { code: "invalid_parameter", message: "Nothing is being imported in this worker." };
  return importing;
}

export const framesMethods = {
  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    ({ memory } = await init({ module_or_path: module }));
    return { result: { version: engine.version() } };
  },

  /** Deletes what imports have left whose workers are gone. */
  async sweep() {
    const frames = await opened();
    for (const draft of /** @type {Draft[]} */ (await frames.drafts())) await sweep(frames, draft);
    return { result: null };
  },

  /** Deletes what an import has left, as soon as its worker is gone. @param {{ owner: string }} args */
  async abandon({ owner }) {
    const frames = await opened();
    const discard = async () => {
      const drafts = /** @type {Draft[]} */ (await frames.drafts());
      for (const draft of drafts) if (draft.owner === owner) await frames.discard(draft.id);
    };
    if (navigator.locks) await navigator.locks.request(lockOf(owner), discard);
    else await discard();
    return { result: null };
  },

  /** @param {{ owner: string, request: string }} args */
  async beginImport({ owner, request }) {
    const frames = await opened();
    // First of all: a draft without a lock is anybody's to delete.
    await lock(owner);
    importing = await frames.begin(owner, request);
    return { result: null };
  },

  /** @param {{ bytes: Uint8Array }} args */
  async pushImport({ bytes }) {
    const rows = await inTurn(() => current().push(bytes));
    return { result: { rows, memory: memory?.buffer.byteLength } };
  },

  async finishImport() {
    const info = await inTurn(() => current().finish(new Date().toISOString()));
    return { result: { info, memory: memory?.buffer.byteLength } };
  },

  /** Lets go of the storage: the last call of a worker that is ended. */
  async letGo() {
    await (await opening)?.close();
    return { result: null };
  },

  async list() {
    return { result: await (await opened()).list() };
  },

  /** @param {{ id: number }} args */
  async get({ id }) {
    return { result: await (await opened()).get(id) };
  },

  /** @param {{ id: number, name: string }} args */
  async rename({ id, name }) {
    return { result: await (await opened()).rename(id, name) };
  },

  /** @param {{ id: number }} args */
  async delete({ id }) {
    await (await opened()).delete(id);
    return { result: null };
  },

  /** @param {{ id: number, window: string }} args */
  async rows({ id, window }) {
    const rows = await (await opened()).rows(id, window);
    const { width } = rows;
    const depths = /** @type {Float32Array<ArrayBuffer>} */ (rows.depths);
    const pixels = /** @type {Float32Array<ArrayBuffer>} */ (rows.pixels);
    rows.free();
    return { result: { depths, pixels, width }, transfer: [depths.buffer, pixels.buffer] };
  },

  /** @param {{ id: number, request: string }} args */
  async tile({ id, request }) {
    const tile = await (await opened()).tile(id, request);
    const { width, height, firstRow } = tile;
    const data = /** @type {Uint8Array<ArrayBuffer>} */ (tile.data);
    const depths = /** @type {Float32Array<ArrayBuffer>} */ (tile.depths);
    const pixels = /** @type {Float32Array<ArrayBuffer>} */ (tile.pixels);
    tile.free();
    return { result: { width, height, data, firstRow, depths, pixels }, transfer: [data.buffer, depths.buffer, pixels.buffer] };
  },

  /** @param {{ id: number, request: string }} args */
  async render({ id, request }) {
    const rendering = await (await opened()).render(id, request);
    const type = rendering.mediaType;
    /** @type {Blob[]} */
    const kept = [];
    /** @type {Uint8Array<ArrayBuffer>[]} */
    let parts = [];
    let size = 0;
    for (let part = await rendering.next(); part; part = await rendering.next()) {
      parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (part));
      size += part.length;
      if (size < PART) continue;
      kept.push(new Blob(parts));
      parts = [];
      size = 0;
    }
    rendering.free();
    return { result: new Blob([...kept, ...parts], { type }) };
  },

  colormaps() {
    return { result: engine.colormaps() };
  },

  /** @param {{ colormap: string, reverse: boolean }} args */
  colorTable({ colormap, reverse }) {
    const table = /** @type {Uint8Array<ArrayBuffer>} */ (engine.colorTable(colormap, reverse));
    return { result: table, transfer: [table.buffer] };
  },
};

/** What the module said when it panicked. */
export const lastPanicOfFrames = () => engine.lastPanic();
