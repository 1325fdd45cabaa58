import { Field } from "./field.js";

/** On or off, as the text `true` or `false`. */
export class SwitchField extends Field {
  #input;
  #text;

  /**
   * @param {HTMLInputElement} input
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(input, edited, signal) {
    super(input, edited);
    this.#input = input;
    this.#text = this.initial;
    input.addEventListener(
      "change",
      () => {
        this.#text = String(input.checked);
        this.edited();
      },
      { signal },
    );
  }

  get text() {
    return this.#text;
  }

  set text(text) {
    this.#text = text;
    this.#input.checked = text === "true";
  }

  get initial() {
    return String(this.#input.defaultChecked);
  }
}
