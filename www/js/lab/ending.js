import { DigitlabError } from "./errors.js";

/** Everything that can end a piece of work early, as one signal with one reason. */
export class Ending {
  #controller = new AbortController();
  #listeners = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Promise<never>} */
  #ended;

  /** @param {AbortSignal} [signal] The caller's, to cancel by. */
  constructor(signal) {
    this.#ended = new Promise((_, reject) => {
      this.signal.addEventListener("abort", () => reject(this.reason), { once: true });
    });
    // Whether anybody waits for the end or not, it is no unhandled failure.
    this.#ended.catch(() => {});
    if (!signal) return;
    const cancel = () => this.end(DigitlabError.aborted(signal));
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true, signal: this.#listeners.signal });
  }

  get signal() {
    return this.#controller.signal;
  }

  /** Why the work has ended early; undefined while it has not. @returns {DigitlabError | undefined} */
  get reason() {
    return this.signal.reason;
  }

  /** @param {DigitlabError} reason */
  end(reason) {
    this.#controller.abort(reason);
  }

  /** @param {number} [milliseconds] Without a number there is no limit. */
  startClock(milliseconds) {
    if (milliseconds === undefined) return;
    const message = `The work was not done within ${milliseconds} ms and was stopped.`;
    const end = () => this.end(new DigitlabError("timeout", message, { field: "timeout", value: String(milliseconds) }));
    this.#timer = setTimeout(end, milliseconds);
  }

  /**
   * The promise, or the early end, whichever comes first.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  race(promise) {
    // The loser of the race may still fail; nobody is left to hear it.
    promise.catch(() => {});
    return Promise.race([promise, this.#ended]);
  }

  /** Lets go of the caller's signal and the clock. */
  forget() {
    clearTimeout(this.#timer);
    this.#listeners.abort();
  }
}
