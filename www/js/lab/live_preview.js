/** @typedef {import("./variants.js").Job} Job */
/** @typedef {import("./variants.js").Variant} Variant */
/** @typedef {{ job: Job, fit: number, resolve: (made: Variant | null) => void, reject: (error: unknown) => void }} Request */

/**
 * Previews of one picture while somebody turns a knob. One is made at a time; of what is asked meanwhile only the latest
 * is made after it. The memory of a preview is used again once two newer ones have been handed out.
 */
export class LivePreview {
  #make;
  /** @type {Request | null} */
  #running = null;
  /** @type {Request | null} */
  #next = null;
  /** @type {Variant[]} */
  #out = [];
  #controller = new AbortController();

  /** @param {(job: Job, fit: number, memory: ArrayBuffer | undefined, signal: AbortSignal) => Promise<Variant>} make */
  constructor(make) {
    this.#make = make;
  }

  /**
   * @param {Job} job
   * @param {number} [fit] The longest side of the preview in pixels; 0 keeps its size.
   * @returns {Promise<Variant | null>} null when something newer was asked for, or this was closed
   */
  request(job, fit = 0) {
    if (this.#controller.signal.aborted) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#next?.resolve(null);
      this.#next = { job, fit, resolve, reject };
      if (!this.#running) void this.#run();
    });
  }

  /** Ends what runs; nothing is made any more. */
  close() {
    this.#controller.abort();
    this.#next?.resolve(null);
    this.#next = null;
    this.#out = [];
  }

  async #run() {
    const { signal } = this.#controller;
    while (this.#next) {
      const request = (this.#running = this.#next);
      this.#next = null;
      try {
        const made = await this.#make(request.job, request.fit, this.#spare(), signal);
        if (signal.aborted) {
          request.resolve(null);
        } else {
          this.#out.push(made);
          request.resolve(made);
        }
      } catch (error) {
        if (signal.aborted) request.resolve(null);
        else request.reject(error);
      }
    }
    this.#running = null;
  }

  /** Two stay: the one that is shown, and the one that it takes over from. */
  #spare() {
    return this.#out.length > 1 ? this.#out.shift()?.preview?.data.buffer : undefined;
  }
}
