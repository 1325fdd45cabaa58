import { hideFrom } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { underWayWords } from "./busy.js";

/** @typedef {import("./offline.js").Offline} Offline */

const READY = "A new version is ready. What you typed, drew and set stays; files that you opened are to be opened again.";

/** Says that a new version is ready, and lets the person choose when it takes over. */
export class UpdateNotice {
  #offline;
  #heir;
  #text = make("p", { class: "notice__text", role: "status" });
  #use = make("button", { class: "button button--small button--primary", type: "button" });
  #later = make("button", { class: "button button--small", type: "button" }, "Later");
  #root = make("section", { class: "notice", "aria-label": "New version", hidden: true }, this.#text, this.#use, this.#later);
  #isPutOff = false;
  /** Whether the person was told of what would end. */
  #isWarned = false;

  /**
   * @param {Offline} offline
   * @param {HTMLElement} heir takes the focus when the notice goes
   * @param {AbortSignal} signal
   */
  constructor(offline, heir, signal) {
    this.#offline = offline;
    this.#heir = heir;
    this.#use.addEventListener("click", () => this.#take(), { signal });
    this.#later.addEventListener("click", () => this.#putOff(), { signal });
    offline.subscribe(() => this.#show(), signal);
    this.#show();
  }

  async #show() {
    const { waiting } = this.#offline.state;
    if (!waiting) this.#isPutOff = false;
    const shown = waiting && !this.#isPutOff;
    if (!shown) return hideFrom(this.#root, this.#heir);
    if (!this.#root.hidden) return;
    this.#isWarned = false;
    this.#use.textContent = "Use it now";
    await styled();
    if (!this.#offline.state.waiting) return;
    if (!this.#root.isConnected) document.body.append(this.#root);
    this.#root.hidden = false;
    // Said when it is there, so that it is heard.
    this.#text.textContent = READY;
  }

  async #take() {
    const under = await this.#offline.takeOver({ anyway: this.#isWarned });
    if (under.length === 0) return;
    this.#isWarned = true;
    this.#text.textContent = `${underWayWords(under)}, here or in another tab, and would end. Wait for it, or use the new version anyway.`;
    this.#use.textContent = "Use it anyway";
  }

  #putOff() {
    this.#isPutOff = true;
    hideFrom(this.#root, this.#heir);
  }
}

/** Its style comes with it: most visits do without. */
function styled() {
  const address = new URL("../../css/notice.css", import.meta.url).href;
  if ([...document.styleSheets].some(({ href }) => href === address)) return null;
  return new Promise((resolve) => {
    const link = make("link", { rel: "stylesheet", href: address });
    for (const name of ["load", "error"]) link.addEventListener(name, () => resolve(null), { once: true });
    document.head.append(link);
  });
}
