/** @typedef {import("../lab/digitlab.js").Sample} Sample */
/** @typedef {import("../lab/digitlab.js").SampleToAdd} SampleToAdd */

/** The corrected samples as the page shows them: all of them at hand, renewed by every change, also of other tabs. */
export class KeptSamples {
  #lab;
  #changed;
  #failed;
  #signal;
  /** By what the model saw, the oldest first. @type {Map<string, Sample>} */
  #samples = new Map();
  #opened = false;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {() => void} options.changed
   * @param {(error: unknown) => void} options.failed
   * @param {AbortSignal} signal
   */
  constructor({ lab, changed, failed }, signal) {
    this.#lab = lab;
    this.#changed = changed;
    this.#failed = failed;
    this.#signal = signal;
  }

  /** Brings what is kept, and follows it from now on. */
  async open() {
    if (this.#opened) return;
    this.#opened = true;
    try {
      await this.#renew();
      await this.#lab.samples.subscribe(() => void this.#follow(), this.#signal);
    } catch (error) {
      this.#opened = false;
      this.#failed(error);
    }
  }

  /** The newest first. @returns {Sample[]} */
  get all() {
    return [...this.#samples.values()].reverse();
  }

  get count() {
    return this.#samples.size;
  }

  /**
   * The sample with this picture.
   *
   * @param {Uint8Array} seen
   */
  find(seen) {
    return this.#samples.get(keyOf(seen));
  }

  /**
   * Says which digit a picture shows; said twice of the same, it is taken back.
   *
   * @param {SampleToAdd & { seen: Uint8Array }} sample
   * @returns {Promise<boolean>} whether it is a sample now
   */
  async correct(sample) {
    const known = this.find(sample.seen);
    if (known?.digit === sample.digit) {
      await this.#lab.samples.delete([known.id]);
      return false;
    }
    await this.#lab.samples.add(sample);
    return true;
  }

  async #follow() {
    try {
      await this.#renew();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #renew() {
    const samples = await this.#lab.samples.list();
    this.#samples = new Map(samples.map((sample) => [keyOf(sample.seen), sample]));
    this.#changed();
  }
}

/** @param {Uint8Array} seen */
const keyOf = (seen) => String.fromCharCode(...seen);
