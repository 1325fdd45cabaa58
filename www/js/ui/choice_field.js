import { Field } from "./field.js";

/** One of a few: radio buttons in a row. A value from an address that is none of them is kept, so that it is refused by name. */
export class ChoiceField extends Field {
  #inputs;
  #text = "";

  /**
   * @param {HTMLElement} group
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(group, edited, signal) {
    super(group, edited);
    this.#inputs = [...group.querySelectorAll("input")];
    this.#text = this.initial;
    for (const input of this.#inputs) {
      input.addEventListener(
        "change",
        () => {
          this.#text = input.value;
          this.edited();
        },
        { signal },
      );
    }
  }

  get text() {
    return this.#text;
  }

  set text(text) {
    this.#text = text;
    for (const input of this.#inputs) input.checked = input.value === text;
  }

  get initial() {
    return this.#inputs.find((input) => input.defaultChecked)?.value ?? "";
  }
}
