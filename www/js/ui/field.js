import { count } from "./format.js";

/**
 * One field of the request: its control, its help and its error. It keeps what was typed, letter by letter; what is
 * right and wrong about it is said by the engine alone.
 */
export class Field {
  /** @type {HTMLElement} */
  #frame;
  /** @type {HTMLElement} */
  #error;

  /**
   * @param {HTMLElement} control what carries the name, and is told to be wrong
   * @param {() => void} edited called after every change by the person
   */
  constructor(control, edited) {
    this.control = control;
    this.name = control.id;
    this.edited = edited;
    this.#frame = /** @type {HTMLElement} */ (control.closest(".field"));
    this.#error = /** @type {HTMLElement} */ (this.#frame.querySelector(".field__error"));
  }

  /** What was typed or chosen. */
  get text() {
    return "";
  }

  /** @param {string} text */
  set text(text) {
    throw new Error(`${this.name} cannot take ${text}.`);
  }

  /** What it is on a fresh page; such a value is left out of the address. */
  get initial() {
    return "";
  }

  /** @param {import("../lab/digitlab.js").FieldInfo} info what the engine says about it */
  limit({ min, max }) {
    const range = this.#frame.querySelector("[data-range]");
    if (range && max !== undefined) range.textContent = `, ${min === undefined ? "at most" : `${count(min)} to`} ${count(max)}`;
  }

  /** The message beside it; empty means it is right. */
  get error() {
    return this.#error.textContent ?? "";
  }

  set error(message) {
    if (message === this.error) return;
    this.#error.textContent = message;
    this.#frame.toggleAttribute("data-invalid", message !== "");
    if (message) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }

  /** @param {string} text */
  set help(text) {
    const help = this.#frame.querySelector(".field__help");
    if (help && help.textContent !== text) help.textContent = text;
  }
}
