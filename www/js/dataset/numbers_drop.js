import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { Field } from "../ui/field.js";
import { bytes, counted } from "../ui/format.js";

/** @typedef {import("./types.js").NumbersFile} NumbersFile */

const MOST_BYTES = 64 * 1024 * 1024;

/** A file with a number on each line. */
export class NumbersDrop extends Field {
  #name = element("dataset-numbers-name", HTMLElement);
  #facts = element("dataset-numbers-facts", HTMLElement);
  /** @type {NumbersFile | null} */
  #file = null;

  /**
   * @param {HTMLInputElement} input
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(input, edited, signal) {
    super(input, edited);
    element("dataset-numbers-choose", HTMLButtonElement).addEventListener("click", () => input.click(), { signal });
    const chosen = () => {
      const file = input.files?.[0];
      if (file) void this.take(file);
      input.value = "";
    };
    input.addEventListener("change", chosen, { signal });
  }

  get file() {
    return this.#file;
  }

  set file(file) {
    this.#file = file;
    if (!file) {
      this.#name.textContent = "Or drop one on this page.";
      this.#facts.textContent = "Text with a number on each line, up to 64 MB.";
      return;
    }
    this.#name.textContent = file.name;
    const lines = file.lines === undefined ? "" : counted(file.lines, "number");
    const size = file.text ? bytes(file.text.size) : "to be chosen again";
    this.#facts.textContent = [lines, size].filter(Boolean).join(", ");
  }

  /** @param {File} file */
  async take(file) {
    if (file.size > MOST_BYTES) {
      this.error = `The file ${file.name} has ${bytes(file.size)}; allowed: up to 64 MB.`;
      return;
    }
    try {
      const seen = look(await file.text());
      const awaited = this.#file && !this.#file.text && this.#file.name === file.name ? this.#file : null;
      // What a recipe says of the file holds: another file of that name is refused.
      this.file = { name: file.name, ...seen, ...awaited, text: file };
      this.edited();
    } catch (error) {
      this.error = `The file ${file.name} could not be read: ${reasonOf(error)}`;
    }
  }
}

/** Up to this code there are spaces and line ends only. */
const SPACE = 0x20;

/**
 * How many numbers a text has, and how many digits the longest.
 *
 * @param {string} text
 */
function look(text) {
  let lines = 0;
  let longest = 1;
  let digits = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) > SPACE) {
      digits += 1;
    } else if (digits > 0) {
      lines += 1;
      longest = Math.max(longest, digits);
      digits = 0;
    }
  }
  return { lines, longest };
}
