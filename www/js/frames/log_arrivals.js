import { PageArrivals, addressIn } from "../ui/page_arrivals.js";

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
  #takers;

  /**
   * @param {HTMLElement} root a part of the place; nothing is taken while it is hidden
   * @param {HTMLElement} veil shown while something hovers over the page
   * @param {LogTakers} takers
   * @param {AbortSignal} signal
   */
  constructor(root, veil, takers, signal) {
    this.#takers = takers;
    const dropped = (/** @type {DataTransfer} */ data) => this.#dropped(data);
    const pasted = (/** @type {DataTransfer} */ data, /** @type {boolean} */ inField) => this.#pasted(data, inField);
    new PageArrivals(root, veil, ["Files", "text/uri-list", "text/plain"], { dropped, pasted }, signal);
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

  /** @param {DataTransfer} data */
  #dropped(data) {
    const [file] = data.files;
    const address = addressIn(data);
    if (file) this.#takers.file(file, data.files.length - 1);
    else if (address !== undefined) this.#takers.address(address);
    else if (!this.#take(data.getData("text/plain"))) this.#takers.nothing("What was dropped is neither a file, nor an address, nor the rows of a CSV file.");
    return true;
  }

  /**
   * @param {DataTransfer} data
   * @param {boolean} inField
   */
  #pasted(data, inField) {
    const [file] = data.files;
    if (file) this.#takers.file(file, data.files.length - 1);
    else return !inField && this.#take(data.getData("text/plain"));
    return true;
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
