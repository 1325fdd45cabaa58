/**
 * What a worker can be asked to do. Each method takes one argument and returns its
 * result and the buffers to hand over; a thrown plain object is an error for people.
 */
import init, * as engine from "../../engine.js";
import { augmentMethods } from "./augment_methods.js";
import { filesMethods, lastPanicOfFiles } from "./files_methods.js";

/** @typedef {import("./batch.js").PackedBatch} PackedBatch */
/** @typedef {{ name: string, bytes: Uint8Array<ArrayBuffer> }} NamedBytes */

/** @type {engine.Engine | undefined} */
let current;

function opened() {
  if (!current) throw { code: "invalid_parameter", message: "No data set is open in this worker." };
  return current;
}

/** @param {NamedBytes} file */
const named = ({ name, bytes }) => new engine.NamedFile(name, bytes);

export const methods = {
  ...augmentMethods,
  ...filesMethods,

  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    await init({ module_or_path: module });
    return { result: { version: engine.version(), fields: engine.fields() } };
  },

  /** @param {{ manifest: string }} args */
  openBucket({ manifest }) {
    const fresh = new engine.Engine(manifest);
    current?.free();
    current = fresh;
    return { result: fresh.info() };
  },

  /** @param {NamedBytes} args */
  loadShard({ name, bytes }) {
    opened().loadShard(name, bytes);
    return { result: null };
  },

  /** @param {{ request: string, seed: bigint, count: number, microsOfDay: number, memory?: ArrayBuffer }} args */
  generate({ request, seed, count, microsOfDay, memory }) {
    const batch = opened().generate(request, seed, count, microsOfDay, memory && new Uint8Array(memory));
    /** @type {PackedBatch} */
    const result = {
      request: batch.request,
      levels: /** @type {Uint8Array<ArrayBuffer>} */ (batch.levels),
      widths: batch.widths,
      naturalWidths: batch.naturalWidths,
      digits: batch.digits,
      taskIds: batch.taskIds,
      augmentation: batch.augmentation,
    };
    batch.free();
    return { result, transfer: [result.levels.buffer] };
  },

  /** @param {{ format: "png" | "npy" | "json", labels: string, pixels: Float32Array, width: number }} args */
  encode({ format, labels, pixels, width }) {
    switch (format) {
      case "png":
        return { result: engine.toPng(pixels, width) };
      case "npy":
        return { result: engine.toNpy(pixels, width) };
      default:
        return { result: engine.toJson(labels, pixels, width) };
    }
  },

  /** @param {{ name: string, files: NamedBytes[] }} args */
  cutIdx({ name, files }) {
    const own = new engine.OwnBucket(name, files.map(named));
    /** @type {Map<string, ArrayBuffer>} */
    const shards = new Map();
    for (let shard = own.take(); shard; shard = own.take()) {
      shards.set(shard.name, /** @type {ArrayBuffer} */ (shard.bytes.buffer));
      shard.free();
    }
    const { manifest } = own;
    own.free();
    return { result: { manifest, shards }, transfer: [...shards.values()] };
  },

  /** Dies like a fault in the engine would, for the tests of what happens then. */
  panic() {
    engine.panicOnPurpose();
    return { result: null };
  },

  /** Never answers, for the tests of what happens then. */
  hang() {
    for (;;);
  },
};

/** What the engine said when it panicked. */
export const lastPanic = () => engine.lastPanic() || lastPanicOfFiles();
