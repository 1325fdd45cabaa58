import { element } from "../ui/elements.js";
import { NumberField } from "../ui/number_field.js";
import { SeedField } from "../ui/seed_field.js";
import { TextField } from "../ui/text_field.js";
import { LookFields, toValues } from "./look_fields.js";

/** @typedef {Record<string, string>} RequestState what stands in each field, as text */

/** All fields of the request. It reads and writes them as text and puts the engine's words beside the field that is wrong. */
export class RequestForm {
  /** @type {Map<string, import("../ui/field.js").Field>} */
  #fields = new Map();
  #number;
  #seed;
  #look;

  /**
   * @param {object} options
   * @param {() => string} options.drawSeed
   * @param {() => void} options.edited
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {AbortSignal} signal
   */
  constructor({ drawSeed, edited, settings }, signal) {
    /** @param {string} name */
    const input = (name) => element(name, HTMLInputElement);
    /** An edit of anything but the seed draws a fresh one while the lock is open. */
    const change = () => {
      if (!this.#seed.locked) this.#seed.roll();
      this.#relate();
      edited();
    };
    this.#number = new TextField(input("number"), change, signal);
    this.#seed = new SeedField(
      { input: input("seed"), dice: element("seed-dice", HTMLButtonElement), lock: element("seed-lock", HTMLButtonElement) },
      { draw: drawSeed, edited, settings },
      signal,
    );
    // Choosing another picture of the seed must keep the seed, whatever the lock says.
    const index = new NumberField(input("index"), edited, signal);
    // What is done to the digits must show on the same digits, whatever the lock says.
    const augmented = () => {
      this.#relate();
      edited();
    };
    this.#look = new LookFields({ changed: change, augmented }, signal);

    // In the order of the address.
    for (const field of [this.#number, this.#seed, index]) this.#fields.set(field.name, field);
    for (const [name, field] of this.#look.fields) this.#fields.set(name, field);
  }

  /** @returns {RequestState} */
  get state() {
    return Object.fromEntries([...this.#fields].map(([name, field]) => [name, field.text]));
  }

  /** @param {RequestState} state a field that is not in it goes back to its initial text */
  set state(state) {
    for (const [name, field] of this.#fields) field.text = state[name] ?? field.initial;
    if (state.seed === undefined) this.#seed.roll();
    this.#relate();
  }

  /** The state of a fresh page, without a seed. */
  get initial() {
    return Object.fromEntries([...this.#fields].map(([name, field]) => [name, field.initial]));
  }

  /** What need not be said in a program, because the engine assumes it. */
  get defaults() {
    return toRequest({ ...this.initial, image_width: "" });
  }

  /** What to ask the engine for. */
  get request() {
    return toRequest({ ...this.state, image_width: this.#look.effectiveWidth });
  }

  /** How wide a picture of this request can be; not a number while a field is wrong. */
  get widest() {
    const { fit, image_width, number, spacing_max, margin } = this.request;
    if (fit !== "natural") return Number(image_width);
    const digits = String(number).length;
    return digits * 28 + (digits - 1) * Number(spacing_max) + 2 * Number(margin);
  }

  /** The number takes the focus, selected, so that typing replaces it. */
  focus() {
    this.#number.select();
  }

  /** @param {string} number */
  set number(number) {
    this.#number.text = number;
    this.#number.edited();
  }

  /** @param {number} index */
  set index(index) {
    const field = this.#fields.get("index");
    if (!field || field.text === String(index)) return;
    field.text = String(index);
    field.edited();
  }

  /** @param {import("../lab/digitlab.js").FieldInfo[]} infos */
  limit(infos) {
    for (const info of infos) this.#fields.get(info.name)?.limit(info);
    this.#relate();
  }

  /**
   * Shows the errors by field, and takes away those that are over.
   *
   * @param {Record<string, string>} errors
   * @returns {boolean} whether every one had a field to stand beside
   */
  fail(errors) {
    for (const [name, field] of this.#fields) field.error = errors[name] ?? "";
    return Object.keys(errors).every((name) => this.#fields.has(name));
  }

  /** Leads to the first field that is wrong. */
  focusWrong() {
    const wrong = [...this.#fields.values()].find((field) => field.error !== "");
    const control = wrong?.control;
    // A group of choices takes the focus with its chosen one.
    const target = control?.matches("input") ? control : control?.querySelector("input:checked");
    if (target instanceof HTMLElement) target.focus();
  }

  #relate() {
    this.#look.relate(this.#number.text.trim().length);
  }
}

/**
 * @param {RequestState} state
 * @returns {import("../lab/digitlab.js").SequenceRequest}
 */
function toRequest(state) {
  return /** @type {import("../lab/digitlab.js").SequenceRequest} */ (toValues(state));
}
