/**
 * Does one job at a time; of those that come meanwhile only the newest is done after it. So there is always an answer
 * that is nearly new, and never a queue.
 */
export class Newest {
  #running = false;
  /** @type {(() => Promise<void>) | null} */
  #next = null;

  /** @param {() => Promise<void>} job deals with its own failures */
  run(job) {
    this.#next = job;
    if (!this.#running) void this.#work();
  }

  /** Whether there is one to be done after the one that runs. */
  get waits() {
    return this.#next !== null;
  }

  /** What waits is not done. */
  drop() {
    this.#next = null;
  }

  async #work() {
    this.#running = true;
    try {
      for (let job = this.#next; job; job = this.#next) {
        this.#next = null;
        await job();
      }
    } finally {
      this.#running = false;
    }
  }
}
