import { DigitlabError, reasonOf } from "./errors.js";

/**
 * A part of the lab that is loaded when it is first needed, and again when that went wrong.
 * @template {{ close(): unknown }} T
 */
export class LazyPart {
  #what;
  #load;
  /** @type {Promise<T> | undefined} */
  #loading;
  /** @type {T | undefined} */
  #loaded;
  #closed = false;

  /**
   * @param {string} what What the part does, for the sentence that it could not be loaded.
   * @param {() => Promise<T>} load
   */
  constructor(what, load) {
    this.#what = what;
    this.#load = load;
  }

  /** The part, if it is there. */
  get loaded() {
    return this.#loaded;
  }

  get() {
    return (this.#loading ??= this.#begin());
  }

  /** Closes the part; one that is on its way, or asked for later, is closed when it comes. */
  close() {
    this.#closed = true;
    this.#loaded?.close();
  }

  async #begin() {
    try {
      const part = await this.#load();
      if (this.#closed) part.close();
      this.#loaded = part;
      return part;
    } catch (cause) {
      this.#loading = undefined;
      if (cause instanceof DigitlabError) throw cause;
      const reason = reasonOf(cause);
      const message = `The part that ${this.#what} could not be loaded (${reason}). Check the connection and try again.`;
      throw new DigitlabError("network", message, { reason }, { cause });
    }
  }
}
