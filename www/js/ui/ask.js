import { whenClosed } from "./closing.js";
import { element } from "./elements.js";

/** Asks before something is lost, in a dialog whose markup is `views/ask.html`. */
export class Ask {
  #dialog;
  #title;
  #text;
  #yes;
  #no;
  /** @type {(answer: boolean) => void} */
  #answer = () => {};

  /**
   * @param {string} id the dialog's
   * @param {AbortSignal} signal
   */
  constructor(id, signal) {
    this.#dialog = element(id, HTMLDialogElement);
    this.#title = element(`${id}-title`, HTMLElement);
    this.#text = element(`${id}-text`, HTMLElement);
    this.#yes = element(`${id}-yes`, HTMLButtonElement);
    this.#no = element(`${id}-no`, HTMLButtonElement);
    this.#yes.addEventListener("click", () => this.#close(true), { signal });
    this.#no.addEventListener("click", () => this.#close(false), { signal });
    // By the Escape key.
    whenClosed(this.#dialog, () => this.#answer(false), signal);
  }

  /**
   * @param {{ title: string, text: string, yes: string, no: string }} words
   * @returns {Promise<boolean>}
   */
  ask({ title, text, yes, no }) {
    this.#answer(false);
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#yes.textContent = yes;
    this.#no.textContent = no;
    this.#dialog.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** @param {boolean} answer */
  #close(answer) {
    this.#answer(answer);
    this.#dialog.close();
  }
}
