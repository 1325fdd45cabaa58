import { Field } from "./field.js";

/** A line of text: the number itself. */
export class TextField extends Field {
  #input;

  /**
   * @param {HTMLInputElement} input
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(input, edited, signal) {
    super(input, edited);
    this.#input = input;
    input.addEventListener("input", () => this.edited(), { signal });
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    // Writing the same text would still move the caret.
    if (this.#input.value !== text) this.#input.value = text;
  }

  select() {
    this.#input.focus();
    this.#input.select();
  }

  get initial() {
    return this.#input.defaultValue;
  }
}
