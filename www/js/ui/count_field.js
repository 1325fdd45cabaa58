import { count, shortened } from "./format.js";
import { NumberField } from "./number_field.js";

/** How many of something, within the limits the page itself states. */
export class CountField extends NumberField {
  #input;
  #message;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} message
   * @param {(count: number) => void} changed called with a right count only
   * @param {AbortSignal} signal
   */
  constructor(input, message, changed, signal) {
    super(input, () => this.#check(changed), signal);
    this.#input = input;
    this.#message = message;
  }

  /** @param {(count: number) => void} changed */
  #check(changed) {
    const { value, min, max } = this;
    const name = this.#input.labels?.[0]?.textContent ?? "This";
    this.#message.textContent = value === null ? `${name} is “${shortened(this.text.trim())}”; allowed: whole numbers from ${count(min)} to ${count(max)}.` : "";
    if (value === null) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
    if (value !== null) changed(value);
  }
}
