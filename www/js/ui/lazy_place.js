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
    const line = document.createElement("p");
    line.className = "view__lead";
    line.setAttribute("role", "status");
    line.textContent = text;
    this.root.replaceChildren(line);
    return line;
  }

  /** @param {unknown} error */
  #fail(error) {
    const reason = error instanceof Error ? error.message : String(error);
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--primary";
    again.textContent = "Retry";
    again.addEventListener("click", () => this.open(this.#query), { signal: this.#signal });
    this.#say(`${this.#options.title} could not be loaded: ${reason} Check the connection, then retry.`).after(again);
  }
}

/** @param {string} name */
async function fragment(name) {
  const page = parsed(await markup(name));
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
  const text = await markup(part.dataset.include ?? "");
  const filled = text.replace(/\{([a-z]+)\}/g, (whole, name) => (name === "id" ? part.id : (part.dataset[name] ?? whole)));
  part.replaceChildren(...parsed(filled).body.childNodes);
}

/** @param {string} name */
async function markup(name) {
  const address = new URL(`../../views/${name}.html`, import.meta.url);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${address.pathname}.`);
  return response.text();
}

/** @param {string} text */
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

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
