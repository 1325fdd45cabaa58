/** What a worker that teaches and trains networks can be asked to do, as in `worker_methods.js`. */
import init, * as trainer from "../../trainer.js";

/** @typedef {import("./serve_calls.js").Answer} Answer */
/** @typedef {{ features: Float32Array, labels: Uint8Array }} Examples */

/** The networks that this worker has, by key. @type {Map<string, trainer.Pupil>} */
const pupils = new Map();
/** @type {trainer.Shelf | undefined} */
let shelf;
/** @type {trainer.Training | undefined} */
let training;

/** @param {string} model */
function pupil(model) {
  const found = pupils.get(model);
  if (!found) throw { code: "invalid_parameter", message: `The model "${model}" is not loaded in this worker.` };
  return found;
}

function opened() {
  if (!shelf) throw { code: "invalid_parameter", message: "No data set is open in this worker." };
  return shelf;
}

function begun() {
  if (!training) throw { code: "invalid_parameter", message: "No training is open in this worker." };
  return training;
}

/** @param {Float32Array | Uint8Array | Uint32Array} array @returns {Answer} its buffer is handed over */
const whole = (array) => ({ result: array, transfer: [/** @type {ArrayBuffer} */ (array.buffer)] });

/** @param {Examples} examples */
const handed = ({ features, labels }) => new trainer.Examples(features, labels);

export const methods = {
  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    await init({ module_or_path: module });
    return { result: { version: trainer.version() } };
  },

  /** @param {{ manifest: string }} args */
  openBucket({ manifest }) {
    const fresh = new trainer.Shelf(manifest);
    shelf?.free();
    shelf = fresh;
    return { result: fresh.info() };
  },

  /** @param {{ name: string, bytes: Uint8Array }} args */
  loadShard({ name, bytes }) {
    opened().loadShard(name, bytes);
    return { result: null };
  },

  /** @param {{ replay: number, held: number, seed: bigint }} args */
  drawLesson({ replay, held, seed }) {
    return { result: opened().lesson(replay, held, seed) };
  },

  /** @param {{ name: string, file: string, sha256: string, bytes: Uint8Array }} args */
  loadModel({ name, file, sha256, bytes }) {
    const fresh = new trainer.Pupil(file, bytes, sha256);
    pupils.get(name)?.free();
    pupils.set(name, fresh);
    return { result: fresh.describe() };
  },

  /**
   * @param {{ model: string, levels: Uint8Array, variants: number, seed: bigint, first: number }} args
   * @returns {Answer}
   */
  features({ model, levels, variants, seed, first }) {
    const result = /** @type {Float32Array<ArrayBuffer>} */ (pupil(model).features(levels, variants, seed, first));
    return { result, transfer: [result.buffer] };
  },

  /**
   * @param {{ model: string, name: string, replay: Examples, held: Examples, own: Examples, variants: number }} args
   * @returns {Answer}
   */
  teach({ model, name, replay, held, own, variants }) {
    const result = pupil(model).teach(name, handed(replay), handed(held), handed(own), variants);
    return { result, transfer: [result.file.buffer] };
  },

  /** @param {{ split: "train" | "test", each: number, span: number, seed: bigint }} args */
  drawDigits({ split, each, span, seed }) {
    return { result: opened().digits(split, each, span, seed) };
  },

  /** @param {{ settings: string, pictures: number }} args */
  openTraining({ settings, pictures }) {
    const fresh = new trainer.Training(settings, pictures);
    training?.free();
    training = fresh;
    return { result: null };
  },

  describeTraining() {
    return { result: begun().describe() };
  },

  /** @param {{ epoch: number, pictures: number }} args */
  order({ epoch, pictures }) {
    return whole(begun().order(epoch, pictures));
  },

  weights() {
    return whole(begun().weights());
  },

  averaged() {
    return whole(begun().averaged());
  },

  /** @param {{ weights: Float32Array }} args */
  look({ weights }) {
    begun().look(weights);
    return { result: null };
  },

  /** @param {{ epoch: number, levels: Uint8Array, labels: Uint8Array, numbers: Uint32Array }} args */
  find({ epoch, levels, labels, numbers }) {
    return whole(begun().find(epoch, levels, labels, numbers));
  },

  /** @param {{ found: Float32Array }} args */
  learn({ found }) {
    const loss = begun().learn(found);
    const weights = begun().weights();
    return { result: { loss, weights }, transfer: [weights.buffer] };
  },

  /** @param {{ weights: Float32Array }} args */
  measureWith({ weights }) {
    begun().measureWith(weights);
    return { result: null };
  },

  /** @param {{ levels: Uint8Array, labels: Uint8Array }} args */
  measure({ levels, labels }) {
    return { result: begun().measure(levels, labels) };
  },

  saveTraining() {
    return whole(begun().save());
  },

  /** @param {{ saved: Uint8Array }} args */
  restoreTraining({ saved }) {
    begun().restore(saved);
    return { result: null };
  },

  /** @param {{ name: string }} args */
  trainedFile({ name }) {
    return whole(begun().file(name, begun().averaged()).file);
  },

  /** Dies like a fault in the module would, for the tests of what happens then. */
  panic() {
    trainer.panicOnPurpose();
    return { result: null };
  },
};

/** What the module said when it panicked. */
export const lastPanic = () => trainer.lastPanic();
