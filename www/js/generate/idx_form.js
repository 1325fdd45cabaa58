import { element } from "../ui/elements.js";

const SLOTS = /** @type {const} */ (["train-images", "train-labels", "test-images", "test-labels"]);

/** @typedef {import("../lab/digitlab.js").IdxPair} IdxPair */
/** @typedef {{ name: string, train: IdxPair, test?: IdxPair }} IdxFiles */

/** The files of a person's own data set: chosen one by one, or dropped on the page and told apart by their names. */
export class IdxForm {
  #inputs = SLOTS.map((slot) => element(`idx-${slot}`, HTMLInputElement));
  #name = element("idx-name", HTMLInputElement);
  #drop = element("idx-drop", HTMLElement);

  #reveal;

  /**
   * @param {() => void} reveal shows the form: files may be dropped anywhere, and else the browser would leave the page for them
   * @param {AbortSignal} signal
   */
  constructor(reveal, signal) {
    this.#reveal = reveal;
    const over = (/** @type {DragEvent} */ event) => {
      if (!event.dataTransfer?.types.includes("Files") || this.#away) return;
      event.preventDefault();
      this.#drop.toggleAttribute("data-over", true);
    };
    document.addEventListener("dragover", over, { signal });
    document.addEventListener("dragleave", () => this.#drop.toggleAttribute("data-over", false), { signal });
    document.addEventListener("drop", (event) => this.#take(event), { signal });
  }

  /**
   * The files, or one sentence saying what is missing, and where.
   *
   * @returns {{ files: IdxFiles } | { problem: string }}
   */
  read() {
    const [images, labels, testImages, testLabels] = this.#inputs.map((input) => input.files?.[0]);
    const half = !testImages !== !testLabels;
    this.#mark([!images, !labels, half && !testImages, half && !testLabels]);
    if (!images || !labels) return { problem: `Choose the file with the ${images ? "labels" : "images"} first.` };
    if (half) return { problem: "A test set needs both its images and its labels; choose the other file too, or neither." };
    return {
      files: {
        name: this.#name.value.trim() || images.name,
        train: { images, labels },
        ...(testImages && testLabels ? { test: { images: testImages, labels: testLabels } } : {}),
      },
    };
  }

  /** Whether another place of the page is shown, which takes files itself. */
  get #away() {
    return this.#drop.closest("[hidden]") !== null;
  }

  /** @param {boolean[]} missing one for each input; the first that is missing takes the focus */
  #mark(missing) {
    this.#inputs.forEach((input, at) => {
      if (missing[at]) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
    this.#inputs[missing.indexOf(true)]?.focus();
  }

  clear() {
    for (const input of this.#inputs) input.value = "";
    this.#name.value = "";
  }

  /** @param {DragEvent} event */
  #take(event) {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || this.#away) return;
    event.preventDefault();
    this.#drop.toggleAttribute("data-over", false);
    this.#reveal();
    const direct = this.#inputs.find((input) => input.parentElement?.contains(/** @type {Node} */ (event.target)));
    for (const file of files) {
      const slot = files.length === 1 && direct ? direct : this.#inputs[SLOTS.indexOf(slotOf(file.name))];
      const one = new DataTransfer();
      one.items.add(file);
      if (slot) slot.files = one.files;
    }
  }
}

/**
 * By the words that are usual in the names of such files.
 *
 * @param {string} name
 * @returns {typeof SLOTS[number]}
 */
function slotOf(name) {
  const split = /t10k|test|valid/i.test(name) ? "test" : "train";
  return /label|idx1/i.test(name) ? `${split}-labels` : `${split}-images`;
}
