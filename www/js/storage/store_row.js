import { reasonOf } from "../lab/errors.js";
import { bytes } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { make } from "../ui/make.js";

/** @typedef {import("./stores.js").Store} Store */

/** A line of the list: what is kept, how much, and a button that deletes it. */
export class StoreRow {
  #store;
  #amount = make("span", { class: "storage-row__items" }, "…");
  #bytes = make("span", { class: "storage-row__bytes" });
  #error = make("p", { class: "error-text storage-row__error", role: "alert" });
  #delete;
  #latest = new Latest();

  /** @type {HTMLElement} */
  root;

  /**
   * @param {Store} store
   * @param {(store: Store) => void} remove
   * @param {AbortSignal} signal
   */
  constructor(store, remove, signal) {
    this.#store = store;
    const { name, title, about, place } = store;
    this.#delete = make(
      "button",
      { class: "button button--small", type: "button", disabled: true, "aria-label": `Delete: ${title}` },
      "Delete",
    );
    this.#delete.addEventListener("click", () => remove(store), { signal });
    const heading = make("h3", { class: "storage-row__title" }, place ? make("a", { href: place }, title) : title);
    this.root = make(
      "li",
      { class: "storage-row", "data-store": name },
      make("div", { class: "storage-row__words" }, heading, make("p", { class: "storage__soft" }, about)),
      make("p", { class: "storage-row__amount" }, this.#amount, " ", this.#bytes),
      this.#delete,
      this.#error,
    );
  }

  /** Looks how much there is. @returns {Promise<void>} */
  async measure() {
    try {
      // One that began before something was deleted may end after the one that sees it gone.
      const measured = await this.#latest.run(() => this.#store.measure());
      if (!measured) return;
      const { items, bytes: size, words } = measured;
      this.#amount.textContent = words;
      this.#bytes.textContent = items > 0 ? bytes(size) : "";
      this.root.dataset.bytes = String(size);
      this.#delete.disabled = items === 0;
      this.#error.textContent = "";
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {unknown} error */
  fail(error) {
    this.#amount.textContent = "Out of reach";
    this.#bytes.textContent = "";
    this.#delete.disabled = true;
    this.#error.textContent = reasonOf(error);
  }

  focus() {
    if (this.#delete.disabled) {
      this.root.tabIndex = -1;
      this.root.focus({ preventScroll: true });
    } else {
      this.#delete.focus();
    }
  }
}
