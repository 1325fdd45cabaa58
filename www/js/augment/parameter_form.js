import { icon, make } from "../ui/make.js";
import { ParameterRow } from "./parameter_row.js";
import { isNeeded } from "./transform_examples.js";

/** @typedef {import("./types.js").Step & Record<string, unknown>} FullStep */
/** @typedef {import("../lab/digitlab.js").TransformInfo} TransformInfo */

/** With more parameters than this, those that are rarely touched are folded away. */
const MANY = 5;
const OFTEN = ["axes", "number", "range", "ranges", "integer", "pair", "region"];

/** The field of a step's probability. */
const PROBABILITY = { name: "p", label: "Probability", help: "How likely the step is to run.", kind: "number", min: 0, max: 1, step: 0.05, unit: "" };

/** The controls of a step's parameters, made from the engine's description. What is right and wrong is said by the engine alone. */
export class ParameterForm {
  /** @type {Map<string, ParameterRow>} */
  #rows = new Map();
  /** @type {FullStep} */
  #step;
  /** @type {HTMLDetailsElement | null} */
  #folded = null;
  #changed;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {TransformInfo} options.info
   * @param {(step: FullStep, field: string) => void} options.changed called at once, at every move of a slider
   * @param {boolean} [options.probability] whether the step's probability is among the controls
   * @param {AbortSignal} signal
   */
  constructor(root, { info, changed, probability = false }, signal) {
    this.#changed = changed;
    this.#step = { transform: info.name };
    const rowOf = (/** @type {import("./parameter_row.js").ParameterField} */ field) => {
      const needed = isNeeded(info.name, field.name);
      const row = new ParameterRow(field, { needed, edited: (value) => this.#edit(field.name, value) }, signal);
      this.#rows.set(field.name, row);
      return row.root;
    };
    const many = info.fields.length > MANY;
    const often = info.fields.filter(({ kind }) => !many || OFTEN.includes(kind));
    const rarely = info.fields.filter((field) => !often.includes(field));
    const rows = [...(probability ? [{ ...PROBABILITY, default: info.p }] : []), ...often].map(rowOf);
    root.replaceChildren(...rows);
    root.classList.add("parameters");
    if (rarely.length > 0) {
      const names = rarely.map(({ label }) => label.toLowerCase()).join(", ");
      const summary = make("summary", {}, icon("chevron", "icon icon--turn"), make("span", {}, `${rarely.length} more`), make("span", { class: "disclosure__aside parameters__names" }, names));
      this.#folded = make("details", { class: "disclosure parameters__more" }, summary, make("div", { class: "parameters" }, ...rarely.map(rowOf)));
      root.append(this.#folded);
    }
    if (rows.length === 0 && rarely.length === 0) root.append(make("p", { class: "parameters__none" }, "It has no parameters."));
  }

  get step() {
    return this.#step;
  }

  set step(step) {
    if (step === this.#step) return;
    this.#step = step;
    for (const [name, row] of this.#rows) row.value = step[name];
  }

  /**
   * Shows what is wrong beside the field; no message means that it is right.
   *
   * @param {string} field
   * @param {string} message
   * @returns {boolean} whether there is such a field
   */
  fail(field, message) {
    const row = this.#rows.get(field);
    if (!row) return false;
    row.error = message;
    if (message && this.#folded?.contains(row.root)) this.#folded.open = true;
    return true;
  }

  /** Takes all errors away. */
  clear() {
    for (const row of this.#rows.values()) row.error = "";
  }

  /** Leads to the first field that is wrong, or to the first of all. */
  focus() {
    const rows = [...this.#rows.values()];
    (rows.find((row) => row.error) ?? rows[0])?.focus();
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #edit(name, value) {
    const step = { ...this.#step };
    if (value === undefined) delete step[name];
    else step[name] = value;
    this.#step = step;
    this.#changed(step, name);
  }
}
