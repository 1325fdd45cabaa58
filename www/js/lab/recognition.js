import { Ending } from "./ending.js";
import { DigitlabError } from "./errors.js";
import { eachInOrder, inOrder } from "./in_order.js";
import { cutDigits } from "./known_digits.js";
import { ModelInspection } from "./model_inspection.js";
import { ModelLibrary, keyOf } from "./model_library.js";
import { checkedSettings } from "./model_settings.js";
import { modelBytes } from "./own_models.js";
import { Pool } from "./pool.js";
import { PIXELS, givenPicture } from "./recognition_input.js";
import { wasmModule } from "./wasm_module.js";

/** @typedef {import("./digitlab.js").CallOptions} CallOptions */
/** @typedef {import("./lease.js").Lease} Lease */
/** @typedef {import("./models.js").ModelCard} ModelCard */
/** @typedef {import("./own_models.js").ModelToAdd} ModelToAdd */
/** @typedef {import("./model_inspection.js").Inspection} Inspection */
/** @typedef {import("./model_inspection.js").InspectOptions} InspectOptions */
/** @typedef {File | Blob | ArrayBuffer | Uint8Array} ModelFile */
/** @typedef {import("./recognition_input.js").RecognitionInput} RecognitionInput */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box In pixels of the picture. */
/** @typedef {{ width: number, height: number, channels: 1, data: Uint8Array<ArrayBuffer> }} GreyPicture */
/** @typedef {GreyPicture & { name: string, title: string }} StageShown */
/** @typedef {CallOptions & { model?: string, stages?: boolean }} RecognitionOptions `stages` asks for the way to the answer. */

/**
 * @typedef {object} DigitSeen
 * @property {number} digit
 * @property {Box} box Where it is in the picture.
 * @property {number} probability How probable the model finds it.
 * @property {number[]} probabilities Of each digit.
 * @property {GreyPicture} seen What the model was shown: 28 x 28, white ink on black.
 *
 * @typedef {object} Told
 * @property {string} model
 * @property {number} elapsed Milliseconds of preparation and inference.
 * @property {string[]} notes What was done to the picture, in sentences.
 * @property {StageShown[]} [stages]
 *
 * @typedef {DigitSeen & Told & { label: string, figures: number }} Classified `figures` is how many stand side by side.
 * @typedef {Told & { text: string, digits: DigitSeen[], probability: number }} ReadNumber `probability` is the product of those of the digits.
 * @typedef {{ labels: Uint8Array<ArrayBuffer>, probabilities: Float32Array<ArrayBuffer>, model: string, elapsed: number }} ClassifiedMany
 */

const SCRIPT = new URL("./reader_worker.js", import.meta.url);
const MODELS = new URL("../../models/", import.meta.url);
/** The module that runs models. */
const readerModule = wasmModule(new URL("../../reader_bg.wasm", import.meta.url), "The module that reads digits");
const SIDE = 28;
const CLASSES = 10;
/** Pictures of a message. */
const CHUNK = 64;
/** How long a model of the user's may take for a message before its worker is ended: nobody knows what is in it. */
const PATIENCE = 10_000;

/** Workers that run models, apart from those that make pictures. */
export class Recognition {
  #lab;
  #pool;
  #models = new ModelLibrary(MODELS);
  /** Models that a worker has loaded, or is loading for the first time. @type {Map<string, "loading" | "ready">} */
  #states = new Map();
  #knownDigits;
  /** @type {Promise<import("./known_digits.js").KnownDigits> | undefined} */
  #known;

  /**
   * @param {import("./digitlab.js").Digitlab} lab Opens the files of pictures.
   * @param {{ size: number, idleMs: number, knownDigits: (options: CallOptions) => Promise<Uint8Array> }} options
   *   `knownDigits` gives the images that models are tried on.
   */
  constructor(lab, { size, idleMs, knownDigits }) {
    this.#lab = lab;
    this.#knownDigits = knownDigits;
    this.#pool = new Pool({ script: SCRIPT, module: readerModule, size, idleMs });
  }

  /**
   * @param {RecognitionInput} input
   * @param {RecognitionOptions} [options]
   * @returns {Promise<Classified>}
   */
  async classify(input, options = {}) {
    const { model = "default" } = options;
    const answer = await this.#answer("classify", input, options);
    return { ...withSeen(answer), label: String(answer.digit), model };
  }

  /**
   * @param {RecognitionInput} input
   * @param {RecognitionOptions} [options]
   * @returns {Promise<ReadNumber>}
   */
  async read(input, options = {}) {
    const { model = "default" } = options;
    const answer = await this.#answer("read", input, options);
    const digits = /** @type {DigitSeen[]} */ (answer.digits.map(withSeen));
    const probability = digits.reduce((product, digit) => product * digit.probability, 1);
    return { ...answer, digits, probability, model };
  }

  /**
   * @param {Uint8Array | Iterable<RecognitionInput>} pictures
   * @param {CallOptions & { model?: string }} [options]
   * @returns {Promise<ClassifiedMany>}
   */
  async classifyMany(pictures, { model = "default", onProgress, ...options } = {}) {
    const begun = performance.now();
    const [total, results] =
      pictures instanceof Uint8Array ? this.#chunks(pictures, model, options) : this.#inputs(pictures, model, options);
    /** @type {number[]} */
    const labels = [];
    /** @type {ArrayLike<number>[]} */
    const parts = [];
    for await (const probabilities of results) {
      if (options.signal?.aborted) throw DigitlabError.aborted(options.signal);
      for (let at = 0; at < probabilities.length; at += CLASSES) labels.push(most(probabilities, at));
      parts.push(probabilities);
      onProgress?.({ done: labels.length, total: total ?? labels.length, unit: "images" });
    }
    const probabilities = new Float32Array(labels.length * CLASSES);
    let at = 0;
    for (const part of parts) {
      probabilities.set(part, at);
      at += part.length;
    }
    return { labels: Uint8Array.from(labels), probabilities, model, elapsed: performance.now() - begun };
  }

  /**
   * @param {CallOptions & { onWarning?: (warning: string) => void }} [options]
   * @returns {Promise<ModelCard[]>}
   */
  async list({ signal, onWarning } = {}) {
    return structuredClone(await unless(signal, this.#models.cards(onWarning)));
  }

  /** The models of the user, where they are kept. */
  get own() {
    return this.#models.own;
  }

  /**
   * @param {ModelFile} file
   * @param {InspectOptions} [options]
   * @returns {Promise<Inspection>}
   */
  async inspect(file, options = {}) {
    const { signal, onProgress } = options;
    await unless(signal, readerModule());
    const known = (this.#known ??= this.#knownDigits({ onProgress }).then(cutDigits));
    known.catch(() => (this.#known = undefined));
    return new ModelInspection(nameOf(file), options).run(this.#pool, file, () => known);
  }

  /**
   * @param {ModelToAdd} model
   * @param {CallOptions} [options]
   * @returns {Promise<ModelCard>}
   */
  async add(model, { signal } = {}) {
    const bytes = await modelBytes(model.bytes);
    const settings = checkedSettings(model.settings ?? model.card?.normalisation);
    await unless(signal, readerModule());
    // What cannot be run is not kept, whoever brings it.
    const check = new ModelInspection(model.card?.file ?? nameOf(model.bytes), { signal });
    const { description, fits } = await check.check(this.#pool, new Uint8Array(bytes), settings);
    const card = { ...cardOf(description, fits), ...model.card };
    const names = await unless(signal, this.#models.shippedNames());
    return this.#models.own.add({ ...model, bytes, settings, card }, names);
  }

  /**
   * @param {string} name
   * @param {CallOptions} [options]
   * @returns {Promise<File>}
   */
  async file(name, { signal, onProgress } = {}) {
    const card = await unless(signal, this.#models.card(name));
    let done = 0;
    const onBytes = (/** @type {number} */ bytes) => onProgress?.({ done: (done += bytes), total: card.bytes, unit: "bytes" });
    const bytes = await unless(signal, this.#models.bytes(card, onBytes));
    return new File([bytes], card.file.replace(/^.*\//, ""), { type: "application/octet-stream" });
  }

  /**
   * @param {string} name
   * @param {CallOptions} [options]
   * @returns {Promise<ModelCard>}
   */
  async load(name, options) {
    return this.#run(name, async (_, card) => structuredClone(card), options);
  }

  /**
   * @param {string} name
   * @returns {"absent" | "loading" | "ready"}
   */
  state(name) {
    return this.#states.get(name) ?? "absent";
  }

  /** Ends all workers. */
  close() {
    this.#pool.close();
    this.#models.close();
  }

  /**
   * @param {"classify" | "read"} method
   * @param {RecognitionInput} input
   * @param {RecognitionOptions} options
   */
  async #answer(method, input, { model = "default", stages = false, ...options }) {
    const { signal, timeout } = options;
    const picture = await givenPicture(input, (file) => this.#lab.openPicture(file, { signal, timeout }));
    const task = (/** @type {Lease} */ lease, /** @type {ModelCard} */ card) =>
      lease.call(method, { model: keyOf(card), picture, stages: Boolean(stages) }, [picture.data.buffer]);
    return this.#run(model, task, options);
  }

  /**
   * Does something on a worker that has a model.
   * @template T
   * @param {string} name
   * @param {(lease: Lease, card: ModelCard) => Promise<T>} task
   * @param {CallOptions} [options]
   * @returns {Promise<T>}
   */
  async #run(name, task, { onProgress, ...options } = {}) {
    const card = await unless(options.signal, this.#models.card(name));
    const first = !this.#states.has(name);
    if (first) this.#states.set(name, "loading");
    const meter = onProgress && first ? new Meter(card, onProgress) : undefined;
    try {
      // Both are on their way at once; what fails is met below.
      if (first) {
        readerModule(meter?.module).catch(() => {});
        this.#models.bytes(card, meter?.file).catch(() => {});
      }
      const timeout = options.timeout ?? (card.kind === "shipped" ? undefined : PATIENCE);
      return await this.#pool.run(async (lease) => {
        if (!lease.models.has(keyOf(card))) await this.#bring(lease, card);
        this.#states.set(name, "ready");
        return task(lease, card);
      }, { ...options, timeout });
    } finally {
      meter?.stop();
      if (first && this.state(name) === "loading") this.#states.delete(name);
    }
  }

  /**
   * @param {Lease} lease
   * @param {ModelCard} card
   */
  async #bring(lease, card) {
    const { file, sha256, kind, normalisation } = card;
    const name = keyOf(card);
    // The site's own take what tells how they were trained as a matter of course.
    const settings = kind === "shipped" ? undefined : normalisation;
    for (;;) {
      const bytes = await this.#models.bytes(card);
      try {
        await lease.call("loadModel", { name, file, sha256, bytes, settings });
        lease.models.add(name);
        void this.#models.confirm(card);
        return;
      } catch (error) {
        const damaged = error instanceof DigitlabError && error.code === "model_corrupt";
        if (!damaged || !(await this.#models.reject(card))) throw error;
      }
    }
  }

  /**
   * @param {Uint8Array} levels
   * @param {string} model
   * @param {CallOptions} options
   * @returns {[number, AsyncIterable<Float32Array>]}
   */
  #chunks(levels, model, options) {
    const count = levels.length / PIXELS;
    if (!Number.isInteger(count)) {
      const allowed = "a multiple of 784 levels, 28 x 28 for each picture";
      const value = `${levels.length} levels`;
      throw DigitlabError.invalid("pictures", value, allowed);
    }
    const work = (/** @type {number} */ k) => {
      const part = levels.slice(k * CHUNK * PIXELS, (k + 1) * CHUNK * PIXELS);
      const task = (/** @type {Lease} */ lease, /** @type {ModelCard} */ card) =>
        lease.call("classifyMany", { model: keyOf(card), levels: part }, [part.buffer]);
      return this.#run(model, task, options);
    };
    return [count, inOrder(Math.ceil(count / CHUNK), 2 * this.#pool.size, work)];
  }

  /**
   * @param {Iterable<RecognitionInput>} inputs
   * @param {string} model
   * @param {CallOptions} options
   * @returns {[number | undefined, AsyncIterable<number[]>]}
   */
  #inputs(inputs, model, options) {
    if (typeof inputs?.[Symbol.iterator] !== "function" || typeof inputs === "string") {
      const allowed = "a Uint8Array of 784 levels for each picture, or a list of pictures";
      const value = String(inputs).slice(0, 60);
      throw DigitlabError.invalid("pictures", value, allowed);
    }
    let asked = 0;
    const work = async (/** @type {RecognitionInput} */ input) => {
      const number = asked++;
      try {
        return (await this.classify(input, { ...options, model })).probabilities;
      } catch (error) {
        if (!(error instanceof DigitlabError) || error.code === "aborted") throw error;
        throw new DigitlabError(error.code, `Picture ${number}: ${error.message}`, { ...error.detail, index: number }, { cause: error });
      }
    };
    return [Array.isArray(inputs) ? inputs.length : undefined, eachInOrder(inputs, 2 * this.#pool.size, work)];
  }
}

/**
 * What a file is called.
 * @param {unknown} file
 */
const nameOf = (file) => (file instanceof File && file.name ? file.name : "model.onnx");

/**
 * What of a card the file itself tells.
 * @param {import("./model_inspection.js").Description} description
 * @param {import("./model_inspection.js").Fitting} fits
 * @returns {Partial<ModelCard>}
 */
function cardOf(description, { layout, bytes, probabilities, work }) {
  const sides = layout.map((side) => Number(side) || side);
  const input = { name: description.inputs[0]?.name ?? "", type: bytes ? "uint8" : "float32", shape: sides };
  const output = { name: description.outputs[0]?.name ?? "", type: "float32", shape: ["N", CLASSES], kind: probabilities ? "probabilities" : "logits" };
  return { description, parameters: description.parameters, macs: work, input, output };
}

/** Adds up the bytes of the module and of a model while they arrive. */
class Meter {
  #onProgress;
  #stopped = false;
  #done = { module: 0, file: 0 };
  #total;

  /**
   * @param {ModelCard} card
   * @param {(progress: import("./bucket.js").Progress) => void} onProgress
   */
  constructor(card, onProgress) {
    this.#onProgress = onProgress;
    this.#total = { module: 0, file: card.bytes };
  }

  /** @type {import("./wasm_module.js").OnBytes} */
  module = (done, total) => {
    this.#done.module = done;
    this.#total.module = total;
    this.#tell();
  };

  /** @param {number} bytes */
  file = (bytes) => {
    this.#done.file = Math.min(this.#done.file + bytes, this.#total.file);
    this.#tell();
  };

  stop() {
    this.#stopped = true;
  }

  #tell() {
    if (this.#stopped) return;
    const done = this.#done.module + this.#done.file;
    this.#onProgress({ done, total: this.#total.module + this.#total.file, unit: "bytes" });
  }
}

/**
 * @param {any} answer A worker's, on one digit.
 * @returns {any} the same with what was seen as a picture
 */
function withSeen(answer) {
  return { ...answer, seen: { width: SIDE, height: SIDE, channels: 1, data: answer.seen } };
}

/**
 * A promise that a signal makes nobody wait for.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {Promise<T>} promise
 */
async function unless(signal, promise) {
  const ending = new Ending(signal);
  try {
    return await ending.race(promise);
  } finally {
    ending.forget();
  }
}

/**
 * The class of the largest of ten numbers; the first of several.
 * @param {ArrayLike<number>} numbers
 * @param {number} start
 */
function most(numbers, start) {
  let best = 0;
  for (let k = 1; k < CLASSES; k++) {
    if (/** @type {number} */ (numbers[start + k]) > /** @type {number} */ (numbers[start + best])) best = k;
  }
  return best;
}
