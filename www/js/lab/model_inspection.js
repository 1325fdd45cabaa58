import { DigitlabError } from "./errors.js";
import { checkedSettings, settingsInWords } from "./model_settings.js";
import { modelBytes } from "./own_models.js";

/** @typedef {import("./digitlab.js").CallOptions} CallOptions */
/** @typedef {import("./known_digits.js").KnownDigits} KnownDigits */
/** @typedef {import("./model_settings.js").ModelSettings} ModelSettings */
/** @typedef {{ name: string, type: string, shape: string[] }} FilePort What goes into a model or comes out, as its file says. */

/**
 * @typedef {object} Description What a model's file says of itself.
 * @property {string} producer What has written it, with its version; empty where it does not say.
 * @property {number} ir_version
 * @property {{ domain: string, version: number }[]} opsets
 * @property {FilePort[]} inputs
 * @property {FilePort[]} outputs
 * @property {{ name: string, count: number, supported: boolean }[]} operators The most frequent first.
 * @property {number} parameters Numbers that were learned.
 *
 * @typedef {object} Fitting How a model takes a picture, and what it answers.
 * @property {string[]} layout
 * @property {boolean} bytes Whether it takes bytes.
 * @property {boolean} probabilities Whether it gives probabilities rather than scores.
 * @property {number} work Multiplications with addition and numbers made, for an answer.
 *
 * @typedef {object} Candidate A way to show it pictures, and how it did on known digits.
 * @property {ModelSettings} settings
 * @property {number} pictures
 * @property {number} right
 * @property {number} accuracy
 * @property {number} loss How far its probabilities are from the truth.
 *
 * @typedef {object} Inspection
 * @property {Description} description
 * @property {Fitting | null} fits null: it cannot be used, and `error` says why.
 * @property {DigitlabError | null} error
 * @property {Candidate[]} candidates The best first.
 * @property {Candidate | null} best
 * @property {string[]} warnings Sentences on what may be wrong with it.
 *
 * @typedef {CallOptions & { settings?: ModelSettings[] }} InspectOptions With `settings`, these are tried, and not the usual ones.
 */

/** How long a worker may take for one thing: whatever takes longer is stopped, with its worker. */
const PATIENCE = 9_000;
/** How long all trials together should take, and the fewest pictures that say something. */
const TRIALS = 4_000;
const FEWEST = 40;
/** Below this many right of a hundred it is no model of digits, or not shown what it wants. */
const POOR = 0.8;

/** Looks at a model before it is kept. */
export class ModelInspection {
  #controller = new AbortController();
  #slow = false;
  #file;
  #options;

  /**
   * @param {string} file What the file is called.
   * @param {InspectOptions} [options]
   */
  constructor(file, options = {}) {
    this.#file = file;
    this.#options = options;
    const { signal } = options;
    if (signal?.aborted) this.#controller.abort(signal.reason);
    signal?.addEventListener("abort", () => this.#controller.abort(signal.reason), { once: true, signal: this.#controller.signal });
  }

  /**
   * @param {import("./pool.js").Pool} pool
   * @param {unknown} given The file.
   * @param {() => Promise<KnownDigits>} knownDigits
   * @returns {Promise<Inspection>}
   */
  async run(pool, given, knownDigits) {
    const wanted = this.#options.settings?.map(checkedSettings);
    const bytes = new Uint8Array(await modelBytes(given));
    // On their way while the file is read; what fails is met below.
    const known = knownDigits();
    known.catch(() => {});
    return this.#guarded(pool, async (lease) => {
      const description = await this.#within(lease.call("describeModel", { file: this.#file, bytes }));
      /** @type {Fitting & { usual: ModelSettings[] }} */
      let facts;
      try {
        facts = await this.#within(lease.call("openCandidate", { file: this.#file, bytes }));
      } catch (error) {
        // What it is made of can be shown all the same, unless the worker is gone.
        if (error instanceof DigitlabError && error.code === "model_unsupported" && !this.#slow) {
          return { description, fits: null, error, candidates: [], best: null, warnings: [] };
        }
        throw error;
      }
      const settings = wanted ?? facts.usual;
      const { candidates, best, fits } = await this.#tryAll(lease, settings, await known, facts);
      return { description, fits, error: null, candidates, best, warnings: warnings(best, fits) };
    });
  }

  /**
   * Makes sure that a model can be used.
   * @param {import("./pool.js").Pool} pool
   * @param {Uint8Array} bytes
   * @param {ModelSettings} settings
   * @returns {Promise<{ description: Description, fits: Fitting }>}
   */
  async check(pool, bytes, settings) {
    return this.#guarded(pool, async (lease) => ({
      description: await this.#within(lease.call("describeModel", { file: this.#file, bytes })),
      fits: await this.#within(lease.call("openCandidate", { file: this.#file, bytes, settings })),
    }));
  }

  /**
   * @param {import("./lease.js").Lease} lease
   * @param {ModelSettings[]} settings
   * @param {KnownDigits} known
   * @param {Fitting} facts
   */
  async #tryAll(lease, settings, { levels, digits }, facts) {
    const call = async (/** @type {ModelSettings} */ settings, /** @type {number} */ start, /** @type {number} */ end) => {
      const [from, to] = [start * 784, end * 784];
      const args = { settings, levels: levels.slice(from, to), digits: digits.slice(start, end) };
      return /** @type {Promise<any>} */ (this.#within(lease.call("tryCandidate", args)));
    };
    // The first tell how long one takes.
    const probe = await call(settings[0] ?? /** @type {ModelSettings} */ ({}), 0, 4);
    const affordable = Math.floor((TRIALS * 4) / Math.max(probe.elapsed, 0.1) / settings.length);
    const pictures = Math.min(digits.length, Math.max(FEWEST, affordable));
    const chunk = Math.max(1, Math.ceil((4 * 250) / Math.max(probe.elapsed, 0.1)));
    /** @type {(Candidate & Fitting)[]} */
    const tried = [];
    let done = 0;
    for (const each of settings) {
      let [right, loss] = [0, 0];
      let fits = facts;
      for (let start = 0; start < pictures; start += chunk) {
        const end = Math.min(start + chunk, pictures);
        const trial = await call(each, start, end);
        right += trial.right;
        loss += trial.loss * (end - start);
        fits = trial;
        this.#options.onProgress?.({ done: (done += end - start), total: settings.length * pictures, unit: "images" });
      }
      const { layout, bytes, probabilities, work } = fits;
      tried.push({ settings: each, pictures, right, accuracy: right / pictures, loss: loss / pictures, layout, bytes, probabilities, work });
    }
    const args = { pictures, right: tried.map(({ right }) => right), losses: tried.map(({ loss }) => loss) };
    const first = await this.#within(lease.call("bestTrial", args));
    const best = tried[first];
    const others = tried.filter((each) => each !== best).sort((a, b) => b.right - a.right || a.loss - b.loss);
    const candidates = [...(best ? [best] : []), ...others].map(({ settings, pictures, right, accuracy, loss }) => ({ settings, pictures, right, accuracy, loss }));
    const { layout, bytes, probabilities, work } = best ?? facts;
    return { candidates, best: candidates[0] ?? null, fits: { layout, bytes, probabilities, work } };
  }

  /**
   * Waits for a worker, but not for ever.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  async #within(promise) {
    const clock = setTimeout(() => {
      this.#slow = true;
      this.#controller.abort();
    }, PATIENCE);
    try {
      return await promise;
    } finally {
      clearTimeout(clock);
    }
  }

  /**
   * @template T
   * @param {import("./pool.js").Pool} pool
   * @param {(lease: import("./lease.js").Lease) => Promise<T>} task
   */
  async #guarded(pool, task) {
    try {
      return await pool.run(task, { signal: this.#controller.signal });
    } catch (error) {
      if (this.#slow) {
        const reason = `it took more than ${PATIENCE / 1_000} seconds, and was stopped`;
        throw new DigitlabError("model_unsupported", `The model ${this.#file} cannot be used: ${reason}.`, { file: this.#file, reason });
      }
      if (error instanceof DigitlabError && error.code === "crashed") {
        const reason = `what ran it has stopped (${error.detail.reason ?? "no reason is known"})`;
        const message = `The model ${this.#file} cannot be used: ${reason}. Nothing else was lost.`;
        throw new DigitlabError("model_unsupported", message, { file: this.#file, reason }, { cause: error });
      }
      throw error;
    } finally {
      // The caller's signal is let go.
      this.#controller.abort();
    }
  }
}

/**
 * @param {Candidate | null} best
 * @param {Fitting} fits
 */
function warnings(best, { work }) {
  const found = [];
  if (best && best.accuracy < POOR) {
    const rate = (100 * best.accuracy).toFixed(0);
    found.push(`However it was shown known digits, it was right about ${rate} of a hundred at most; the best was ${settingsInWords(best.settings)}. It may be for something else than digits, or want them otherwise.`);
  }
  if (work > 1e9) found.push("It is large: an answer may take a second or more.");
  return found;
}
