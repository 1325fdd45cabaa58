import { hideFrom } from "./elements.js";
import { amount } from "./format.js";

/** Work that ends sooner than this needs no bar. */
const PATIENCE = 150;

/** A bar with its words and a way to stop. It lies in space that is kept free for it, so nothing moves. */
export class ProgressBar {
  #root;
  #text;
  #track;
  #timer = 0;
  /** @type {() => void} */
  #cancel = () => {};

  /**
   * @param {HTMLElement} root
   * @param {AbortSignal} signal
   */
  constructor(root, signal) {
    this.#root = root;
    this.#text = /** @type {HTMLElement} */ (root.querySelector("p"));
    this.#track = /** @type {HTMLElement} */ (root.querySelector("[role=progressbar]"));
    root.querySelector("button")?.addEventListener("click", () => this.#cancel(), { signal });
  }

  /**
   * @param {string} text said while there are no figures yet
   * @param {() => void} cancel
   */
  start(text, cancel) {
    this.#cancel = cancel;
    this.#text.textContent = text;
    this.#track.removeAttribute("aria-valuenow");
    if (!this.#root.hidden || this.#timer) return;
    this.#timer = setTimeout(() => (this.#root.hidden = false), PATIENCE);
  }

  /**
   * @param {import("../lab/digitlab.js").Progress} progress
   * @param {string} [verb]
   */
  update(progress, verb) {
    const { done, total, unit } = progress;
    const words = verb ?? (unit === "bytes" ? "Loading digits" : "Drawing");
    this.#text.textContent = `${words}: ${amount(progress)}`;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    this.#track.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    this.#track.style.setProperty("--done", String(share));
  }

  /** @param {HTMLElement} heir takes the focus, should it be on the button */
  stop(heir) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    hideFrom(this.#root, heir);
  }
}
