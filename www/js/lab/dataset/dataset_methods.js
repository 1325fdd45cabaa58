/** What a worker that makes the items of data sets can be asked to do, as in `worker_methods.js`. */
import init, * as engine from "../../../dataset.js";

/** @typedef {import("../serve_calls.js").Answer} Answer */

/** @type {engine.BlockMaker | undefined} */
let maker;
/** @type {WebAssembly.Memory | undefined} */
let memory;

function opened() {
  if (!maker) throw { code: "invalid_parameter", message: "No data set is open in this worker." };
  return maker;
}

export const methods = {
  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    ({ memory } = await init({ module_or_path: module }));
    return { result: { version: engine.version() } };
  },

  /** @param {{ recipe: string, seed: bigint }} args */
  checkRecipe({ recipe, seed }) {
    return { result: engine.checkRecipe(recipe, seed) };
  },

  describe() {
    return { result: engine.datasetFields() };
  },

  /** @param {{ recipe: string, manifest: string, shard: string, numbers?: string }} args */
  planDataset({ recipe, manifest, shard, numbers }) {
    return { result: engine.planDataset(recipe, manifest, shard, numbers) };
  },

  /** @param {{ recipe: string, manifest: string, numbers?: string, count: number }} args */
  previewDataset({ recipe, manifest, numbers, count }) {
    return { result: engine.previewDataset(recipe, manifest, numbers, count) };
  },

  /** @param {{ name: string, text: string }} args */
  describeNumbers({ name, text }) {
    return { result: engine.describeNumbers(name, text) };
  },

  /** The manifest comes with the data set, which was begun with it. */
  openBucket() {
    return { result: {} };
  },

  /** @param {{ recipe: string, manifest: string, shard: string, numbers?: string }} args */
  openDataset({ recipe, manifest, shard, numbers }) {
    const fresh = new engine.BlockMaker(recipe, manifest, shard, numbers);
    maker?.free();
    maker = fresh;
    return { result: null };
  },

  /** @param {{ name: string, bytes: Uint8Array }} args */
  loadShard({ name, bytes }) {
    opened().loadShard(name, bytes);
    return { result: null };
  },

  /**
   * @param {{ part: number, block: number }} args
   * @returns {Answer}
   */
  make({ part, block }) {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (opened().make(part, block));
    return { result: { bytes, memory: memory?.buffer.byteLength ?? 0 }, transfer: [bytes.buffer] };
  },

  /** Dies like a fault in the module would, for the tests of what happens then. */
  panic() {
    engine.panicOnPurpose();
    return { result: null };
  },
};

/** What the module said when it panicked. */
export const lastPanic = () => engine.lastPanic();
