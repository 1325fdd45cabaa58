import { reasonOf } from "../lab/errors.js";
import { bytes } from "../ui/format.js";
import { make } from "../ui/make.js";
import { onSite } from "./site.js";
import { sampleFile } from "./sample_files.js";

/** @typedef {import("./sample_files.js").SampleFile} SampleFile */

/** A file for a request: one of the person's, or the sample that is ready. */
export class FileControl {
  #sample;
  #input;
  #facts = make("p", { class: "api-file__facts" });
  #preview = make("img", { class: "api-file__preview", alt: "", hidden: true, width: 48, height: 48 });
  #again;
  #edited;
  /** @type {File | null} */
  #file = null;
  #own = false;
  #shown = "";

  /** @type {HTMLElement} */
  root;
  /** Why there is none. */
  error = "";

  /**
   * @param {string} id of its input
   * @param {SampleFile} sample
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(id, sample, edited, signal) {
    this.#sample = sample;
    this.#edited = edited;
    this.#input = make("input", { class: "input input--file", type: "file", id });
    this.#again = make("button", { class: "button button--small", type: "button", hidden: true }, "Use the sample");
    this.root = make(
      "div",
      { class: "api-file" },
      this.#preview,
      make("div", { class: "api-file__words" }, this.#input, this.#facts),
      this.#again,
    );
    this.#input.addEventListener("change", () => this.#choose(), { signal });
    this.#again.addEventListener("click", () => this.#reset(), { signal });
    signal.addEventListener("abort", () => URL.revokeObjectURL(this.#shown), { once: true });
  }

  get control() {
    return this.#input;
  }

  get file() {
    return this.#file;
  }

  /** Where a sample lies; undefined for a person's own file. */
  get from() {
    return this.#own ? undefined : onSite(this.#sample.path).href;
  }

  /** Brings the sample, unless there is a file already. */
  async ready() {
    if (this.#file) return;
    this.#facts.textContent = `Loading the sample ${this.#sample.name} …`;
    try {
      const file = await sampleFile(this.#sample);
      if (!this.#own) this.#take(file);
    } catch (error) {
      this.error = reasonOf(error);
      this.#facts.textContent = this.error;
    }
  }

  #choose() {
    const [file] = this.#input.files ?? [];
    if (!file) return;
    this.#own = true;
    this.#take(file);
  }

  #reset() {
    this.#own = false;
    this.#file = null;
    this.#input.value = "";
    this.#input.focus();
    void this.ready();
  }

  /** @param {File} file */
  #take(file) {
    this.#file = file;
    this.error = "";
    this.#facts.textContent = `${this.#own ? "Yours" : "Ready: the sample"} ${file.name}, ${bytes(file.size)}`;
    this.#again.hidden = !this.#own;
    URL.revokeObjectURL(this.#shown);
    this.#shown = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
    this.#preview.hidden = this.#shown === "";
    if (this.#shown) this.#preview.src = this.#shown;
    this.#edited();
  }
}
