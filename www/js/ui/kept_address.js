/** How long, in milliseconds, changes are gathered: browsers allow an address to be changed only so often. */
const DELAY = 200;

/** Keeps what a place shows in the address: a moment after a change, and at once before the page goes. */
export class KeptAddress {
  #keep;
  #timer = 0;

  /**
   * @param {() => void} keep Writes what is shown now.
   * @param {AbortSignal} signal
   */
  constructor(keep, signal) {
    this.#keep = keep;
    addEventListener("pagehide", () => this.now(), { signal });
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#keep, DELAY);
  }

  now() {
    clearTimeout(this.#timer);
    this.#keep();
  }
}
