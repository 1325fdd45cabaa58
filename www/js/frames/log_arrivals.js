/**
 * @typedef {object} LogTakers
 * @property {(file: File, others: number) => void} file
 * @property {(address: string) => void} address
 * @property {(text: string) => void} text
 * @property {(message: string) => void} nothing
 */

/** Columns are set apart by one of these; a line of a table has at least one. */
const TABLE = /^[^\n]*[,;\t][^\n]*\n[^\n]*[,;\t]/;

/** Logs that are dropped anywhere on the page, or pasted, while the Frames place is shown. */
export class LogArrivals {
  #root;
  #veil;
  #takers;
  #own = false;
  #leaving = 0;

  /**
   * @param {HTMLElement} root a part of the place; nothing is taken while it is hidden
   * @param {HTMLElement} veil shown while something hovers over the page
   * @param {LogTakers} takers
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

  /** Takes what lies in the clipboard, when a button asks for it. */
  async pasteNow() {
    const keys = "Press Ctrl+V (⌘V on a Mac) instead: that works in every browser.";
    if (!navigator.clipboard?.readText) return this.#takers.nothing(`This browser lets no button read the clipboard. ${keys}`);
    let text;
    try {
      text = await navigator.clipboard.readText();
    } catch {
      return this.#takers.nothing(`The browser did not let this page read the clipboard. ${keys}`);
    }
    this.#take(text) || this.#takers.nothing("The clipboard holds neither the rows of a CSV file nor the address of one. Copy them first.");
  }

  get #away() {
    return this.#root.closest("[hidden]") !== null;
  }

  /** @param {DragEvent} event */
  #over(event) {
    const types = event.dataTransfer?.types ?? [];
    if (this.#own || this.#away || !(types.includes("Files") || types.includes("text/uri-list") || types.includes("text/plain"))) return;
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
    event.preventDefault();
    const [file] = data.files;
    if (file) return this.#takers.file(file, data.files.length - 1);
    const address = data.getData("text/uri-list").split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#"));
    if (address !== undefined) return this.#takers.address(address);
    if (!this.#take(data.getData("text/plain"))) this.#takers.nothing("What was dropped is neither a file, nor an address, nor the rows of a CSV file.");
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const data = event.clipboardData;
    if (this.#away || !data) return;
    const [file] = data.files;
    if (file) {
      event.preventDefault();
      return this.#takers.file(file, data.files.length - 1);
    }
    // Text that is pasted into a field belongs there.
    if (/** @type {Element | null} */ (event.target)?.closest("input, textarea, select, [contenteditable]")) return;
    if (this.#take(data.getData("text/plain"))) event.preventDefault();
  }

  /**
   * @param {string} text
   * @returns {boolean} whether it was anything
   */
  #take(text) {
    if (/^\s*(https?:\/\/|blob:)\S+\s*$/i.test(text)) this.#takers.address(text.trim());
    else if (TABLE.test(text.replaceAll("\r", ""))) this.#takers.text(text);
    else return false;
    return true;
  }
}
