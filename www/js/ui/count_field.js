import { count } from "./format.js";
import { NumberField } from "./number_field.js";

/** How many of something, within the limits the page itself states. */
export class CountField extends NumberField {
  #message;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} message
   * @param {(count: number) => void} changed called with a right count only
   * @param {AbortSignal} signal
   */
  constructor(input, message, changed, signal) {
    super(input, () => this.#check(changed), signal);
    this.#message = message;
  }

  /** @param {(count: number) => void} changed */
  #check(changed) {
    const { value, min, max } = this;
    this.#message.textContent = value === null ? `How many must be a whole number from ${count(min)} to ${count(max)}.` : "";
    if (value === null) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
    if (value !== null) changed(value);
  }
}
