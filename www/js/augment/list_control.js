import { make } from "../ui/make.js";
import { NumberBox } from "./number_box.js";
import { SliderScale } from "./slider_scale.js";

/** The names of the numbers of a pair, by field; a field that is not here says it in its help. @type {Record<string, [string, string]>} */
const PAIRS = { size: ["height", "width"], tile_grid_size: ["across", "down"], holes_number_xy: ["down", "across"], shift_xy: ["across", "down"] };
const SIDES = ["left", "top", "right", "bottom"];

/** Several numbers in a fixed order: the two of a pair, or the four sides of a region. */
export class ListControl {
  root;
  #boxes;
  /** @type {unknown[]} */
  #values = [];

  /**
   * @param {import("./parameter_row.js").ParameterField} field
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor(field, { label, describedBy, edited }, signal) {
    const region = field.kind === "region";
    const names = region ? SIDES : (PAIRS[field.name] ?? ["first", "second"]);
    const limits = region ? { min: 0, max: 1, step: 0.05 } : { min: field.min, max: field.max, step: 1 };
    const scale = new SliderScale(limits);
    this.#boxes = names.map((name, at) => {
      /** @param {number | string} value */
      const typed = (value) => {
        this.#values = names.map((_, k) => (k === at ? value : this.#values[k]));
        edited([...this.#values]);
      };
      const box = new NumberBox({ label: `${label}, ${name}`, describedBy, scale, edited: typed }, signal);
      box.limit(limits.min, limits.max);
      return box;
    });
    const parts = this.#boxes.map((box, at) =>
      make("div", { class: "parts-control__part" }, make("span", { class: "parts-control__name", "aria-hidden": "true" }, names[at] ?? ""), box.input),
    );
    this.root = make("div", { class: region ? "parts-control parts-control--four" : "parts-control" }, ...parts);
  }

  /** @param {unknown} value */
  set value(value) {
    this.#values = Array.isArray(value) ? [...value] : this.#boxes.map(() => value);
    for (const [at, box] of this.#boxes.entries()) box.value = this.#values[at];
  }

  get inputs() {
    return this.#boxes.map((box) => box.input);
  }
}
