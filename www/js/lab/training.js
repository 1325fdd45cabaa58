import { DigitlabError } from "./errors.js";
import { hold } from "./hold.js";
import { checkedSample } from "./samples.js";
import { TrainingCrew } from "./training_crew.js";
import { TrainingStore } from "./training_store.js";
import { wholeNumber, wholeSeed } from "./whole_number.js";

/** @typedef {import("./digitlab.js").CallOptions} CallOptions */
/** @typedef {import("./digitlab.js").Pipeline} Pipeline */
/** @typedef {import("./lease.js").Lease} Lease */
/** @typedef {import("./models.js").ModelCard} ModelCard */
/** @typedef {{ levels: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer> }} Digits 784 grey levels for each label. */
/** @typedef {{ training: Digits, test: Digits }} TrainingData */

/**
 * @typedef {object} TrainOptions
 * @property {keyof typeof SIZES | string} [size] `small`, `medium`, `large`, or the layers as a card names them:
 *   `16-pool-32-pool-32-average-10`.
 * @property {number} [pictures] How many are learned from in each epoch, drawn evenly from all digits.
 * @property {number} [epochs]
 * @property {number} [batch] Pictures of a step, a multiple of 16.
 * @property {number} [rate] The highest rate of learning; what suits the size when left out.
 * @property {Pipeline | null} [pipeline] How pictures are changed before they are seen: `null` leaves them as they are; left
 *   out, what pens, hands and scanners do.
 * @property {"mnist" | "current"} [data] What is learned from: the data set that the lab was opened with, or the one that it draws
 *   from now, as after `useIdx`.
 * @property {string | number} [seed]
 * @property {boolean} [samples] Whether the corrected samples are learned, too.
 * @property {{ seen: Uint8Array, digit: number }[]} [extra] Further pictures to learn from.
 * @property {string} [title] What the model is called.
 * @property {string} [name]
 * @property {(state: TrainingState) => void} [onState] Told after every step.
 *
 * @typedef {object} TrainSettings What a training was begun with.
 * @property {string} architecture
 * @property {number} epochs
 * @property {number} batch
 * @property {number} rate
 * @property {number} decay
 * @property {number} smoothing
 * @property {number} average
 * @property {Pipeline} [pipeline]
 * @property {string} seed
 *
 * @typedef {object} EpochFigures How it stands after an epoch.
 * @property {number} epoch From 1.
 * @property {number} loss The mean of the pictures as they were seen.
 * @property {number} testLoss The mean of the test pictures.
 * @property {number} right How many test pictures are answered right.
 * @property {number} count How many there are.
 * @property {number[]} confusion How often each digit was taken for each: a hundred numbers, by digit and answer.
 * @property {[number, number][]} wrong The test pictures that are answered wrong: their places, and the answers.
 *
 * @typedef {object} TrainingState How far a training is.
 * @property {TrainSettings} settings
 * @property {string} title
 * @property {string} source What it learns from, in words.
 * @property {number} pictures
 * @property {number} testPictures
 * @property {number} epoch The one that it is in, from 1.
 * @property {number} step Steps that were taken in this epoch.
 * @property {number} steps Steps of an epoch.
 * @property {number[]} losses The mean loss of each step so far.
 * @property {number} epochLoss The sum of the losses of this epoch.
 * @property {EpochFigures[]} epochs
 * @property {number} elapsed Milliseconds of training so far.
 * @property {number} workers How many work on it.
 * @property {Uint8Array<ArrayBuffer> | null} saved The weights with all that a step changes.
 */

/** The layers of each size. */
const SIZES = Object.freeze({
  small: "16-pool-16-pool-32-average-10",
  medium: "16-16-pool-16-16-pool-16-32-average-10",
  large: "16-16-pool-32-32-pool-64-64-64-average-10",
});
/** How fast each size learns best: small networks bear larger steps. @type {Record<string, number>} */
const RATES = Object.freeze({ small: 0.01, medium: 0.006, large: 0.004 });
const USUAL_RATE = 0.005;
const PIXELS = 28 * 28;
const GROUP = 16;
const CLASSES = 10;
/** Limits, so that what is asked for ends within a day. */
const MOST = Object.freeze({ pictures: 60_000, epochs: 100, batch: 512 });
const TEST_PICTURES = 1_000;
/** A training is kept this often, in milliseconds, and after every epoch. */
const KEEP_EVERY = 5_000;
/** There is room for one training: whoever works on it holds this. */
const LOCK = "digitlab-training";
/** The shards of a bucket hold so many. */
const SPAN = 256;

/** Training of whole networks, by all workers. */
export class Trainings {
  #lab;
  #pool;
  #dataset;
  #samples;
  #store = new TrainingStore();

  /**
   * @param {import("./digitlab.js").Digitlab} lab Keeps the models.
   * @param {{ pool: import("./pool.js").Pool, dataset: (data: "mnist" | "current") => import("./sample_source.js").SampleSource, samples: import("./samples.js").Samples }} options
   *   `dataset` gives the data set of a name.
   */
  constructor(lab, { pool, dataset, samples }) {
    this.#lab = lab;
    this.#pool = pool;
    this.#dataset = dataset;
    this.#samples = samples;
  }

  /** The training that was begun last and has not ended; null when there is none. */
  async kept() {
    return this.#store.state();
  }

  /** The test pictures of the training that is kept. */
  async testPictures() {
    return (await this.#store.data())?.test ?? null;
  }

  /** Forgets the training that is kept. */
  async discard() {
    await this.#alone(() => this.#store.clear());
  }

  /** How many trainings are kept, and about how many bytes they take. */
  async usage() {
    const state = await this.#store.state();
    if (!state) return { trainings: 0, bytes: 0 };
    const { pictures, testPictures, saved, losses } = state;
    return { trainings: 1, bytes: (pictures + testPictures) * (PIXELS + 1) + (saved?.length ?? 0) + 8 * losses.length };
  }

  /**
   * @param {TrainOptions & CallOptions} [options]
   * @returns {Promise<{ card: ModelCard, state: TrainingState }>}
   */
  async train(options = {}) {
    const { title = "Trained here", onState, onProgress, signal } = options;
    const settings = checkedSettings(options);
    const data = await this.#gather(options);
    /** @type {TrainingState} */
    const state = {
      settings,
      title,
      source: data.source,
      pictures: data.training.labels.length,
      testPictures: data.test.labels.length,
      epoch: 1,
      step: 0,
      steps: Math.floor(data.training.labels.length / settings.batch),
      losses: [],
      epochLoss: 0,
      epochs: [],
      elapsed: 0,
      workers: 0,
      saved: null,
    };
    const { training, test } = data;
    const begin = () => this.#store.begin(state, { training, test });
    return this.#alone(() => this.#run(state, { training, test }, { name: options.name, onState, onProgress, signal }, begin));
  }

  /**
   * Goes on with the training that is kept.
   * @param {Pick<TrainOptions, "onState" | "name"> & CallOptions} [options]
   */
  async resume(options = {}) {
    return this.#alone(async () => {
      const [state, data] = await Promise.all([this.#store.state(), this.#store.data()]);
      if (!state || !data) throw new DigitlabError("invalid_parameter", "There is no training to go on with; begin one.", { field: "training" });
      return this.#run(state, data, options);
    });
  }

  /**
   * Ends the training that is kept where it is, and keeps the network as it answers now.
   * @param {Pick<TrainOptions, "name"> & CallOptions} [options]
   * @returns {Promise<ModelCard>}
   */
  async finish({ name, signal } = {}) {
    return this.#alone(async () => {
      const state = await this.#store.state();
      if (!state?.saved) throw new DigitlabError("invalid_parameter", "There is no training to end; begin one.", { field: "training" });
      const crew = new TrainingCrew(this.#pool, state);
      try {
        await crew.gather();
        return await this.#end(state, crew, { name, signal });
      } finally {
        crew.dismiss();
      }
    });
  }

  close() {
    this.#store.close();
  }

  /**
   * Does something to the training that is kept when nobody else does.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #alone(work) {
    const release = await hold(LOCK);
    if (!release) {
      const message = "A training is under way already, in this tab or another one. Pause it there first.";
      throw new DigitlabError("busy", message, { field: "training" });
    }
    try {
      return await work();
    } finally {
      await release();
    }
  }

  /**
   * @param {TrainOptions & CallOptions} options
   * @returns {Promise<TrainingData & { source: string }>}
   */
  async #gather({ data = "mnist", pictures = 10_000, seed = 1, samples = false, extra = [], onProgress, signal, timeout }) {
    wholeNumber("pictures", pictures, GROUP, MOST.pictures);
    if (data !== "mnist" && data !== "current") throw wrong("data", data, "mnist, current");
    const dataset = this.#dataset(data);
    const each = Math.ceil(pictures / CLASSES);
    const draw = (/** @type {"train" | "test"} */ split, /** @type {number} */ each) =>
      this.#pool.run((lease) => {
        const args = { split, each, span: Math.ceil(each / SPAN) * SPAN, seed: BigInt(seed) };
        return dataset.call(lease, "drawDigits", () => ({ args }), onProgress);
      }, { signal, timeout });
    const [drawn, name] = await draw("train", each);
    const { training, test } = await draw("test", TEST_PICTURES / CLASSES).then(
      ([test]) => ({ training: /** @type {Digits} */ (drawn), test: /** @type {Digits} */ (test) }),
      (error) => {
        if (!(error instanceof DigitlabError) || error.code !== "no_samples") throw error;
        // Where there is no split for tests, some pictures are kept apart.
        return parted(drawn);
      },
    );
    const own = [...(samples ? await this.#samples.list() : []), ...extra.map((sample, at) => checkedSample(sample, `extra[${at}]`))];
    const source = `${training.labels.length} pictures of ${name}${own.length > 0 ? ` and ${own.length} samples` : ""}`;
    return { training: own.length > 0 ? joined(training, own) : training, test, source };
  }

  /**
   * @param {TrainingState} state
   * @param {TrainingData} data
   * @param {Pick<TrainOptions, "onState" | "name"> & CallOptions} options
   * @param {() => Promise<void>} [begin] Called once the workers have taken the settings.
   */
  async #run(state, data, { name, onState = () => {}, onProgress = () => {}, signal }, begin) {
    const crew = new TrainingCrew(this.#pool, state);
    try {
      await crew.gather();
      await begin?.();
      const total = state.settings.epochs * state.steps * state.settings.batch;
      let kept = performance.now();
      let begun = performance.now();
      const tell = () => {
        const now = performance.now();
        state.elapsed += now - begun;
        begun = now;
        state.workers = crew.size;
        onState(state);
        const done = ((state.epoch - 1) * state.steps + state.step) * state.settings.batch;
        onProgress({ done, total, unit: "images" });
      };
      tell();
      while (state.epoch <= state.settings.epochs) {
        const order = await crew.order(state.epoch);
        while (state.step < state.steps) {
          if (signal?.aborted) {
            // Workers are let go between two steps, so that nothing is lost.
            await this.#keep(state, crew);
            throw DigitlabError.aborted(signal);
          }
          const { batch } = state.settings;
          const loss = await crew.step(data.training, order.subarray(state.step * batch, (state.step + 1) * batch));
          state.step += 1;
          state.epochLoss += loss;
          state.losses.push(loss / batch);
          tell();
          if (performance.now() - kept > KEEP_EVERY) {
            await this.#keep(state, crew);
            kept = performance.now();
          }
        }
        const measured = await crew.measure(data.test);
        state.epochs.push({ epoch: state.epoch, loss: state.epochLoss / (state.steps * state.settings.batch), ...measured });
        state.epoch += 1;
        state.step = 0;
        state.epochLoss = 0;
        tell();
        await this.#keep(state, crew);
      }
      return { card: await this.#end(state, crew, { name }), state };
    } finally {
      crew.dismiss();
    }
  }

  /**
   * Keeps the network as a model.
   * @param {TrainingState} state
   * @param {TrainingCrew} crew
   * @param {{ name?: string, signal?: AbortSignal }} options
   */
  async #end(state, crew, { name, signal }) {
    const [bytes, described] = [await crew.file(), await crew.describe()];
    const model = { bytes, title: state.title, name, kind: /** @type {const} */ ("trained"), card: cardOf(state, described) };
    const card = await this.#lab.models.add(model, { signal });
    await this.#store.clear();
    return card;
  }

  /**
   * @param {TrainingState} state
   * @param {TrainingCrew} crew
   */
  async #keep(state, crew) {
    state.saved = await crew.save();
    await this.#store.keep(state);
  }
}

/**
 * What is to be known of a trained model.
 * @param {TrainingState} state
 * @param {{ architecture: string, parameters: number, macs: number, pipeline: object }} described
 * @returns {Partial<ModelCard>}
 */
function cardOf({ settings, source, pictures, epochs, elapsed, workers }, { architecture, parameters, macs, pipeline }) {
  const last = epochs.at(-1);
  const figures = last && { pictures: last.count, right: last.right, accuracy: last.right / last.count };
  const { epochs: count, batch, rate, decay, smoothing, average, seed } = settings;
  return {
    parameters,
    macs,
    ...(figures ? { tried: figures } : {}),
    training: {
      architecture,
      data: source,
      pictures,
      epochs: count,
      batch,
      group: GROUP,
      rate,
      decay,
      smoothing,
      average,
      seed,
      pipeline,
      workers,
      minutes: Math.round(elapsed / 6_000) / 10,
      history: epochs.map(({ epoch, loss, testLoss, right, count }) => ({ epoch, loss, testLoss, right, count })),
    },
  };
}

/**
 * @param {TrainOptions} options
 * @returns {TrainSettings}
 */
function checkedSettings({ size = "small", epochs = 5, batch = 64, rate = RATES[size] ?? USUAL_RATE, pipeline, seed = 1 }) {
  wholeNumber("epochs", epochs, 1, MOST.epochs);
  wholeNumber("batch", batch, GROUP, MOST.batch);
  if (batch % GROUP !== 0) throw wrong("batch", batch, `multiples of ${GROUP} up to ${MOST.batch}`);
  if (!(rate > 0 && rate <= 0.1)) throw wrong("rate", rate, "numbers above 0, up to 0.1");
  const architecture = Object.hasOwn(SIZES, size) ? SIZES[/** @type {keyof typeof SIZES} */ (size)] : String(size);
  const common = { architecture, epochs, batch, rate, decay: 0.02, smoothing: 0.03, average: 0.98, seed: String(wholeSeed(seed)) };
  return pipeline === undefined ? common : { ...common, pipeline: pipeline ?? [] };
}

/**
 * A tenth for tests, and the others.
 * @param {Digits} digits
 * @returns {TrainingData}
 */
function parted({ levels, labels }) {
  const part = (/** @type {(at: number) => boolean} */ wanted) => {
    const places = [...labels.keys()].filter(wanted);
    const some = { levels: new Uint8Array(places.length * PIXELS), labels: new Uint8Array(places.length) };
    for (const [k, at] of places.entries()) {
      some.levels.set(levels.subarray(at * PIXELS, (at + 1) * PIXELS), k * PIXELS);
      some.labels[k] = labels[at] ?? 0;
    }
    return some;
  };
  return { training: part((at) => at % 10 !== 0), test: part((at) => at % 10 === 0) };
}

/**
 * @param {Digits} digits
 * @param {{ seen: Uint8Array, digit: number }[]} samples
 * @returns {Digits}
 */
function joined({ levels, labels }, samples) {
  const all = new Uint8Array(levels.length + samples.length * PIXELS);
  all.set(levels);
  for (const [at, { seen }] of samples.entries()) all.set(seen, levels.length + at * PIXELS);
  return { levels: all, labels: Uint8Array.from([...labels, ...samples.map(({ digit }) => digit)]) };
}

/**
 * @param {string} field
 * @param {unknown} found
 * @param {string} allowed
 */
function wrong(field, found, allowed) {
  const value = String(found).slice(0, 60);
  return DigitlabError.invalid(field, value, allowed);
}
