/** How long, in milliseconds, changes are gathered: browsers allow an address to be changed only so often. */
const DELAY = 200;

/** Those of all places. @type {Set<KeptAddress>} */
const living = new Set();

/** Loads the page again as it is shown: which address that will be a browser has settled before it says that the page goes. */
export function reload() {
  for (const address of living) address.now();
  location.reload();
}

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
    living.add(this);
    signal.addEventListener("abort", () => living.delete(this), { once: true });
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
