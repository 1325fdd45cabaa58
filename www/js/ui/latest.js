/** Runs jobs of which only the latest matters: an older one is ended, and an answer that comes too late is dropped. */
export class Latest {
  #turn = 0;
  /** @type {AbortController | null} */
  #controller = null;

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} job
   * @returns {Promise<T | undefined>} undefined when a newer job has taken over or this one was cancelled
   */
  async run(job) {
    const turn = ++this.#turn;
    this.#controller?.abort();
    const controller = (this.#controller = new AbortController());
    try {
      const answer = await job(controller.signal);
      return turn === this.#turn ? answer : undefined;
    } catch (error) {
      if (turn !== this.#turn) return undefined;
      throw error;
    } finally {
      if (this.#controller === controller) this.#controller = null;
    }
  }

  /** Ends what runs; its answer will not be seen. */
  cancel() {
    this.#turn++;
    this.#controller?.abort();
    this.#controller = null;
  }
}
