/**
 * @typedef {object} PageTakers Each takes what is in the data, and says whether it was anything.
 * @property {(data: DataTransfer) => boolean} dropped
 * @property {(data: DataTransfer, inField: boolean) => boolean} pasted told whether it was into a field, where text belongs then
 */

/** What is dropped anywhere on the page, or pasted, while a place is shown. */
export class PageArrivals {
  #root;
  #veil;
  #types;
  #takers;
  /** Whether something of the page itself is dragged. */
  #own = false;
  #leaving = 0;

  /**
   * @param {HTMLElement} root a part of the place; nothing is taken while it is hidden
   * @param {HTMLElement} veil shown while something hovers over the page
   * @param {readonly string[]} types of what is dragged, of which one must be there
   * @param {PageTakers} takers
   * @param {AbortSignal} signal
   */
  constructor(root, veil, types, takers, signal) {
    this.#root = root;
    this.#veil = veil;
    this.#types = types;
    this.#takers = takers;
    document.addEventListener("dragstart", () => (this.#own = true), { signal });
    document.addEventListener("dragend", () => (this.#own = false), { signal });
    document.addEventListener("dragover", (event) => this.#over(event), { signal });
    document.addEventListener("dragleave", () => this.#leave(), { signal });
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#leaving), { once: true });
  }

  get #away() {
    return this.#root.closest("[hidden]") !== null;
  }

  /** @param {DragEvent} event */
  #over(event) {
    const types = event.dataTransfer?.types ?? [];
    if (this.#own || this.#away || !this.#types.some((type) => types.includes(type))) return;
    // Without this the browser would leave the page for what is dropped.
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    clearTimeout(this.#leaving);
    this.#veil.hidden = false;
  }

  #leave() {
    // It is left for every element inside of it too; only when nothing follows has it been left.
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => (this.#veil.hidden = true), 100);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const data = event.dataTransfer;
    const own = this.#own;
    this.#own = false;
    clearTimeout(this.#leaving);
    this.#veil.hidden = true;
    if (own || this.#away || !data) return;
    taking(event, () => this.#takers.dropped(data));
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const data = event.clipboardData;
    if (this.#away || !data) return;
    const inField = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]") !== null;
    taking(event, () => this.#takers.pasted(data, inField));
  }
}

/**
 * The first address in what was dropped.
 * @param {DataTransfer} data
 */
export function addressIn(data) {
  // The lines of such a list that begin with # are remarks.
  return data.getData("text/uri-list").split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#"));
}

/**
 * Keeps the browser from using what is taken itself, which may be to leave the page, even when taking it goes wrong.
 * @param {Event} event
 * @param {() => boolean} take
 */
function taking(event, take) {
  let taken = true;
  try {
    taken = take();
  } finally {
    if (taken) event.preventDefault();
  }
}
