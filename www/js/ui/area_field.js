import { Field } from "./field.js";

/** Several lines of text. */
export class AreaField extends Field {
  #area;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(area, edited, signal) {
    super(area, edited);
    this.#area = area;
    area.addEventListener("input", () => this.edited(), { signal });
  }

  get text() {
    return this.#area.value;
  }

  set text(text) {
    if (this.#area.value !== text) this.#area.value = text;
  }

  focus() {
    this.#area.focus();
  }

  get initial() {
    return this.#area.defaultValue;
  }
}
