/** What a worker that runs models can be asked to do, as in `worker_methods.js`. */
import init, * as reader from "../../reader.js";

/** @typedef {import("./serve_calls.js").Answer} Answer */
/** @typedef {{ width: number, height: number, channels: number, data: Uint8Array }} GivenPicture */
/** @typedef {{ model: string, picture: GivenPicture, stages: boolean }} PictureArgs */

/** The models that this worker has, by name. @type {Map<string, reader.Reader>} */
const models = new Map();

/** @typedef {import("./model_settings.js").ModelSettings} ModelSettings */

/** As far from the truth as probabilities can be. */
const HOPELESS = 17;

/** One that is looked at before it is kept. @type {reader.Reader | undefined} */
let candidate;

/** @param {string} name */
function loaded(name) {
  const model = models.get(name);
  if (!model) throw { code: "invalid_parameter", message: `The model "${name}" is not loaded in this worker.` };
  return model;
}

/**
 * @param {reader.Reader} model
 * @param {ModelSettings} settings
 */
const show = (model, { ink, paper, mean, std }) => model.show(ink, paper, mean, std);

/**
 * The result of some work, with the milliseconds that it took as `elapsed`.
 * @template {object} T
 * @param {() => T} work
 */
function timed(work) {
  const begun = performance.now();
  const result = work();
  return { ...result, elapsed: performance.now() - begun };
}

/** @param {{ seen: Uint8Array, stages?: { data: Uint8Array }[], digits?: { seen: Uint8Array }[] }} answer */
const buffers = ({ seen, stages = [], digits = [] }) =>
  [seen, ...digits.map((digit) => digit.seen), ...stages.map(({ data }) => data)].filter(Boolean).map(({ buffer }) => buffer);

export const methods = {
  /** @param {{ module: WebAssembly.Module }} args */
  async start({ module }) {
    await init({ module_or_path: module });
    return { result: { version: reader.version() } };
  },

  /** @param {{ name: string, file: string, sha256: string, bytes: Uint8Array, settings?: ModelSettings }} args */
  loadModel({ name, file, sha256, bytes, settings }) {
    const found = sha256 && reader.sha256(bytes);
    if (found !== sha256) {
      const reason = `its SHA-256 is ${found.slice(0, 12)}… and should be ${sha256.slice(0, 12)}…`;
      const message = `The model's file ${file} is damaged: ${reason}. Try again to load it anew.`;
      throw { code: "model_corrupt", message, detail: { file, reason, expected: sha256, found } };
    }
    const model = new reader.Reader(file, bytes);
    if (settings) show(model, settings);
    models.get(name)?.free();
    models.set(name, model);
    return { result: null };
  },

  /**
   * @param {PictureArgs} args
   * @returns {Answer}
   */
  classify({ model, picture: { width, height, channels, data }, stages }) {
    const result = timed(() => loaded(model).classify(width, height, channels, data, stages));
    return { result, transfer: buffers(/** @type {any} */ (result)) };
  },

  /**
   * @param {PictureArgs} args
   * @returns {Answer}
   */
  read({ model, picture: { width, height, channels, data }, stages }) {
    const result = timed(() => loaded(model).read(width, height, channels, data, stages));
    return { result, transfer: buffers(/** @type {any} */ (result)) };
  },

  /** @param {{ model: string, levels: Uint8Array }} args */
  classifyMany({ model, levels }) {
    const probabilities = /** @type {Float32Array<ArrayBuffer>} */ (loaded(model).classifyMany(levels));
    return { result: probabilities, transfer: [probabilities.buffer] };
  },

  /** @param {{ file: string, bytes: Uint8Array }} args */
  describeModel({ file, bytes }) {
    return { result: reader.describeModel(file, bytes) };
  },

  /**
   * Opens a model to be looked at, and says what it takes and gives.
   * @param {{ file: string, bytes: Uint8Array, settings?: ModelSettings }} args
   */
  openCandidate({ file, bytes, settings }) {
    candidate?.free();
    candidate = undefined;
    candidate = new reader.Reader(file, bytes);
    if (settings) show(candidate, settings);
    return { result: candidate.facts() };
  },

  /**
   * How the model that is looked at does on pictures whose digits are known.
   * @param {{ settings: ModelSettings, levels: Uint8Array, digits: Uint8Array }} args
   */
  tryCandidate({ settings, levels, digits }) {
    if (!candidate) throw { code: "invalid_parameter", message: "No model is open in this worker to be tried." };
    const begun = performance.now();
    let trial;
    try {
      show(candidate, settings);
      trial = candidate.trial(levels, digits);
    } catch (error) {
      // Shown in a way that it was not made for, its scores may be no numbers; another way may do.
      if (/** @type {{ code?: string }} */ (error).code !== "model_unsupported") throw error;
      trial = { pictures: digits.length, right: 0, loss: HOPELESS };
    }
    return { result: { ...trial, ...candidate.facts(), elapsed: performance.now() - begun } };
  },

  /** @param {{ pictures: number, right: number[], losses: number[] }} args */
  bestTrial({ pictures, right, losses }) {
    return { result: reader.bestTrial(pictures, Uint32Array.from(right), Float32Array.from(losses)) };
  },

  /** Dies like a fault in the engine would, for the tests of what happens then. */
  panic() {
    reader.panicOnPurpose();
    return { result: null };
  },

  /** Never answers, for the tests of what happens then. */
  hang() {
    for (;;);
  },
};

/** What the module said when it panicked. */
export const lastPanic = () => reader.lastPanic();
