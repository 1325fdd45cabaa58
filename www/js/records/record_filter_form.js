import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** @typedef {import("../lab/record_filter.js").RecordFilter} RecordFilter */

/** The names in addresses, which are the fields' ids without their start. */
const FIELDS = ["text", "result", "below", "kind", "model", "from"];

/** What the person looks for in the log. */
export class RecordFilterForm {
  #fields = new Map(FIELDS.map((name) => [name, field(name)]));
  #error = element("records-below-error", HTMLElement);

  /**
   * @param {() => void} edited called after every right change
   * @param {AbortSignal} signal
   */
  constructor(edited, signal) {
    const form = element("records-filter", HTMLFormElement);
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    form.addEventListener("input", () => this.#check() && edited(), { signal });
  }

  /** As it stands in the address. */
  get query() {
    const query = new URLSearchParams();
    for (const [name, { value }] of this.#fields) if (value.trim() !== "") query.set(name, value.trim());
    return query.toString();
  }

  set query(query) {
    const values = new URLSearchParams(query);
    for (const [name, control] of this.#fields) {
      const value = values.get(name) ?? "";
      if (control instanceof HTMLSelectElement) offer(control, value);
      control.value = value;
    }
    this.#check();
  }

  get isEmpty() {
    return this.query === "";
  }

  /** @returns {RecordFilter} */
  get filter() {
    const value = (/** @type {string} */ name) => this.#fields.get(name)?.value.trim() ?? "";
    const below = value("below");
    const kind = /** @type {RecordFilter["kind"]} */ (value("kind"));
    const filter = { text: value("text"), result: value("result"), model: value("model"), from: value("from"), kind };
    return below === "" || !this.#check() ? filter : { ...filter, belowProbability: share(below) };
  }

  clear() {
    this.query = "";
    this.#fields.get("text")?.focus();
  }

  /**
   * What can be chosen, beside what is chosen.
   *
   * @param {"model" | "from"} name
   * @param {string[]} values
   */
  offer(name, values) {
    const control = this.#fields.get(name);
    if (!(control instanceof HTMLSelectElement)) return;
    for (const value of values) offer(control, value);
  }

  #check() {
    const control = this.#fields.get("below");
    const text = control?.value.trim() ?? "";
    const right = text === "" || (share(text) >= 0 && share(text) <= 1);
    this.#error.textContent = right ? "" : `“Less sure than” is ${text}; allowed: numbers from 0 to 100.`;
    if (right) control?.removeAttribute("aria-invalid");
    else control?.setAttribute("aria-invalid", "true");
    return right;
  }
}

/** @param {string} text a number in percent, with a point or a comma */
function share(text) {
  return Number(text.replace("%", "").replace(",", ".")) / 100;
}

/** @param {string} name */
function field(name) {
  const id = `records-${name}`;
  return document.getElementById(id) instanceof HTMLSelectElement ? element(id, HTMLSelectElement) : element(id, HTMLInputElement);
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function offer(select, value) {
  if (value === "" || [...select.options].some((option) => option.value === value)) return;
  select.append(make("option", { value }, value));
}
