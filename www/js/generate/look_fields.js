import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { NumberField } from "../ui/number_field.js";
import { SwitchField } from "../ui/switch_field.js";
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

/** The fields of a request that say how its pictures look: all but the number, the seed and the variant. */
export class LookFields {
  /** By name, in the order of an address. @type {Map<string, import("../ui/field.js").Field>} */
  fields = new Map();
  #width;
  #fit;
  #pipeline;

  /**
   * @param {object} options
   * @param {string} [options.prefix] what the ids of the elements begin with
   * @param {() => void} options.changed
   * @param {() => void} options.augmented called when only what is done to the digits has changed
   * @param {AbortSignal} signal
   */
  constructor({ prefix = "", changed, augmented }, signal) {
    /** @param {string} name */
    const input = (name) => element(prefix + name, HTMLInputElement);
    /** @param {string} name */
    const number = (name) => new NumberField(input(name), changed, signal);
    /**
     * @param {string} name
     * @param {() => void} edited
     */
    const choice = (name, edited = changed) => new ChoiceField(element(prefix + name, HTMLElement), edited, signal);
    this.#fit = choice("fit");
    this.#width = new WidthField(input("image_width"), input("image_width-auto"), changed, signal);
    this.#pipeline = choice("pipeline", augmented);
    this.fields.set("spacing_min", number("spacing_min"));
    this.fields.set("spacing_max", number("spacing_max"));
    this.fields.set("image_width", this.#width);
    this.fields.set("fit", this.#fit);
    this.fields.set("split", choice("split"));
    this.fields.set("ink", choice("ink"));
    this.fields.set("margin", number("margin"));
    this.fields.set("tight", new SwitchField(input("tight"), changed, signal));
    this.fields.set("augment", new SwitchField(input("augment"), augmented, signal));
    this.fields.set("pipeline", this.#pipeline);
  }

  /** What to ask the engine for: the text of the width, or the automatic one. */
  get effectiveWidth() {
    return this.#width.effective;
  }

  /**
   * Fits the words beside the fields to each other.
   *
   * @param {number} digits how many the pictures show
   */
  relate(digits) {
    this.#fit.help = FITS[this.#fit.text] ?? "";
    this.#pipeline.help = PIPELINES[this.#pipeline.text] ?? "Steps of your own, from the address.";
    this.#width.follow(digits, this.#fit.text === "natural");
  }
}

/**
 * The texts of fields as the values of a request.
 *
 * @param {Record<string, string>} state
 * @returns {Record<string, unknown>}
 */
export function toValues(state) {
  /** @type {Record<string, unknown>} */
  const request = { ...state };
  for (const name of ["index", "spacing_min", "spacing_max", "image_width", "margin"]) {
    if (state[name] !== undefined) request[name] = toNumber(state[name]);
  }
  for (const name of ["tight", "augment"]) {
    if (state[name] === "true" || state[name] === "false") request[name] = state[name] === "true";
  }
  request.pipeline = toPipeline(state.pipeline ?? "");
  if (state.fit === "natural") delete request.image_width;
  return request;
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
export function toNumber(text) {
  const value = Number(text);
  // A whole number beyond 2^53 would be rounded: the text says which one was meant.
  return /^-?\d+(\.\d+)?$/.test(text.trim()) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}
