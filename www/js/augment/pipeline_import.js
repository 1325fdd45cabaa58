import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { bytes } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { make } from "../ui/make.js";

/** No pipeline that is worth reading is larger. */
const MOST_BYTES = 4_000_000;

/** @typedef {import("../lab/digitlab.js").ImportedPipeline} ImportedPipeline */
/** @typedef {{ what: string, undo: () => void }} TakenOver What it is in a few words, and the way back. */

/** Reads pipelines that were saved, from pasted text or from a file, and says what became of them. */
export class PipelineImport {
  #details = element("augment-builder-import", HTMLDetailsElement);
  #text = element("augment-builder-import-text", HTMLTextAreaElement);
  #file = element("augment-builder-import-file", HTMLInputElement);
  #error = element("augment-builder-import-error", HTMLElement);
  #report = element("augment-builder-import-report", HTMLElement);
  #lab;
  #read;
  #signal;
  #latest = new Latest();

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {HTMLElement} options.dropZone takes files that are dropped
   * @param {(imported: ImportedPipeline) => TakenOver} options.read takes over what was read
   * @param {AbortSignal} signal
   */
  constructor({ lab, dropZone, read }, signal) {
    this.#lab = lab;
    this.#read = read;
    this.#signal = signal;
    element("augment-builder-import-read", HTMLButtonElement).addEventListener("click", () => this.#take(this.#text.value, "The text"), { signal });
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#take(this.#text.value, "The text");
    };
    this.#text.addEventListener("keydown", key, { signal });
    const picked = () => {
      const file = this.#file.files?.[0];
      if (file) this.#takeFile(file);
      // The same file can be chosen again after it was mended.
      this.#file.value = "";
    };
    this.#file.addEventListener("change", picked, { signal });
    const over = (/** @type {DragEvent} */ event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      dropZone.classList.add("augment-builder--drop");
    };
    const out = (/** @type {DragEvent} */ event) => {
      if (!(event.relatedTarget instanceof Node && dropZone.contains(event.relatedTarget))) dropZone.classList.remove("augment-builder--drop");
    };
    const drop = (/** @type {DragEvent} */ event) => {
      dropZone.classList.remove("augment-builder--drop");
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      this.#takeFile(file);
    };
    dropZone.addEventListener("dragover", over, { signal });
    dropZone.addEventListener("dragleave", out, { signal });
    dropZone.addEventListener("drop", drop, { signal });
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /** Opens the panel for whoever wants to bring a pipeline along. */
  open() {
    this.#details.open = true;
    this.#text.focus();
  }

  /** @param {File} file */
  async #takeFile(file) {
    this.#details.open = true;
    if (file.size > MOST_BYTES) {
      return this.#fail(`${file.name} has ${bytes(file.size)}; a pipeline may have at most ${bytes(MOST_BYTES)}.`);
    }
    try {
      const text = await file.text();
      await this.#take(text, file.name);
    } catch (error) {
      this.#fail(`${file.name} cannot be read: ${reasonOf(error)}`);
    }
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  async #take(text, name) {
    if (text.trim() === "") return this.#fail(`${name} is empty; give a pipeline as JSON or YAML.`);
    if (text.length > MOST_BYTES) return this.#fail(`${name} has ${bytes(text.length)}; a pipeline may have at most ${bytes(MOST_BYTES)}.`);
    try {
      const imported = await this.#latest.run((signal) => this.#lab.importPipeline(text, { signal }));
      if (!imported) return;
      this.#error.textContent = "";
      this.#tell(imported, name, this.#read(imported));
    } catch (error) {
      this.#fail(`${name} was not taken over, and your pipeline is as it was. ${reasonOf(error)}`);
    }
  }

  /** @param {string} message */
  #fail(message) {
    this.#report.replaceChildren();
    this.#error.textContent = message;
  }

  /**
   * @param {ImportedPipeline} imported
   * @param {string} name
   * @param {TakenOver} taken
   */
  #tell({ format, notes }, name, { what, undo }) {
    const button = make("button", { class: "button button--small", type: "button" }, "Undo the import");
    const back = () => {
      this.#report.replaceChildren();
      undo();
      this.#text.focus();
    };
    button.addEventListener("click", back, { signal: this.#signal });
    const found = make("p", {}, `${name}: ${what}, in the form of ${format}.`);
    const lost =
      notes.length === 0
        ? [make("p", {}, "Nothing was lost: every value was taken over.")]
        : [make("p", {}, "Not everything means something here:"), make("ul", { class: "augment-builder__notes" }, ...notes.map((note) => make("li", {}, note)))];
    this.#report.dataset.lost = String(notes.length > 0);
    this.#report.replaceChildren(found, ...lost, button);
  }
}
