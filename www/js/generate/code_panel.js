import { copyText } from "../ui/clipboard.js";
import { javascript, python } from "./code_examples.js";
import { element } from "../ui/elements.js";
import { Tabs } from "../ui/tabs.js";

const LANGUAGES = { js: javascript, python };

/** The picture as a program, in a tab for each language. */
export class CodePanel {
  #panel = element("code-panel", HTMLElement);
  #button = element("show-code", HTMLButtonElement);
  #text = element("code-text", HTMLPreElement);
  #tabs;
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
    const tabs = [element("code-tab-js", HTMLButtonElement), element("code-tab-python", HTMLButtonElement)];
    const chose = (/** @type {HTMLElement} */ tab) => {
      settings.set("language", tab.dataset.language ?? "js");
      this.#write();
    };
    this.#tabs = new Tabs(tabs, this.#text, chose, signal);
    this.#open(settings.get("code", false));
    this.#tabs.choose(tabs.find((tab) => tab.dataset.language === settings.get("language", "js")) ?? tabs[0]);
    this.#button.addEventListener("click", () => this.#open(this.#panel.hasAttribute("hidden")), { signal });
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

  #write() {
    if (this.#panel.hidden) return;
    const language = this.#tabs.chosen?.dataset.language === "python" ? "python" : "js";
    this.#text.textContent = this.#recipe ? LANGUAGES[language](this.#recipe) : "Draw a picture first.";
  }
}
