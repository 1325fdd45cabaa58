import { make } from "../ui/make.js";
import { readNumber, writeNumber } from "./slider_scale.js";

/** Steps by key, in steps of the field. @type {Record<string, number>} */
const KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** A box for a number. Wrong text stays as typed, so that the engine can name it. */
export class NumberBox {
  input;
  #scale;
  #edited;

  /**
   * @param {object} options
   * @param {string} options.label
   * @param {string} options.describedBy
   * @param {import("./slider_scale.js").SliderScale} options.scale its steps and limits
   * @param {(value: number | string) => void} options.edited
   * @param {AbortSignal} signal
   */
  constructor({ label, describedBy, scale, edited }, signal) {
    this.#scale = scale;
    this.#edited = edited;
    this.input = make("input", {
      class: "input input--number",
      type: "text",
      role: "spinbutton",
      inputmode: scale.limits.min < 0 ? "text" : "decimal",
      autocomplete: "off",
      "aria-label": `${label}, number`,
      "aria-describedby": describedBy,
    });
    this.input.addEventListener("input", () => this.#tell(), { signal });
    this.input.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {unknown} value */
  set value(value) {
    const text = writeNumber(value);
    // Writing the same number would move the caret, and take away a trailing point that is being typed.
    if (readNumber(this.input.value) !== value) this.input.value = text;
    this.#announce(value);
  }

  /**
   * @param {number | undefined} min
   * @param {number | undefined} max
   */
  limit(min, max) {
    if (min !== undefined) this.input.setAttribute("aria-valuemin", String(min));
    if (max !== undefined) this.input.setAttribute("aria-valuemax", String(max));
  }

  #tell() {
    const value = readNumber(this.input.value);
    this.#announce(value);
    this.#edited(value);
  }

  /** @param {unknown} value */
  #announce(value) {
    if (typeof value === "number") this.input.setAttribute("aria-valuenow", String(value));
    else this.input.removeAttribute("aria-valuenow");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = KEYS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const now = readNumber(this.input.value);
    const from = typeof now === "number" ? now : this.#scale.clamp(0);
    const value = this.#scale.at(from + by * this.#scale.step);
    this.input.value = writeNumber(value);
    this.#tell();
  }
}
