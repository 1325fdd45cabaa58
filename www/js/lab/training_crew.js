import { inOrder } from "./in_order.js";

/** @typedef {import("./lease.js").Lease} Lease */
/** @typedef {import("./training.js").Digits} Digits */
/** @typedef {import("./training.js").TrainingState} TrainingState */

const PIXELS = 28 * 28;
/** Pictures that are normalised together; what each group finds is added up in the order of the groups. */
const GROUP = 16;
const CLASSES = 10;
/** Pictures of a message when they are measured. */
const CHUNK = 100;

/** The workers of a training. Whoever is free looks at the next group of pictures; the first one takes the steps. */
export class TrainingCrew {
  #pool;
  #state;
  /** @type {Lease[]} */
  #leases = [];
  #ended = Promise.withResolvers();
  /** Why a worker could not be had or was lost. @type {unknown} */
  #failure = null;
  /** @type {Float32Array<ArrayBuffer>} */
  #weights = new Float32Array(0);

  /**
   * @param {import("./pool.js").Pool} pool
   * @param {TrainingState} state
   */
  constructor(pool, state) {
    this.#pool = pool;
    this.#state = state;
  }

  /** How many workers there are. */
  get size() {
    return this.#leases.length;
  }

  /** Waits for the first worker; the others join when they are there. */
  async gather() {
    const first = Promise.withResolvers();
    const groups = this.#state.settings.batch / GROUP;
    for (let k = 0; k < Math.min(this.#pool.size, groups); k++) {
      const lent = this.#pool.run(async (lease) => {
        const { settings, pictures } = this.#state;
        await lease.call("openTraining", { settings: JSON.stringify(settings), pictures });
        this.#leases.push(lease);
        first.resolve(null);
        await this.#ended.promise;
      });
      lent.catch((error) => {
        this.#failure ??= error;
        first.reject(error);
      });
    }
    await first.promise;
    const { saved } = this.#state;
    if (saved) await this.#leader.call("restoreTraining", { saved });
    this.#weights = await this.#leader.call("weights");
  }

  /** @param {number} epoch @returns {Promise<Uint32Array>} */
  async order(epoch) {
    return this.#leader.call("order", { epoch, pictures: this.#state.pictures });
  }

  /**
   * Learns from a batch.
   * @param {Digits} digits
   * @param {Uint32Array} batch The places of its pictures.
   * @returns {Promise<number>} the sum of the losses
   */
  async step(digits, batch) {
    const groups = batch.length / GROUP;
    const { epoch } = this.#state;
    /** @type {Float32Array[]} */
    const found = new Array(groups);
    let next = 0;
    const work = async (/** @type {Lease} */ lease) => {
      await lease.call("look", { weights: this.#weights });
      while (next < groups) {
        const at = next++;
        found[at] = await lease.call("find", { epoch, ...picked(digits, batch.subarray(at * GROUP, (at + 1) * GROUP)) });
      }
    };
    await this.#together(work);
    const each = found[0]?.length ?? 0;
    const all = new Float32Array(groups * each);
    for (const [at, one] of found.entries()) all.set(one, at * each);
    const { loss, weights } = await this.#leader.call("learn", { found: all }, [all.buffer]);
    this.#weights = weights;
    return loss;
  }

  /**
   * How the averaged weights answer pictures.
   * @param {Digits} digits
   */
  async measure({ levels, labels }) {
    const weights = await this.#leader.call("averaged");
    const leases = [...this.#leases];
    await Promise.all(leases.map((lease) => lease.call("measureWith", { weights })));
    const confusion = new Array(CLASSES * CLASSES).fill(0);
    /** @type {[number, number][]} */
    const wrong = [];
    let testLoss = 0;
    let start = 0;
    const work = (/** @type {number} */ k) => {
      const lease = /** @type {Lease} */ (leases[k % leases.length]);
      const part = { levels: levels.slice(k * CHUNK * PIXELS, (k + 1) * CHUNK * PIXELS), labels: labels.slice(k * CHUNK, (k + 1) * CHUNK) };
      return lease.call("measure", part, [part.levels.buffer]);
    };
    for await (const part of inOrder(Math.ceil(labels.length / CHUNK), 2 * leases.length, work)) {
      for (const [at, times] of part.confusion.entries()) confusion[at] += times;
      for (const [at, answer] of part.wrong) wrong.push([start + at, answer]);
      testLoss += part.loss;
      start += CHUNK;
    }
    const right = confusion.reduce((sum, times, at) => (at % (CLASSES + 1) === 0 ? sum + times : sum), 0);
    return { testLoss: testLoss / labels.length, right, count: labels.length, confusion, wrong };
  }

  /** Everything that a step changes. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async save() {
    return this.#leader.call("saveTraining");
  }

  /** The network as an ONNX file. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async file() {
    return this.#leader.call("trainedFile", { name: "digitlab-trained" });
  }

  /** What the network is made of. */
  async describe() {
    return this.#leader.call("describeTraining");
  }

  /** Lets go of the workers. */
  dismiss() {
    this.#ended.resolve(null);
  }

  get #leader() {
    const [leader] = this.#leases;
    if (!leader) throw this.#failure ?? new Error("No worker trains.");
    return leader;
  }

  /**
   * Lets all workers do something; a worker that fails ends it.
   * @param {(lease: Lease) => Promise<void>} work
   */
  async #together(work) {
    if (this.#failure) throw this.#failure;
    await Promise.all(this.#leases.map(work));
  }
}

/**
 * @param {Digits} digits
 * @param {Uint32Array} places
 */
function picked({ levels, labels }, places) {
  const part = { levels: new Uint8Array(places.length * PIXELS), labels: new Uint8Array(places.length), numbers: places.slice() };
  for (const [k, at] of places.entries()) {
    part.levels.set(levels.subarray(at * PIXELS, (at + 1) * PIXELS), k * PIXELS);
    part.labels[k] = labels[at] ?? 0;
  }
  return part;
}
