import { DigitlabError } from "./errors.js";

/** @typedef {import("./worker_client.js").WorkerClient} WorkerClient */

/** A worker for the time of one task. Once the task has ended, it takes no more calls. */
export class Lease {
  #client;
  #ending;
  #closed = false;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** @type {Map<string, Promise<void>>} */
  #done = new Map();

  /**
   * @param {WorkerClient} client
   * @param {import("./ending.js").Ending} ending
   */
  constructor(client, ending) {
    this.#client = client;
    this.#ending = ending;
  }

  /** Aborted when the task ended early. */
  get signal() {
    return this.#ending.signal;
  }

  /** Which data set the worker has open. */
  get dataset() {
    return this.#client.dataset;
  }

  set dataset(dataset) {
    // The worker may already be another task's.
    if (!this.#closed) this.#client.dataset = dataset;
  }

  /** The numbers of the pictures that the worker keeps. */
  get held() {
    return this.#client.held;
  }

  /** The names of the models that the worker has. */
  get models() {
    return this.#client.models;
  }

  /** What the engine says of itself: `{ version, fields }`. */
  get started() {
    return this.#client.started;
  }

  /**
   * @param {string} method
   * @param {unknown} [args]
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  async call(method, args, transfer) {
    if (this.#ending.reason) throw this.#ending.reason;
    if (this.#closed) throw new DigitlabError("closed", "This task is over.");
    const answer = this.#client.call(method, args, { transfer });
    this.#last = answer.catch(() => {});
    return answer;
  }

  /**
   * Does something for this worker once, however many calls of the task ask for it.
   * @param {string} what
   * @param {() => Promise<void>} work
   */
  once(what, work) {
    const done = this.#done.get(what) ?? work();
    this.#done.set(what, done);
    return done;
  }

  /** Ends the lease: whatever of the task still runs reaches the worker no more. */
  close() {
    this.#closed = true;
  }

  /** Resolves when every call has been answered: a worker answers in order. */
  get settled() {
    return this.#last;
  }
}
