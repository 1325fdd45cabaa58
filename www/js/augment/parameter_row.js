import { make } from "../ui/make.js";
import { BooleanControl, ChoiceControl, ChoicesControl } from "./choice_control.js";
import { FillControl } from "./fill_control.js";
import { ListControl } from "./list_control.js";
import { NumberControl } from "./number_control.js";
import { PartsControl } from "./parts_control.js";
import { RangeControl } from "./range_control.js";

/** @typedef {import("../lab/digitlab.js").TransformInfo["fields"][number] & { names?: string[], nullable?: boolean, lists?: "channels" | "sides" | "items", absent?: number }} ParameterField */

/**
 * @typedef {object} ControlOptions
 * @property {string} label What it is called by those who do not see what stands beside it.
 * @property {string} describedBy Ids of its help and its error.
 * @property {(value: unknown) => void} edited Called at once, at every move of a slider.
 */

/**
 * @typedef {object} Control
 * @property {HTMLElement} root
 * @property {unknown} value Set to what it shows; what it cannot show is shown as text.
 * @property {HTMLElement[]} inputs Those that are told to be wrong.
 */

let rows = 0;

/** One parameter: its name, its control, its help and its error, a switch where it may be left out, and the way back to its default. */
export class ParameterRow {
  root;
  #field;
  #control;
  #error;
  #reset;
  /** @type {HTMLInputElement | null} */
  #given = null;
  /** @type {unknown} */
  #last;
  #edited;

  /**
   * @param {ParameterField} field
   * @param {object} options
   * @param {boolean} options.needed It has no default and is needed.
   * @param {(value: unknown) => void} options.edited undefined when it goes back to its default
   * @param {AbortSignal} signal
   */
  constructor(field, { needed, edited }, signal) {
    this.#field = field;
    this.#edited = edited;
    const id = `augment-parameter-${++rows}`;
    const optional = isOptional(field) && !needed;
    const help = make("p", { class: "field__help", id: `${id}-help` }, field.help);
    this.#error = make("p", { class: "field__error", id: `${id}-error` });
    this.#reset = make("button", { class: "parameter__reset", type: "button", "aria-label": `Reset ${field.label} to its default`, hidden: true }, "Reset");
    this.#reset.addEventListener("click", () => this.#toDefault(), { signal });
    const options = { label: field.label, describedBy: `${id}-help ${id}-error`, edited: (/** @type {unknown} */ value) => this.#edit(value) };
    this.#control = controlFor(field, options, signal);
    const name = make("span", { class: "parameter__name" }, field.label);
    if (field.unit) name.append(make("span", { class: "parameter__unit" }, field.unit));
    const label = make("div", { class: "parameter__head" }, name, this.#reset);
    if (optional) {
      const given = (this.#given = make("input", { class: "switch__input", type: "checkbox", role: "switch", "aria-label": `Give ${field.label}`, "aria-describedby": `${id}-help` }));
      given.addEventListener("change", () => this.#give(given.checked), { signal });
      label.append(make("label", { class: "switch" }, given));
    }
    // A switch stands beside its name.
    if (field.kind === "boolean") label.append(this.#control.root);
    const parts = field.kind === "boolean" ? [label] : [label, this.#control.root];
    this.root = make(
      "div",
      { class: "field field--bare parameter", role: "group", "aria-label": field.label, "data-field": field.name },
      ...parts,
      make("div", { class: "field__note" }, help, this.#error),
    );
  }

  /** @param {unknown} value undefined is the default */
  set value(value) {
    const shown = value === undefined ? this.#field.default : value;
    const given = shown !== null && shown !== undefined;
    const takesNull = this.#field.kind === "paint";
    if (this.#given) this.#given.checked = given;
    this.#control.root.hidden = !given && this.#given !== null;
    if (given || takesNull) this.#control.value = shown;
    if (given) this.#last = shown;
    this.#mark(value);
  }

  /** What is wrong with it, in words; empty means nothing. @param {string} message */
  set error(message) {
    if (message === this.error) return;
    this.#error.textContent = message;
    this.root.toggleAttribute("data-invalid", message !== "");
    for (const input of this.#control.inputs) {
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  get error() {
    return this.#error.textContent ?? "";
  }

  focus() {
    const target = this.#control.root.hidden ? this.#given : this.#control.inputs.find((input) => !input.hidden);
    target?.focus();
  }

  /** @param {unknown} value */
  #edit(value) {
    this.#last = value;
    this.#mark(value);
    this.#edited(value);
  }

  /** @param {boolean} given */
  #give(given) {
    const value = given ? (this.#last ?? startOf(this.#field)) : null;
    this.value = value;
    this.#edited(value);
  }

  #toDefault() {
    this.value = undefined;
    this.#edited(undefined);
    this.focus();
  }

  /** @param {unknown} value */
  #mark(value) {
    const { default: usual } = this.#field;
    this.#reset.hidden = usual === undefined || value === undefined || same(value, usual);
  }
}

/** @param {ParameterField} field */
function isOptional({ kind, default: usual }) {
  return usual === undefined && ["axes", "number", "range", "ranges", "integer", "pair"].includes(kind);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Where a parameter begins that has no default, once it is switched on.
 *
 * @param {ParameterField} field
 */
function startOf({ kind, min = 0, max = 1, step = 1 }) {
  const tidy = (/** @type {number} */ value) => Number(Math.min(max, Math.max(min, value)).toFixed(6));
  if (["axes", "range", "ranges"].includes(kind)) return min < 0 ? [tidy(-5 * step), tidy(5 * step)] : [tidy(10 * step), tidy(20 * step)];
  if (kind === "pair") return [tidy(4), tidy(4)];
  return kind === "integer" && max > 255 ? tidy(32) : tidy(0);
}

/**
 * @param {ParameterField} field
 * @param {ControlOptions} options
 * @param {AbortSignal} signal
 * @returns {Control}
 */
function controlFor(field, options, signal) {
  switch (field.kind) {
    case "number":
    case "integer":
      return new NumberControl(field, options, signal);
    case "range":
      return new RangeControl(field, options, signal);
    case "axes":
    case "ranges":
      return new PartsControl(field, options, signal);
    case "choice":
      return new ChoiceControl(field.values ?? [], options, signal);
    case "boolean":
      return new BooleanControl(options, signal);
    case "choices":
      return new ChoicesControl({ names: field.names ?? [], values: field.values ?? [], default: field.default }, options, signal);
    case "fill":
    case "paint":
    case "rgb":
      return new FillControl(field, options, signal);
    case "pair":
    case "region":
      return new ListControl(field, options, signal);
    default:
      throw new Error(`There is no control for ${field.name}, which is of the kind ${field.kind}.`);
  }
}
