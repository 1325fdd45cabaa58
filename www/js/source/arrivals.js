import { PageArrivals, addressIn } from "../ui/page_arrivals.js";

/**
 * @typedef {object} Takers
 * @property {(files: File[], kind: "file" | "paste") => void} files
 * @property {(address: string) => void} address
 * @property {(message: string) => void} nothing something was brought that is neither
 */

/** Pictures that are dropped anywhere on the page, or pasted, while their place is shown. */
export class Arrivals {
  #takers;

  /**
   * @param {HTMLElement} root a part of the place; nothing is taken while it is hidden
   * @param {HTMLElement} veil shown while something hovers over the page
   * @param {Takers} takers
   * @param {AbortSignal} signal
   */
  constructor(root, veil, takers, signal) {
    this.#takers = takers;
    const dropped = (/** @type {DataTransfer} */ data) => this.#dropped(data);
    const pasted = (/** @type {DataTransfer} */ data, /** @type {boolean} */ inField) => this.#pasted(data, inField);
    new PageArrivals(root, veil, ["Files", "text/uri-list"], { dropped, pasted }, signal);
  }

  /** Takes what lies in the clipboard, when a button asks for it. */
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

  /** @param {DataTransfer} data */
  #dropped(data) {
    const files = [...data.files];
    const address = addressIn(data);
    if (files.length > 0) this.#takers.files(files, "file");
    else if (address !== undefined) this.#takers.address(address);
    else return false;
    return true;
  }

  /**
   * @param {DataTransfer} data
   * @param {boolean} inField
   */
  #pasted(data, inField) {
    const files = [...data.files];
    const text = data.getData("text/plain");
    if (files.length > 0) this.#takers.files(files, "paste");
    else if (!inField && isAddress(text)) this.#takers.address(text.trim());
    else return false;
    return true;
  }
}

/** @param {string} text */
function isAddress(text) {
  return /^\s*(https?:\/\/|data:image\/|blob:)\S+\s*$/i.test(text);
}
