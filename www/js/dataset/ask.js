import { element } from "../ui/elements.js";

/** Asks before something is lost. */
export class Ask {
  #dialog = element("dataset-ask", HTMLDialogElement);
  #title = element("dataset-ask-title", HTMLElement);
  #text = element("dataset-ask-text", HTMLElement);
  #yes = element("dataset-ask-yes", HTMLButtonElement);
  #no = element("dataset-ask-no", HTMLButtonElement);
  /** @type {(answer: boolean) => void} */
  #answer = () => {};

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#yes.addEventListener("click", () => this.#close(true), { signal });
    this.#no.addEventListener("click", () => this.#close(false), { signal });
    // By the Escape key.
    this.#dialog.addEventListener("close", () => this.#answer(false), { signal });
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
