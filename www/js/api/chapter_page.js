import { make } from "../ui/make.js";
import { ExampleCard } from "./example_card.js";
import { coded } from "./words.js";

/** @typedef {import("./types.js").Chapter} Chapter */

/** A chapter of the ES module: its methods, each with a program that runs. */
export class ChapterPage {
  #root;
  #cards;

  /**
   * @param {HTMLElement} root
   * @param {Chapter} chapter
   * @param {import("./example_card.js").ExampleHelp} help
   * @param {AbortSignal} signal
   */
  constructor(root, { title, about, entries }, help, signal) {
    this.#root = root;
    this.#cards = entries.map((entry) => new ExampleCard(entry, help, signal));
    const head = make(
      "header",
      { class: "api__head" },
      make("h2", { class: "api__title", id: "api-title", tabindex: -1 }, title),
      make("p", { class: "api__lead" }, ...coded(about)),
    );
    root.replaceChildren(head, ...this.#cards.map(({ root }) => root));
  }

  /**
   * Brings a method into view.
   *
   * @param {string} name
   */
  show(name) {
    const found = [...this.#root.querySelectorAll("[data-method]")].find(
      (part) => part instanceof HTMLElement && part.dataset.method === name,
    );
    if (!(found instanceof HTMLElement)) return;
    found.scrollIntoView({ block: "start" });
    found.focus({ preventScroll: true });
    // Programs that come meanwhile push it away.
    void Promise.all(this.#cards.map(({ ready }) => ready)).then(() => {
      if (document.activeElement === found) found.scrollIntoView({ block: "start" });
    });
  }
}
