import { TextField } from "./text_field.js";

/** A whole number with steps by arrow keys and buttons. Wrong text stays as typed, so that the engine can name it. */
export class NumberField extends TextField {
  #input;
  #buttons;
  #min = 0;
  #max = Number.MAX_SAFE_INTEGER;

  /**
   * @param {HTMLInputElement} input
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(input, edited, signal) {
    super(input, edited, signal);
    this.#input = input;
    this.#buttons = [...document.querySelectorAll(`button[data-step-for="${input.id}"]`)].filter(
      (button) => button instanceof HTMLButtonElement,
    );
    if (input.dataset.min) this.#min = Number(input.dataset.min);
    if (input.dataset.max) this.#max = Number(input.dataset.max);
    input.addEventListener("input", () => this.#tell(), { signal });
    input.addEventListener("keydown", (event) => this.#key(event), { signal });
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)), { signal });
    }
  }

  get text() {
    return super.text;
  }

  set text(text) {
    super.text = text;
    this.#tell();
  }

  get max() {
    return this.#max;
  }

  get min() {
    return this.#min;
  }

  /** The number, or null while it is not one within the limits. */
  get value() {
    return this.#read(this.text);
  }

  get disabled() {
    return this.#input.disabled;
  }

  set disabled(disabled) {
    this.#input.disabled = disabled;
    for (const button of this.#buttons) button.disabled = disabled;
  }

  /** @param {import("../lab/digitlab.js").FieldInfo} info */
  limit(info) {
    super.limit(info);
    const min = Number(info.min);
    const max = Number(info.max);
    if (Number.isSafeInteger(min)) {
      this.#min = min;
      this.#input.dataset.min = String(min);
      this.#input.setAttribute("aria-valuemin", String(min));
    }
    if (Number.isSafeInteger(max)) {
      this.#max = max;
      this.#input.dataset.max = String(max);
      this.#input.setAttribute("aria-valuemax", String(max));
    }
  }

  /** @param {number} by */
  step(by) {
    const text = this.text.trim();
    const now = /^-?\d+$/.test(text) ? Number(text) : Number(this.initial);
    this.text = String(Math.min(this.#max, Math.max(this.#min, now + by)));
    this.edited();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
    const by = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.step(by);
  }

  /** @param {string} text */
  #read(text) {
    const value = Number(text);
    return /^\s*\d+\s*$/.test(text) && value >= this.#min && value <= this.#max ? value : null;
  }

  #tell() {
    const value = this.#read(this.#input.value);
    if (value === null) this.#input.removeAttribute("aria-valuenow");
    else this.#input.setAttribute("aria-valuenow", String(value));
  }
}
