import { counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { CHAPTERS } from "./methods.js";
import { methodTag } from "./words.js";

/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {{ item: HTMLElement, text: string }} Listed */

/** All routes and all methods of the module, as links; what is typed narrows them down. */
export class ApiNav {
  #filter;
  #home;
  #routes;
  #module;
  #none;
  #status;
  /** @type {Listed[]} */
  #listed = [];

  /**
   * @param {{ home: HTMLAnchorElement, filter: HTMLInputElement, routes: HTMLElement, module: HTMLElement, none: HTMLElement }} elements
   * @param {import("../ui/status.js").Status} status
   * @param {AbortSignal} signal
   */
  constructor({ home, filter, routes, module, none }, status, signal) {
    this.#filter = filter;
    this.#home = home;
    this.#routes = routes;
    this.#module = module;
    this.#none = none;
    this.#status = status;
    filter.addEventListener("input", () => this.#narrow(true), { signal });
    filter.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#listModule();
  }

  /** @param {Operation[]} operations */
  list(operations) {
    const items = operations.map(({ id, method, path, summary }) => {
      const link = make(
        "a",
        { class: "api-nav__link", href: `#/api?route=${encodeURIComponent(id)}`, "data-route": id },
        methodTag(method),
        make("code", { class: "api-nav__path" }, path),
        make("span", { class: "api-nav__about" }, summary),
      );
      return { item: make("li", {}, link), text: `${method} ${path} ${summary}`.toLowerCase() };
    });
    this.#routes.replaceChildren(...items.map(({ item }) => item));
    this.#listed = [...items, ...this.#listed.filter(({ item }) => this.#module.contains(item))];
    this.#narrow(false);
  }

  /**
   * Marks what is shown.
   *
   * @param {{ route?: string, module?: string }} shown
   */
  mark({ route, module }) {
    for (const link of this.#links) {
      const home = link.dataset.home !== undefined && route === undefined && module === undefined;
      const now = home || (route !== undefined && link.dataset.route === route) || (module !== undefined && link.dataset.module === module);
      if (now) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      if (link.dataset.chapter) link.closest("li")?.toggleAttribute("data-open", module === link.dataset.chapter);
    }
  }

  get #links() {
    return [this.#home, ...this.#routes.querySelectorAll("a"), ...this.#module.querySelectorAll("a")];
  }

  #listModule() {
    for (const { name, title, entries } of CHAPTERS) {
      const chapter = make(
        "li",
        { class: "api-nav__chapter" },
        make("a", { class: "api-nav__link", href: `#/api?module=${name}`, "data-module": name, "data-chapter": name }, title),
      );
      const methods = make("ul", { class: "api-nav__methods" });
      for (const { name: method, about } of entries.flatMap((entry) => entry.methods)) {
        // One that is explained twice is listed once.
        if ([...methods.children].some((item) => item.textContent === method)) continue;
        const link = make(
          "a",
          { class: "api-nav__link api-nav__link--method", href: `#/api?method=${encodeURIComponent(method)}` },
          make("code", {}, method),
        );
        const item = make("li", {}, link);
        methods.append(item);
        this.#listed.push({ item, text: `${method} ${title} ${about}`.toLowerCase() });
      }
      chapter.append(methods);
      this.#module.append(chapter);
    }
  }

  /** @param {boolean} say */
  #narrow(say) {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { item, text } of this.#listed) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) found += 1;
    }
    for (const chapter of this.#module.querySelectorAll(".api-nav__chapter")) {
      const some = chapter.querySelector("li:not([hidden])") !== null;
      chapter.toggleAttribute("data-found", words.length > 0 && some);
      if (chapter instanceof HTMLElement) chapter.hidden = words.length > 0 && !some;
    }
    this.#none.hidden = found > 0;
    if (say) this.#status.say(counted(found, "entry", "entries"), 400);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && this.#filter.value) {
      event.preventDefault();
      this.#filter.value = "";
      this.#narrow(true);
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = this.#links.find((link) => link !== this.#home && link.checkVisibility());
    if (first) location.hash = first.hash;
  }
}
