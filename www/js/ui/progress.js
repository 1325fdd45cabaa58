import { hideFrom } from "./elements.js";
import { amount } from "./format.js";

/** Work that ends sooner than this needs no bar. */
const PATIENCE = 150;

/** Of so many parts each is said aloud, so that who does not see the bar knows that it moves. */
const SPOKEN = 4;

/** A bar with its words and a way to stop. It lies in space that is kept free for it, so nothing moves. */
export class ProgressBar {
  #root;
  #text;
  #track;
  #timer = 0;
  #spoken = document.createElement("span");
  #part = 0;
  /** What had the focus when the work began. @type {Element | null} */
  #pressed = null;
  #button;
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
    this.#spoken.className = "visually-hidden";
    this.#spoken.setAttribute("role", "status");
    root.append(this.#spoken);
    this.#button = root.querySelector("button");
    this.#button?.addEventListener("click", () => this.#cancel(), { signal });
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
    this.#part = 0;
    this.#pressed = document.activeElement;
    this.#spoken.textContent = "";
    this.#timer = setTimeout(() => this.#show(), PATIENCE);
  }

  #show() {
    this.#root.hidden = false;
    // A button that cannot be pressed again loses the focus, or keeps it in vain: it goes to what can be done now.
    if (this.#pressed?.matches(":disabled") && [this.#pressed, document.body].includes(/** @type {Element} */ (document.activeElement))) {
      this.#button?.focus({ preventScroll: true });
    }
    // A region that comes with its words is not read; so they come a moment later.
    requestAnimationFrame(() => this.#part === 0 && (this.#spoken.textContent = this.#text.textContent));
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
    const part = Math.floor(share * SPOKEN);
    if (part <= this.#part || part === SPOKEN) return;
    this.#part = part;
    this.#spoken.textContent = `${Math.round((100 * part) / SPOKEN)} percent`;
  }

  /** @param {HTMLElement} heir takes the focus, should it be on the button */
  stop(heir) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    hideFrom(this.#root, heir);
  }
}
