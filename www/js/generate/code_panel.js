import { copyText } from "../ui/clipboard.js";
import { javascript, python } from "./code_examples.js";
import { element } from "../ui/elements.js";
import { roveTo } from "../ui/roving.js";

const LANGUAGES = { js: javascript, python };

/** The picture as a program, in a tab for each language. */
export class CodePanel {
  #panel = element("code-panel", HTMLElement);
  #button = element("show-code", HTMLButtonElement);
  #text = element("code-text", HTMLPreElement);
  #tabs = [element("code-tab-js", HTMLButtonElement), element("code-tab-python", HTMLButtonElement)];
  /** @type {import("./code_examples.js").Recipe | null} */
  #recipe = null;
  #settings;

  /**
   * @param {object} options
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {AbortSignal} signal
   */
  constructor({ settings, toasts }, signal) {
    this.#settings = settings;
    this.#open(settings.get("code", false));
    this.#select(this.#tabs.find((tab) => tab.dataset.language === settings.get("language", "js")) ?? this.#tabs[0]);
    this.#button.addEventListener("click", () => this.#open(this.#panel.hasAttribute("hidden")), { signal });
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.#select(tab), { signal });
      tab.addEventListener("keydown", (event) => this.#key(event, tab), { signal });
    }
    const copy = () =>
      copyText(this.#text.textContent ?? "").then(
        () => toasts.show("Code copied."),
        (error) => toasts.show(error.message, "error"),
      );
    element("code-copy", HTMLButtonElement).addEventListener("click", copy, { signal });
  }

  /** @param {import("./code_examples.js").Recipe | null} recipe */
  show(recipe) {
    this.#recipe = recipe;
    this.#write();
  }

  /** @param {boolean} open */
  #open(open) {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    this.#settings.set("code", open);
    this.#write();
  }

  /** @param {HTMLButtonElement | undefined} chosen */
  #select(chosen) {
    if (!chosen) return;
    for (const tab of this.#tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    this.#text.setAttribute("aria-labelledby", chosen.id);
    this.#settings.set("language", chosen.dataset.language ?? "js");
    this.#write();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLButtonElement} tab
   */
  #key(event, tab) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const to = (this.#tabs.indexOf(tab) + by + this.#tabs.length) % this.#tabs.length;
    this.#select(this.#tabs[to]);
    roveTo(this.#tabs, to);
  }

  #write() {
    if (this.#panel.hidden) return;
    const chosen = this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    const language = chosen?.dataset.language === "python" ? "python" : "js";
    this.#text.textContent = this.#recipe ? LANGUAGES[language](this.#recipe) : "Draw a picture first.";
  }
}
