import { make } from "../ui/make.js";
import { NumberBox } from "./number_box.js";
import { SliderScale } from "./slider_scale.js";

/** One number: a slider and a box. */
export class NumberControl {
  root;
  #scale;
  #slider;
  #box;

  /**
   * @param {import("./parameter_row.js").ParameterField} field
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor(field, { label, describedBy, edited }, signal) {
    const { min, max } = field;
    // Whole numbers are described without a step.
    const scale = (this.#scale = new SliderScale({ ...field, step: field.step ?? 1 }));
    this.#slider = slider(label, describedBy);
    const box = (this.#box = new NumberBox({ label, describedBy, scale, edited: (value) => this.#typed(value, edited) }, signal));
    box.limit(min, max);
    this.root = make("div", { class: "number-control" }, make("div", { class: "number-control__slider" }, this.#slider), box.input);
    const slide = () => {
      const value = scale.at(this.#slider.valueAsNumber);
      box.value = value;
      this.#paint(value);
      edited(value);
    };
    this.#slider.addEventListener("input", slide, { signal });
  }

  /** @param {unknown} value */
  set value(value) {
    this.#box.value = value;
    if (typeof value === "number") this.#slide(value);
  }

  get inputs() {
    return [this.#box.input];
  }

  /**
   * @param {number | string} value
   * @param {(value: unknown) => void} edited
   */
  #typed(value, edited) {
    if (typeof value === "number") this.#slide(value);
    edited(value);
  }

  /** @param {number} value */
  #slide(value) {
    this.#scale.include(value);
    stretch(this.#slider, this.#scale);
    this.#slider.value = String(value);
    this.#paint(value);
  }

  /** @param {number} value */
  #paint(value) {
    const { min, max } = this.#scale;
    const zero = Math.min(max, Math.max(min, 0));
    this.root.style.setProperty("--from", String(share(Math.min(zero, value), this.#scale)));
    this.root.style.setProperty("--to", String(share(Math.max(zero, value), this.#scale)));
  }
}

/**
 * @param {string} label
 * @param {string} describedBy
 */
export function slider(label, describedBy) {
  return make("input", { class: "slider__input", type: "range", "aria-label": label, "aria-describedby": describedBy });
}

/**
 * @param {HTMLInputElement} input
 * @param {SliderScale} scale
 */
export function stretch(input, { min, max, step }) {
  input.min = String(min);
  input.max = String(max);
  input.step = String(step);
}

/**
 * How far along the slider a number lies, from 0 to 1.
 *
 * @param {number} value
 * @param {SliderScale} scale
 */
export function share(value, { min, max }) {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}
