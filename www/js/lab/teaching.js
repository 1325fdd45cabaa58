import { Ending } from "./ending.js";
import { DigitlabError } from "./errors.js";
import { inOrder } from "./in_order.js";
import { keyOf } from "./model_library.js";
import { USUAL, settingsInWords } from "./model_settings.js";
import { Pool } from "./pool.js";
import { MOST_SAMPLES, Samples, checkedSample } from "./samples.js";
import { wasmModule } from "./wasm_module.js";

/** @typedef {import("./digitlab.js").CallOptions} CallOptions */
/** @typedef {import("./lease.js").Lease} Lease */
/** @typedef {import("./models.js").ModelCard} ModelCard */
/** @typedef {import("./samples.js").SampleToAdd} SampleToAdd */
/** @typedef {{ count: number, right: number }} Score How many pictures, and how many answers were right. */
/** @typedef {{ before: Score, after: Score }} Change */
/** @typedef {{ levels: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer> }} Digits */
/** @typedef {{ features: Float32Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer> }} Examples */
/** @typedef {{ replay: Examples, held: Examples }} Prepared */

/**
 * @typedef {object} TeachOptions
 * @property {string} [model] The name of the model that is taught; it stays as it is. The default one when left out.
 * @property {SampleToAdd[]} [samples] What it learns; the samples that are kept when left out.
 * @property {string} [title] What the taught model is called.
 * @property {string} [name] What programs call it; made of the title when left out.
 * @property {boolean} [replace] Whether a model of the user's that has the name gives way.
 *
 * @typedef {object} Taught
 * @property {ModelCard} card The taught model, which is kept in this browser.
 * @property {{ name: string, title: string }} base The model that was taught.
 * @property {Change} samples The samples that it has learned from.
 * @property {Change | null} unseen The same samples, each asked of a model that was taught with others alone: what is to
 *   be expected of new ones. Null when there are fewer than four.
 * @property {Change} mnist Test pictures that it has never learned from.
 * @property {number} elapsed Milliseconds.
 */

const SCRIPT = new URL("./trainer_worker.js", import.meta.url);
const MODULE = new URL("../../trainer_bg.wasm", import.meta.url);
const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Pictures of each digit that keep what the model knows, and that show whether it still does. */
const REPLAY = 120;
const HELD = 100;
/** The same pictures are drawn for every lesson. */
const SEED = 1n;
/** Pictures of a message. */
const CHUNK = 32;
/** Each sample comes changed, too, as long as there are not more pictures than this. */
const MOST_VARIANTS = 8;
const MOST_OWN = 256;
/** Models whose pictures are prepared at a time. */
const MOST_PREPARED = 2;
const TITLE = "My hand";

/** Teaches models the hand of a person, in workers of its own. */
export class Teaching {
  /** The corrected samples that this browser keeps. */
  samples = new Samples();
  #lab;
  #dataset;
  #pool;
  /** @type {Promise<{ replay: Digits, held: Digits }> | undefined} */
  #lesson;
  /** By key, the one that was used last at the end. @type {Map<string, Promise<Prepared>>} */
  #prepared = new Map();

  /**
   * @param {import("./digitlab.js").Digitlab} lab Keeps the models.
   * @param {{ dataset: import("./sample_source.js").SampleSource, size: number, idleMs: number }} options
   */
  constructor(lab, { dataset, size, idleMs }) {
    this.#lab = lab;
    this.#dataset = dataset;
    this.#pool = new Pool({ script: SCRIPT, module: wasmModule(MODULE, "The module for teaching and training"), size, idleMs });
  }

  /** The workers that teach and train. */
  get pool() {
    return this.#pool;
  }

  /**
   * Does what a lesson needs before there are samples, so that it takes less when there are.
   * @param {string} model
   * @param {CallOptions} [options]
   */
  async prepare(model, options = {}) {
    await this.#prepare(await this.#card(model, options), options);
  }

  /**
   * @param {TeachOptions & CallOptions} [options]
   * @returns {Promise<Taught>}
   */
  async teach({ model = "default", samples: given, title = TITLE, name, replace, ...options } = {}) {
    const begun = performance.now();
    const samples = given === undefined ? await this.samples.list() : checkedSamples(given);
    if (samples.length === 0 || samples.length > MOST_SAMPLES) {
      const [value, allowed] = [String(samples.length), `1 to ${MOST_SAMPLES}`];
      throw new DigitlabError("invalid_parameter", `The number of samples is ${value}; allowed: ${allowed}.`, { field: "samples", value, allowed });
    }
    const card = await this.#card(model, options);
    const [{ replay, held }, own] = await Promise.all([this.#prepare(card, options), this.#own(card, samples, options)]);
    const { file, ...scores } = await this.#run(
      card,
      (lease) => lease.call("teach", { model: keyOf(card), name: "digitlab-taught", replay, held, ...own }),
      options,
    );
    const taught = {
      base: { name: card.name, title: card.title },
      samples: changed(scores.own),
      unseen: scores.unseen && changed(scores.unseen),
      mnist: changed(scores.held),
    };
    const kept = await this.#lab.models.add({ bytes: file, title, name, kind: "taught", replace, card: cardOf(card, taught) }, { signal: options.signal });
    return { card: kept, ...taught, elapsed: performance.now() - begun };
  }

  /** Ends all workers. */
  close() {
    this.#pool.close();
    this.samples.close();
  }

  /**
   * @param {string} name
   * @param {CallOptions} options
   */
  async #card(name, { signal }) {
    // Where the user's own are shut away, the site's can still be taught.
    const cards = await this.#lab.models.list({ signal, onWarning: () => {} });
    const card = cards.find((card) => card.name === name);
    if (!card) {
      const [value, allowed] = [String(name).slice(0, 60), cards.map((card) => card.name).join(", ")];
      throw DigitlabError.invalid("model", value, allowed);
    }
    const settings = card.kind === "shipped" ? undefined : card.normalisation;
    if (settings && Object.entries(USUAL).some(([key, usual]) => settings[/** @type {keyof typeof USUAL} */ (key)] !== usual)) {
      const allowed = `models that want ${settingsInWords(USUAL)}`;
      const message = `The model ${card.title} cannot be taught: it wants ${settingsInWords(settings)}; allowed: ${allowed}.`;
      throw new DigitlabError("invalid_parameter", message, { field: "model", value: card.name, allowed });
    }
    return card;
  }

  /**
   * What the model makes of the pictures of a lesson, which is the same for all lessons.
   * @param {ModelCard} card
   * @param {CallOptions} options
   */
  async #prepare(card, options) {
    const key = keyOf(card);
    const known = this.#prepared.get(key);
    const { signal, timeout, onProgress } = options;
    if (known) {
      // What another one has begun may end with that one's patience; then it is done for this one.
      const done = await unless(signal, known.catch(() => null));
      if (done) return done;
    }
    const work = async () => {
      const { replay, held } = await this.#drawn({ signal, timeout, onProgress });
      const total = replay.labels.length + held.labels.length;
      let done = 0;
      const count = (/** @type {number} */ more) => onProgress?.({ done: (done += more), total, unit: "images" });
      return {
        replay: await this.#examples(card, replay, options, count),
        held: await this.#examples(card, held, options, count),
      };
    };
    const prepared = work();
    this.#prepared.delete(key);
    this.#prepared.set(key, prepared);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > MOST_PREPARED && oldest !== undefined) this.#prepared.delete(oldest);
    try {
      return await prepared;
    } catch (error) {
      if (this.#prepared.get(key) === prepared) this.#prepared.delete(key);
      throw error;
    }
  }

  /** @param {CallOptions} options */
  async #drawn({ onProgress, ...options }) {
    const draw = () =>
      this.#pool.run((lease) => {
        const prepare = () => ({ args: { replay: REPLAY, held: HELD, seed: SEED } });
        return this.#dataset.call(lease, "drawLesson", prepare, onProgress);
      }, options);
    const drawing = (this.#lesson ??= draw());
    try {
      return await drawing;
    } catch (error) {
      if (this.#lesson === drawing) this.#lesson = undefined;
      throw error;
    }
  }

  /**
   * @param {ModelCard} card
   * @param {Digits} digits
   * @param {CallOptions} options
   * @param {(done: number) => void} count
   * @returns {Promise<Examples>}
   */
  async #examples(card, { levels, labels }, options, count) {
    return { features: await this.#features(card, levels, 1, options, count), labels };
  }

  /**
   * The samples, each as it is and changed a few times.
   * @param {ModelCard} card
   * @param {{ seen: Uint8Array, digit: number }[]} samples
   * @param {CallOptions} options
   */
  async #own(card, samples, { signal, timeout }) {
    const variants = Math.max(1, Math.min(MOST_VARIANTS, Math.floor(MOST_OWN / samples.length)));
    const levels = new Uint8Array(samples.length * PIXELS);
    for (const [at, { seen }] of samples.entries()) levels.set(seen, at * PIXELS);
    const features = await this.#features(card, levels, variants, { signal, timeout });
    const labels = Uint8Array.from(samples.flatMap(({ digit }) => Array.from({ length: variants }, () => digit)));
    return { own: { features, labels }, variants };
  }

  /**
   * @param {ModelCard} card
   * @param {Uint8Array} levels
   * @param {number} variants
   * @param {CallOptions} options
   * @param {(done: number) => void} [count]
   */
  async #features(card, levels, variants, options, count) {
    const pictures = levels.length / PIXELS;
    const each = Math.ceil(CHUNK / variants);
    const work = (/** @type {number} */ k) => {
      const part = levels.slice(k * each * PIXELS, (k + 1) * each * PIXELS);
      const args = { model: keyOf(card), levels: part, variants, seed: SEED, first: k * each };
      return this.#run(card, (lease) => lease.call("features", args, [part.buffer]), options);
    };
    /** @type {Float32Array[]} */
    const parts = [];
    for await (const part of inOrder(Math.ceil(pictures / each), 2 * this.#pool.size, work)) {
      parts.push(part);
      count?.(Math.min(each, pictures - (parts.length - 1) * each));
    }
    const features = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      features.set(part, at);
      at += part.length;
    }
    return features;
  }

  /**
   * Does something on a worker that has a model.
   * @template T
   * @param {ModelCard} card
   * @param {(lease: Lease) => Promise<T>} task
   * @param {CallOptions} options
   */
  async #run(card, task, { signal, timeout }) {
    return this.#pool.run(async (lease) => {
      const key = keyOf(card);
      if (!lease.models.has(key)) {
        const file = await this.#lab.models.file(card.name, { signal });
        const bytes = new Uint8Array(await file.arrayBuffer());
        await lease.call("loadModel", { name: key, file: file.name, sha256: card.sha256, bytes }, [bytes.buffer]);
        lease.models.add(key);
      }
      return task(lease);
    }, { signal, timeout });
  }
}

/** @param {[Score, Score]} scores @returns {Change} */
const changed = ([before, after]) => ({ before, after });

/**
 * What is to be known of a taught model.
 * @param {ModelCard} base
 * @param {Omit<Taught, "card" | "elapsed">} taught
 * @returns {Partial<ModelCard>}
 */
function cardOf({ kind, parameters, macs, input, output, training, licence }, { base, samples, unseen, mnist }) {
  const { count, right } = mnist.after;
  // How it was trained in the first place; lessons are not piled up.
  const before = (kind === "taught" ? training?.before : training) ?? null;
  return {
    parameters,
    macs,
    input,
    output,
    licence,
    tried: { pictures: count, right, accuracy: right / count },
    training: { taught: base, samples, unseen, mnist, before },
  };
}

/** @param {SampleToAdd[]} given */
function checkedSamples(given) {
  if (Array.isArray(given)) return given.map((sample, at) => checkedSample(sample, `samples[${at}]`));
  const [value, allowed] = [String(given).slice(0, 60), "a list of { seen, digit }"];
  throw DigitlabError.invalid("samples", value, allowed);
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
