import { reasonOf } from "../lab/errors.js";
import { copyText } from "../ui/clipboard.js";
import { icon, make } from "../ui/make.js";
import { Tabs } from "../ui/tabs.js";
import { highlighted } from "./highlight.js";

/** @typedef {{ name: string, title: string, note: string }} CodeTab */

/** Programs of the same meaning, one in a tab each, to copy. */
export class CodeTabs {
  #text;
  #note = make("p", { class: "api-code__note" });
  /** @type {CodeTab | undefined} */
  #chosen;
  /** @type {Record<string, string>} */
  #programs = {};

  /** @type {HTMLElement} */
  root;

  /**
   * @param {string} id
   * @param {CodeTab[]} tabs
   * @param {import("../ui/toast.js").Toasts} toasts
   * @param {AbortSignal} signal
   */
  constructor(id, tabs, toasts, signal) {
    this.#text = make("pre", { class: "api-code__text", id: `${id}-code`, tabindex: 0, role: "tabpanel" });
    const buttons = tabs.map(({ name, title }) =>
      make("button", { class: "tab", type: "button", role: "tab", id: `${id}-tab-${name}`, "aria-controls": `${id}-code` }, title),
    );
    const copy = make("button", { class: "button button--small", type: "button" }, icon("copy"), "Copy");
    copy.addEventListener("click", () => this.#copy(toasts), { signal });
    const list = make("div", { class: "tabs", role: "tablist", "aria-label": "Program" }, ...buttons);
    this.root = make("div", { class: "api-code" }, make("div", { class: "api-code__head" }, list, copy), this.#text, this.#note);
    const chose = (/** @type {HTMLElement} */ button) => {
      this.#chosen = tabs[buttons.findIndex((each) => each === button)];
      this.#write();
    };
    new Tabs(buttons, this.#text, chose, signal).choose(buttons[0]);
  }

  /** @param {Record<string, string>} programs by the names of the tabs */
  show(programs) {
    this.#programs = programs;
    this.#write();
  }

  #write() {
    const { name = "", note = "" } = this.#chosen ?? {};
    const program = this.#programs[name] ?? "";
    this.#note.textContent = note;
    this.#text.replaceChildren(...(name === "curl" ? [new Text(program)] : highlighted(program)));
  }

  /** @param {import("../ui/toast.js").Toasts} toasts */
  async #copy(toasts) {
    try {
      await copyText(this.#programs[this.#chosen?.name ?? ""] ?? "");
      toasts.show("Code copied.");
    } catch (error) {
      toasts.show(reasonOf(error), "error");
    }
  }
}
