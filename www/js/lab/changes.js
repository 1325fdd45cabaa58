/**
 * Who wants to hear of changes to what the browser keeps: here, and in the other tabs and workers of this site.
 * @template T
 */
export class Changes {
  /** @type {BroadcastChannel | null} */
  #others = null;
  /** @type {Set<(change: T) => void>} */
  #listeners = new Set();
  #hear;

  /**
   * @param {string} name That of what changes.
   * @param {(change: T) => void} [hear] Hears of every change first.
   */
  constructor(name, hear = () => {}) {
    this.#hear = hear;
    if (typeof BroadcastChannel === "undefined") return;
    this.#others = new BroadcastChannel(name);
    this.#others.addEventListener("message", ({ data }) => this.#spread(data));
  }

  /**
   * @param {(change: T) => void} listener
   * @param {AbortSignal} [signal]
   */
  subscribe(listener, signal) {
    if (signal?.aborted) return;
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Tells everybody, here and elsewhere.
   * @param {T} change
   */
  tell(change) {
    this.#others?.postMessage(change);
    this.#spread(change);
  }

  /**
   * Tells those who listen here.
   * @param {T} change
   */
  tellHere(change) {
    for (const listener of [...this.#listeners]) listener(change);
  }

  close() {
    this.#others?.close();
    this.#others = null;
    this.#listeners.clear();
  }

  /** @param {T} change */
  #spread(change) {
    this.#hear(change);
    this.tellHere(change);
  }
}
