/**
 * @typedef {object} Takers
 * @property {(files: File[], kind: "file" | "paste") => void} files
 * @property {(address: string) => void} address
 * @property {(message: string) => void} nothing something was brought that is neither
 */

/** What is dropped anywhere on the page, or pasted, while its place is shown. */
export class Arrivals {
  #root;
  #veil;
  #takers;
  /** Whether something of the page itself is dragged. */
  #own = false;
  #leaving = 0;

  /**
   * @param {HTMLElement} root a part of the place; nothing is taken while it is hidden
   * @param {HTMLElement} veil shown while something hovers over the page
   * @param {Takers} takers
   * @param {AbortSignal} signal
   */
  constructor(root, veil, takers, signal) {
    this.#root = root;
    this.#veil = veil;
    this.#takers = takers;
    document.addEventListener("dragstart", () => (this.#own = true), { signal });
    document.addEventListener("dragend", () => (this.#own = false), { signal });
    document.addEventListener("dragover", (event) => this.#over(event), { signal });
    document.addEventListener("dragleave", () => this.#leave(), { signal });
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#leaving), { once: true });
  }

  /**
   * Takes what lies in the clipboard, when a button asks for it.
   */
  async pasteNow() {
    const keys = "Press Ctrl+V (⌘V on a Mac) instead: that works in every browser.";
    if (!navigator.clipboard?.read) return this.#takers.nothing(`This browser lets no button read the clipboard. ${keys}`);
    /** @type {ClipboardItem[]} */
    let items;
    try {
      items = await navigator.clipboard.read();
    } catch {
      return this.#takers.nothing(`The browser did not let this page read the clipboard. ${keys}`);
    }
    const files = [];
    for (const item of items) {
      const type = item.types.find((each) => each.startsWith("image/"));
      if (type) files.push(new File([await item.getType(type)], "Pasted picture", { type }));
    }
    if (files.length > 0) return this.#takers.files(files, "paste");
    const plain = items.find((item) => item.types.includes("text/plain"));
    const text = plain ? await (await plain.getType("text/plain")).text() : "";
    if (isAddress(text)) return this.#takers.address(text.trim());
    return this.#takers.nothing("The clipboard holds neither a picture nor the address of one. Copy a picture first.");
  }

  get #away() {
    return this.#root.closest("[hidden]") !== null;
  }

  /** @param {DragEvent} event */
  #over(event) {
    const types = event.dataTransfer?.types ?? [];
    if (this.#own || this.#away || !(types.includes("Files") || types.includes("text/uri-list"))) return;
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
    const files = [...data.files];
    // The lines of such a list that begin with # are remarks.
    const address = data.getData("text/uri-list").split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#"));
    if (files.length === 0 && address === undefined) return;
    event.preventDefault();
    if (files.length > 0) this.#takers.files(files, "file");
    else if (address !== undefined) this.#takers.address(address);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const data = event.clipboardData;
    if (this.#away || !data) return;
    const files = [...data.files];
    if (files.length > 0) {
      event.preventDefault();
      this.#takers.files(files, "paste");
      return;
    }
    // Text that is pasted into a field belongs there.
    const target = /** @type {Element | null} */ (event.target);
    const text = data.getData("text/plain");
    if (target?.closest("input, textarea, select, [contenteditable]") || !isAddress(text)) return;
    event.preventDefault();
    this.#takers.address(text.trim());
  }
}

/** @param {string} text */
function isAddress(text) {
  return /^\s*(https?:\/\/|data:image\/|blob:)\S+\s*$/i.test(text);
}
