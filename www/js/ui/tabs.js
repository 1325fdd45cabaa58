import { roveTo } from "./roving.js";

/** Tabs of which one is chosen; the arrow keys go round. */
export class Tabs {
  #tabs;
  #panel;
  #chose;

  /**
   * @param {readonly HTMLElement[]} tabs
   * @param {HTMLElement} panel what the chosen tab shows
   * @param {(tab: HTMLElement) => void} chose called after a tab was chosen, by a person or by {@link choose}
   * @param {AbortSignal} signal
   */
  constructor(tabs, panel, chose, signal) {
    this.#tabs = tabs;
    this.#panel = panel;
    this.#chose = chose;
    tabs.forEach((tab, at) => {
      tab.addEventListener("click", () => this.choose(tab), { signal });
      tab.addEventListener("keydown", (event) => this.#key(event, at), { signal });
    });
  }

  /** The tab that is chosen. */
  get chosen() {
    return this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
  }

  /** @param {HTMLElement | undefined} chosen */
  choose(chosen) {
    if (!chosen) return;
    for (const tab of this.#tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    this.#panel.setAttribute("aria-labelledby", chosen.id);
    this.#chose(chosen);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  #key(event, at) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.altKey) return;
    event.preventDefault();
    const to = (at + by + this.#tabs.length) % this.#tabs.length;
    this.choose(this.#tabs[to]);
    roveTo(this.#tabs, to);
  }
}
