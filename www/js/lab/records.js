import { DigitlabError, reasonOf } from "./errors.js";

/** @typedef {import("./record_log.js").RecordLog} RecordLog */
/** @typedef {import("./record_log.js").RecordChange} RecordChange */

/**
 * @template {keyof RecordLog} K
 * @typedef {RecordLog[K] extends (...args: infer A) => unknown ? A : never} Given
 */

/** The record log of a lab: it is loaded when it is first used. */
export class Records {
  /** Told of why an answer could not be recorded. @type {((warning: string) => void) | null} */
  onWarning = null;
  /** @type {Promise<RecordLog> | null} */
  #log = null;
  /** @type {RecordLog | null} */
  #here = null;

  /** Whether answers are recorded. */
  get enabled() {
    if (this.#here) return this.#here.enabled;
    try {
      return globalThis.localStorage?.getItem("digitlab.records") !== "off";
    } catch {
      return true;
    }
  }

  /**
   * Records an answer: `{ id, time }`, or `{ off: true }` when the log is switched off, or `{ warning }`, a sentence, when
   * it cannot take it. An answer never fails because of the log.
   *
   * @param {import("./record_log.js").RecordToAdd} record
   */
  async add(record) {
    return this.#warned(async (log) => log.add(record));
  }

  /**
   * Records many answers at once: `{ added: [{ id, time }] }`, or as `add`.
   *
   * @param {import("./record_log.js").RecordToAdd[]} records
   */
  async addMany(records) {
    return this.#warned(async (log) => log.addMany(records));
  }

  /** @param {Given<"list">} given */
  async list(...given) {
    return (await this.#loaded()).list(...given);
  }

  /** @param {Given<"ids">} given */
  async ids(...given) {
    return (await this.#loaded()).ids(...given);
  }

  /** @param {Given<"count">} given */
  async count(...given) {
    return (await this.#loaded()).count(...given);
  }

  /** @param {Given<"get">} given */
  async get(...given) {
    return (await this.#loaded()).get(...given);
  }

  /** @param {Given<"getMany">} given */
  async getMany(...given) {
    return (await this.#loaded()).getMany(...given);
  }

  /** @param {Given<"values">} given */
  async values(...given) {
    return (await this.#loaded()).values(...given);
  }

  /** @param {Given<"delete">} given */
  async delete(...given) {
    return (await this.#loaded()).delete(...given);
  }

  /** @param {Given<"restore">} given */
  async restore(...given) {
    return (await this.#loaded()).restore(...given);
  }

  async clear() {
    return (await this.#loaded()).clear();
  }

  async reset() {
    return (await this.#loaded()).reset();
  }

  /** @param {Given<"export">} given */
  async export(...given) {
    return (await this.#loaded()).export(...given);
  }

  async usage() {
    return (await this.#loaded()).usage();
  }

  /** @param {boolean} enabled */
  async enable(enabled) {
    return (await this.#loaded()).enable(enabled);
  }

  /**
   * Tells of every change, also by other tabs and workers.
   *
   * @param {(change: RecordChange) => void} listener
   * @param {AbortSignal} [signal]
   */
  async subscribe(listener, signal) {
    (await this.#loaded()).subscribe(listener, signal);
  }

  close() {
    this.#log?.then((log) => log.close()).catch(() => {});
    this.#log = null;
    this.#here = null;
  }

  async #loaded() {
    try {
      return await (this.#log ??= this.#load());
    } catch (cause) {
      this.#log = null;
      const reason = reasonOf(cause);
      const message = `The record log could not be loaded (${reason}). Check the connection and try again.`;
      throw new DigitlabError(globalThis.navigator?.onLine === false ? "offline" : "network", message, { reason }, { cause });
    }
  }

  async #load() {
    const { RecordLog } = await import("./record_log.js");
    this.#here = new RecordLog();
    return this.#here;
  }

  /**
   * @template T
   * @param {(log: RecordLog) => Promise<T>} work
   * @returns {Promise<T | { warning: string }>}
   */
  async #warned(work) {
    let log;
    try {
      log = await this.#loaded();
    } catch (error) {
      const warning = `The answer stands, but it was not recorded. ${reasonOf(error)}`;
      this.onWarning?.(warning);
      return { warning };
    }
    const outcome = await work(log);
    if (typeof outcome === "object" && outcome && "warning" in outcome) this.onWarning?.(String(outcome.warning));
    return outcome;
  }
}
