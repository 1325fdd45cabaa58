import { ownPage } from "../lab/trusted.js";
import { element } from "./elements.js";

/**
 * @template V
 * @typedef {object} LazyPlaceOptions
 * @property {string} name Its markup is `views/name.html`, and the section that takes it has the id `view-name`.
 * @property {string} title
 * @property {(signal: AbortSignal) => Promise<V>} view Imports the view and makes it, once its markup is there.
 */

/**
 * A place of the page that is loaded when it is first opened, so that the first visit is not kept waiting for it.
 *
 * @template {{ open: (query: string) => unknown }} V
 */
export class LazyPlace {
  name;
  root;
  #options;
  #signal;
  /** @type {Promise<V> | null} */
  #view = null;
  #query = "";
  #failures = 0;

  /**
   * @param {LazyPlaceOptions<V>} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    this.#signal = signal;
    this.name = options.name;
    this.root = element(`view-${options.name}`, HTMLElement);
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
    // Whoever asks next tries anew.
    view.catch(() => this.#view === view && (this.#view = null));
    return view;
  }

  async #load() {
    this.#say("Loading …");
    const page = await fragment(this.#options.name);
    await Promise.all([...page.querySelectorAll("link")].map(styled));
    this.root.replaceChildren(...page.body.childNodes);
    return this.#options.view(this.#signal);
  }

  /** @param {string} text */
  #say(text) {
    const title = document.createElement("h1");
    title.className = "view__title";
    title.textContent = this.#options.title;
    const line = document.createElement("p");
    line.className = "view__lead";
    line.setAttribute("role", "status");
    line.textContent = text;
    const head = document.createElement("div");
    head.className = "view__head";
    head.append(title, line);
    this.root.replaceChildren(head);
    return head;
  }

  /** @param {unknown} error */
  #fail(error) {
    const reason = error instanceof Error ? error.message.replace(/[^.!?]$/, "$&.") : String(error);
    this.#failures += 1;
    // Some browsers remember of a script that it did not load until the page is loaded again.
    const [word, way, act] =
      this.#failures === 1
        ? ["Retry", "Check the connection, then retry.", () => void this.open(this.#query)]
        : ["Reload the page", "Check the connection, then reload the page.", () => location.reload()];
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--primary";
    again.textContent = word;
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
