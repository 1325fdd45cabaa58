/** Speaks to screen readers, politely: only the latest message of a burst is said. */
export class Status {
  #root;
  #timer = 0;

  /** @param {HTMLElement} root a live region */
  constructor(root) {
    this.#root = root;
  }

  /**
   * @param {string} text
   * @param {number} [delay] milliseconds to wait for something newer
   */
  say(text, delay = 0) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#root.textContent = text), delay);
  }
}
