import { make } from "../ui/make.js";
import { NumberBox } from "./number_box.js";
import { share, slider, stretch } from "./number_control.js";
import { SliderScale } from "./slider_scale.js";

/** Two numbers between which one is drawn: a slider with two handles and two boxes; or one number, which is then always taken. */
export class RangeControl {
  root;
  #scale;
  #single;
  /** @type {[unknown, unknown]} */
  #ends = [0, 0];
  /** The ends before they became one. @type {[unknown, unknown] | null} */
  #wide = null;
  #sliders;
  #boxes;
  #one;
  #between = make("span", { class: "range-control__between" }, "to");
  #edited;

  /**
   * @param {import("./parameter_row.js").ParameterField} field
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor(field, { label, describedBy, edited }, signal) {
    const scale = (this.#scale = new SliderScale({ ...field, step: field.step ?? 1 }));
    this.#single = field.single;
    this.#edited = edited;
    const names = [`${label}, lowest`, `${label}, highest`];
    this.#sliders = names.map((name) => slider(name, describedBy));
    this.#boxes = names.map((name, end) => {
      const box = new NumberBox({ label: name, describedBy, scale, edited: (value) => this.#typed(end, value) }, signal);
      box.limit(field.min, field.max);
      return box;
    });
    for (const [end, input] of this.#sliders.entries()) input.addEventListener("input", () => this.#slide(end, input), { signal });
    this.#one = make("button", { class: "button button--small", type: "button", "aria-pressed": "false" }, "One value");
    this.#one.addEventListener("click", () => this.#toggle(), { signal });
    const [low, high] = this.#boxes;
    this.root = make(
      "div",
      { class: "range-control" },
      make("div", { class: "range-control__slider" }, ...this.#sliders),
      make("div", { class: "range-control__boxes" }, low?.input ?? "", this.#between, high?.input ?? "", this.#one),
    );
  }

  /** @param {unknown} value */
  set value(value) {
    this.#ends = bothEnds(value, this.#single, this.#scale);
    const [low, high] = this.#ends;
    this.#scale.include(...this.#ends.filter((end) => typeof end === "number"));
    for (const input of this.#sliders) stretch(input, this.#scale);
    this.#show(low === high);
    this.#write();
  }

  get inputs() {
    return this.#boxes.map((box) => box.input);
  }

  get #isOne() {
    return this.#one.getAttribute("aria-pressed") === "true";
  }

  /** @param {boolean} one */
  #show(one) {
    this.#one.setAttribute("aria-pressed", String(one));
    this.root.toggleAttribute("data-one", one);
    for (const part of [this.#sliders[0], this.#boxes[0]?.input, this.#between]) if (part) part.hidden = one;
  }

  #write() {
    for (const [end, value] of this.#ends.entries()) {
      const [box, input] = [this.#boxes[end], this.#sliders[end]];
      if (box) box.value = value;
      if (input && typeof value === "number") input.value = String(value);
    }
    this.#paint();
  }

  #paint() {
    const [low, high] = this.#ends;
    if (typeof low !== "number" || typeof high !== "number") return;
    const { min, max } = this.#scale;
    const from = this.#isOne ? Math.min(high, Math.max(min, Math.min(max, 0))) : low;
    const to = this.#isOne ? Math.max(high, Math.max(min, Math.min(max, 0))) : high;
    this.root.style.setProperty("--from", String(share(from, this.#scale)));
    this.root.style.setProperty("--to", String(share(to, this.#scale)));
  }

  /**
   * A handle that meets the other one takes it along.
   *
   * @param {number} end
   * @param {HTMLInputElement} input
   */
  #slide(end, input) {
    const value = this.#scale.at(input.valueAsNumber);
    const [low, high] = this.#ends;
    if (this.#isOne) this.#ends = [value, value];
    else if (end === 0) this.#ends = [value, typeof high === "number" ? Math.max(value, high) : high];
    else this.#ends = [typeof low === "number" ? Math.min(value, low) : low, value];
    this.#write();
    this.#edited([...this.#ends]);
  }

  /**
   * @param {number} end
   * @param {number | string} value
   */
  #typed(end, value) {
    this.#ends = this.#isOne ? [value, value] : end === 0 ? [value, this.#ends[1]] : [this.#ends[0], value];
    if (typeof value === "number") {
      this.#scale.include(value);
      for (const [at, input] of this.#sliders.entries()) {
        stretch(input, this.#scale);
        const shown = this.#ends[at];
        if (typeof shown === "number") input.value = String(shown);
      }
    }
    this.#paint();
    this.#edited([...this.#ends]);
  }

  #toggle() {
    const one = !this.#isOne;
    const [low, high] = this.#ends;
    this.#ends = one ? [high, high] : (this.#wide ?? widened(high, this.#scale));
    this.#wide = one ? [low, high] : null;
    this.#show(one);
    this.#write();
    this.#edited([...this.#ends]);
  }
}

/**
 * The two ends that a value means; one number means what the engine says it does.
 *
 * @param {unknown} value
 * @param {unknown} single
 * @param {SliderScale} scale
 * @returns {[unknown, unknown]}
 */
function bothEnds(value, single, scale) {
  if (Array.isArray(value)) return [value[0], value[1]];
  if (typeof value !== "number") return [value, value];
  if (single === "symmetric") return [-Math.abs(value), Math.abs(value)];
  if (single && typeof single === "object") {
    const { from, about } = /** @type {{ from?: number, about?: number }} */ (single);
    if (from !== undefined) return [Math.min(from, value), Math.max(from, value)];
    if (about !== undefined) return [Math.max(about - value, scale.limits.min), about + value];
  }
  return [value, value];
}

/**
 * A little room about one value.
 *
 * @param {unknown} value
 * @param {SliderScale} scale
 * @returns {[unknown, unknown]}
 */
function widened(value, scale) {
  if (typeof value !== "number") return [value, value];
  const reach = 5 * scale.step;
  return [scale.at(value - reach), scale.at(value + reach)];
}
