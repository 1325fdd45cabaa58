import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { NumberField } from "../ui/number_field.js";
import { SeedField } from "../ui/seed_field.js";
import { SwitchField } from "../ui/switch_field.js";
import { TextField } from "../ui/text_field.js";
import { WidthField } from "./width_field.js";

/** @type {Record<string, string>} */
const FITS = {
  stretch: "Resamples the columns to the width below.",
  pad: "Centres the digits on a blank picture of the width below.",
  natural: "As wide as the digits, the gaps and the margins.",
};

/** @type {Record<string, string>} */
const PIPELINES = {
  seed: "Half of the digits are changed, most of them mildly.",
  visible: "Every digit is turned, bent or thickened so that one sees it.",
  strong: "Every digit is changed in several ways, up to what a person can still read.",
};

/** @typedef {Record<string, string>} RequestState what stands in each field, as text */

/** All fields of the request. It reads and writes them as text and puts the engine's words beside the field that is wrong. */
export class RequestForm {
  /** @type {Map<string, import("../ui/field.js").Field>} */
  #fields = new Map();
  #number;
  #width;
  #fit;
  #pipeline;
  #seed;

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
    /** @param {string} name */
    const number = (name) => new NumberField(input(name), change, signal);
    /** @param {string} name */
    const choice = (name) => new ChoiceField(element(name, HTMLElement), change, signal);

    this.#number = new TextField(input("number"), change, signal);
    this.#seed = new SeedField(
      { input: input("seed"), dice: element("seed-dice", HTMLButtonElement), lock: element("seed-lock", HTMLButtonElement) },
      { draw: drawSeed, edited, settings },
      signal,
    );
    this.#fit = choice("fit");
    this.#width = new WidthField(input("image_width"), input("image_width-auto"), change, signal);
    // Choosing another picture of the seed must keep the seed, whatever the lock says.
    const index = new NumberField(input("index"), edited, signal);
    const tight = new SwitchField(input("tight"), change, signal);
    // What is done to the digits must show on the same digits, whatever the lock says.
    const same = () => {
      this.#relate();
      edited();
    };
    this.#pipeline = new ChoiceField(element("pipeline", HTMLElement), same, signal);

    // In the order of the address.
    for (const field of [
      this.#number,
      this.#seed,
      index,
      number("spacing_min"),
      number("spacing_max"),
      this.#width,
      this.#fit,
      choice("split"),
      choice("ink"),
      number("margin"),
      tight,
      new SwitchField(input("augment"), same, signal),
      this.#pipeline,
    ]) {
      this.#fields.set(field.name, field);
    }
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
    return toRequest({ ...this.state, image_width: this.#width.effective });
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
    this.#fit.help = FITS[this.#fit.text] ?? "";
    this.#pipeline.help = PIPELINES[this.#pipeline.text] ?? "Steps of your own, from the address.";
    this.#width.follow(this.#number.text.trim().length, this.#fit.text === "natural");
  }
}

/**
 * @param {RequestState} state
 * @returns {import("../lab/digitlab.js").SequenceRequest}
 */
function toRequest(state) {
  /** @type {Record<string, unknown>} */
  const request = { ...state };
  for (const name of ["index", "spacing_min", "spacing_max", "image_width", "margin"]) {
    request[name] = toNumber(state[name] ?? "");
  }
  for (const name of ["tight", "augment"]) {
    if (state[name] === "true" || state[name] === "false") request[name] = state[name] === "true";
  }
  request.pipeline = toPipeline(state.pipeline ?? "");
  if (state.fit === "natural") delete request.image_width;
  return /** @type {import("../lab/digitlab.js").SequenceRequest} */ (request);
}

/**
 * A preset's name, or the steps that an address holds as JSON; what is neither is for the engine to refuse by name.
 *
 * @param {string} text
 * @returns {unknown}
 */
function toPipeline(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * A number if it reads as one; else the text as it is, for the engine to refuse by name.
 *
 * @param {string} text
 */
function toNumber(text) {
  const value = Number(text);
  // A whole number beyond 2^53 would be rounded: the text says which one was meant.
  return /^-?\d+(\.\d+)?$/.test(text.trim()) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}
