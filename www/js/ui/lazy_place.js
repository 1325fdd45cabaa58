import { reasonOf } from "../lab/errors.js";
import { ownPage } from "../lab/trusted.js";
import { element } from "./elements.js";
import { reload } from "./kept_address.js";
import { make } from "./make.js";

/**
 * @template M, V
 * @typedef {object} LazyPlaceOptions
 * @property {string} name Its markup is `views/name.html`; the section that takes it has the id `view-name`, and its head already.
 * @property {string} title
 * @property {() => Promise<M>} load Imports what the view is made of.
 * @property {(loaded: M, signal: AbortSignal) => V} view Makes the view, once its markup is there.
 */

/**
 * A place of the page that is loaded when it is first opened, so that the first visit is not kept waiting for it.
 *
 * @template M
 * @template {{ open: (query: string) => unknown }} V
 */
export class LazyPlace {
  name;
  root;
  #options;
  #signal;
  #head;
  /** What stands in the head before the rest comes. */
  #words;
  /** @type {Promise<V> | null} */
  #view = null;
  #query = "";
  #failures = 0;

  /**
   * @param {LazyPlaceOptions<M, V>} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    this.#signal = signal;
    this.name = options.name;
    this.root = element(`view-${options.name}`, HTMLElement);
    this.#head = /** @type {HTMLElement} */ (this.root.querySelector(".view__head"));
    this.#words = [...this.#head.children];
  }

  /** @param {string} query */
  async open(query) {
    this.#query = query;
    const waiting = this.#view !== null;
    try {
      const view = await this.view();
      // Of the addresses that came while it was loading, the last one is meant.
      if (!waiting || query === this.#query) view.open(this.#query);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The view, loaded if it is not yet. */
  async view() {
    const view = (this.#view ??= this.#load());
    view.catch(() => {
      // Several may have waited for it.
      if (this.#view !== view) return;
      this.#failures += 1;
      // Whoever asks next tries anew.
      this.#view = null;
    });
    return view;
  }

  async #load() {
    this.#say("Loading …");
    const [page, loaded] = await Promise.all([fragment(this.#options.name), this.#options.load()]);
    await Promise.all([...page.querySelectorAll("link")].map(styled));
    const beside = page.querySelector("[data-head]");
    this.#head.replaceChildren(...this.#words, ...(beside?.children ?? []));
    beside?.remove();
    // All at once, and what the view makes of it, too: nothing moves.
    this.root.replaceChildren(this.#head, ...page.body.childNodes);
    delete this.root.dataset.waiting;
    return this.#options.view(loaded, this.#signal);
  }

  /** @param {string} text */
  #say(text) {
    const line = make("p", { class: "view__lead", role: "status" }, text);
    this.root.replaceChildren(this.#head, line);
    return line;
  }

  /** @param {unknown} error */
  #fail(error) {
    const reason = reasonOf(error).replace(/[^.!?]$/, "$&.");
    // Some browsers remember of a script that it did not load until the page is loaded again.
    const [word, way, act] =
      this.#failures <= 1
        ? ["Retry", "Check the connection, then retry.", () => void this.open(this.#query)]
        : ["Reload the page", "Check the connection, then reload the page.", reload];
    const again = make("button", { class: "button button--primary", type: "button" }, word);
    again.addEventListener("click", act, { signal: this.#signal });
    this.#say(`${this.#options.title} could not be loaded: ${reason} ${way}`).after(again);
  }
}

/** @param {string} name */
async function fragment(name) {
  const page = await ownPage(`views/${name}.html`);
  await Promise.all([...page.querySelectorAll("[data-include]")].map((part) => include(/** @type {HTMLElement} */ (part))));
  return page;
}

/**
 * Fills an element with the markup that it names: in its text `{id}` and `{name}` stand for the element's id and its
 * `data-name`.
 *
 * @param {HTMLElement} part
 */
async function include(part) {
  const filled = (/** @type {string} */ text) =>
    text.replace(/\{([a-z]+)\}/g, (whole, name) => (name === "id" ? part.id : (part.dataset[name] ?? whole)));
  const page = await ownPage(`views/${part.dataset.include}.html`, filled);
  part.replaceChildren(...page.body.childNodes);
}

/** @param {HTMLLinkElement} link */
function styled(link) {
  const address = new URL(`../../${link.getAttribute("href")}`, import.meta.url).href;
  // Places share some of their styles.
  if ([...document.styleSheets].some(({ href }) => href === address)) return null;
  return new Promise((resolve, reject) => {
    const own = document.createElement("link");
    own.rel = "stylesheet";
    own.href = address;
    own.addEventListener("load", () => resolve(null), { once: true });
    own.addEventListener("error", () => (own.remove(), reject(new Error(`${address} did not load.`))), { once: true });
    document.head.append(own);
  });
}
