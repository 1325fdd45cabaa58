/** @typedef {import("./worker_client.js").WorkerClient} WorkerClient */

/** A worker for the time of one task. Once the task has ended, it takes no more calls. */
export class Lease {
  #client;
  #ending;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

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
    this.#client.dataset = dataset;
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
    const answer = this.#client.call(method, args, { transfer });
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Resolves when every call has been answered: a worker answers in order. */
  get settled() {
    return this.#last;
  }
}
