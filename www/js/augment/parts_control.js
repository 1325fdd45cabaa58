import { make } from "../ui/make.js";
import { RangeControl } from "./range_control.js";

/** What the parts of a parameter are called, by its kind or by the lists that it takes; without any it is only taken whole. */
const PARTS = {
  axes: { names: ["x", "y"], titles: ["Across", "Down"], together: "Both axes", apart: "Each axis" },
  channels: { names: ["0", "1", "2"], titles: ["Red", "Green", "Blue"], together: "All channels", apart: "Each channel" },
  sides: { names: ["0", "1", "2", "3"], titles: ["Top", "Right", "Bottom", "Left"], together: "All sides", apart: "Each side" },
  items: { names: [], titles: [], together: "", apart: "" },
};

/** A range for all of something, or one for each part: for both axes, for all channels, for all sides. */
export class PartsControl {
  root;
  #named;
  #part;
  #whole;
  #parts;
  #absent;
  #edited;
  #frame;
  /** @type {unknown} */
  #value;

  /**
   * @param {import("./parameter_row.js").ParameterField} field
   * @param {import("./parameter_row.js").ControlOptions} options
   * @param {AbortSignal} signal
   */
  constructor(field, { label, describedBy, edited }, signal) {
    const { names, titles, together, apart } = PARTS[field.lists ?? "axes"];
    this.#named = field.kind === "axes";
    this.#absent = field.absent;
    this.#edited = edited;
    this.#whole = new RangeControl(field, { label, describedBy, edited: (value) => this.#take(value) }, signal);
    this.#parts = titles.map((title, at) => {
      const part = { label: `${label}, ${title.toLowerCase()}`, describedBy, edited: (/** @type {unknown} */ value) => this.#takePart(names[at] ?? "", value) };
      return { name: names[at] ?? "", control: new RangeControl(field, part, signal), title };
    });
    this.#part = make("input", { class: "switch__input", type: "checkbox", role: "switch", "aria-label": `${label}: ${apart.toLowerCase()} on its own`, "aria-describedby": describedBy });
    this.#part.addEventListener("change", () => this.#split(this.#part.checked), { signal });
    this.#frame = make(
      "div",
      { class: "parts-of-range" },
      ...this.#parts.map(({ control, title }) => make("div", { class: "parts-of-range__part" }, make("span", { class: "parts-of-range__name" }, title), control.root)),
    );
    const choice = titles.length > 0 ? [make("label", { class: "switch parts-of-range__switch", title: together }, this.#part, apart)] : [];
    this.root = make("div", { class: "parts-of-range-control" }, this.#whole.root, this.#frame, ...choice);
    this.value = field.default;
  }

  /** @param {unknown} value */
  set value(value) {
    this.#value = value;
    const split = this.#parts.length > 0 && this.#isSplit(value);
    this.#part.checked = split;
    this.#whole.root.hidden = split;
    this.#frame.hidden = !split;
    if (!split) {
      this.#whole.value = value;
      return;
    }
    const parts = /** @type {Record<string, unknown>} */ (value);
    // One number is always taken.
    for (const { name, control } of this.#parts) {
      const part = parts[name] ?? this.#absent;
      control.value = typeof part === "number" ? [part, part] : part;
    }
  }

  get inputs() {
    return this.#part.checked ? this.#parts.flatMap(({ control }) => control.inputs) : this.#whole.inputs;
  }

  /** @param {unknown} value */
  #isSplit(value) {
    if (this.#named) return typeof value === "object" && value !== null && !Array.isArray(value);
    return Array.isArray(value) && value.length === this.#parts.length && (value.length > 2 || value.some(Array.isArray));
  }

  /** @param {boolean} split */
  #split(split) {
    const parts = /** @type {Record<string, unknown>} */ (this.#value ?? {});
    const first = this.#parts[0]?.name ?? "";
    const value = split ? this.#joined(() => this.#value) : typeof parts[first] === "number" ? [parts[first], parts[first]] : parts[first];
    this.value = value;
    this.#edited(value);
  }

  /** @param {unknown} value */
  #take(value) {
    this.#value = value;
    this.#edited(value);
  }

  /**
   * @param {string} changed
   * @param {unknown} value
   */
  #takePart(changed, value) {
    const parts = /** @type {Record<string, unknown>} */ (this.#value);
    // Lists are of one kind: where one part is a range, all are.
    const ranged = (/** @type {unknown} */ part) => (typeof part === "number" ? [part, part] : part);
    this.#take(this.#joined((name) => (name === changed ? value : ranged(parts[name]))));
  }

  /** @param {(name: string) => unknown} part */
  #joined(part) {
    if (!this.#named) return this.#parts.map(({ name }) => part(name));
    return Object.fromEntries(this.#parts.map(({ name }) => [name, part(name)]));
  }
}
