import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { search } from "./transform_search.js";

/** @typedef {import("./transform_search.js").Findable} Findable */

/** The field that finds transforms and groups by name, family or what they do, and adds them. */
export class TransformFinder {
  #input = element("augment-builder-find", HTMLInputElement);
  #panel = element("augment-builder-found", HTMLElement);
  #list = element("augment-builder-options", HTMLElement);
  #about = element("augment-builder-about", HTMLElement);
  #none = element("augment-builder-none", HTMLElement);
  /** @type {Findable[]} */
  #all = [];
  /** @type {HTMLElement[]} */
  #options = [];
  #active = -1;
  #example;
  #chosen;
  /** @type {AbortController | null} */
  #shown = null;

  /**
   * @param {object} options
   * @param {(name: string) => void} options.chosen
   * @param {(slot: HTMLElement, name: string, signal: AbortSignal) => void} options.example
   * @param {() => void} options.left called when the search is given up
   * @param {AbortSignal} signal
   */
  constructor({ chosen, example, left }, signal) {
    this.#chosen = chosen;
    this.#example = example;
    const input = this.#input;
    input.addEventListener("input", () => this.#open(), { signal });
    input.addEventListener("click", () => this.#open(), { signal });
    input.addEventListener("keydown", (event) => this.#key(event, left), { signal });
    const out = (/** @type {FocusEvent} */ event) => {
      if (event.relatedTarget instanceof Node && this.#panel.contains(event.relatedTarget)) return;
      this.close();
    };
    input.addEventListener("blur", out, { signal });
    // A press on the panel must not take the focus from the field.
    this.#panel.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("pointermove", (event) => this.#point(event.target), { signal });
    this.#list.addEventListener("click", (event) => this.#take(optionOf(event.target)), { signal });
  }

  /** @param {readonly Findable[]} all in the order in which they are shown */
  set transforms(all) {
    this.#all = [...all];
    if (!this.#panel.hidden) this.#open();
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  close() {
    this.#panel.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #open() {
    const query = this.#input.value;
    const found = search(this.#all, query);
    this.#list.replaceChildren(...(query.trim() ? found.map(optionFor) : byFamily(found)));
    this.#options = [...this.#list.querySelectorAll("[role=option]")].filter((option) => option instanceof HTMLElement);
    this.#none.hidden = found.length > 0;
    this.#none.textContent = found.length > 0 ? "" : `Nothing is called or does "${query.trim()}". Try a family: blur, noise, tone, geometry …`;
    this.#list.scrollTop = 0;
    this.#panel.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#activate(query.trim() && found.length > 0 ? 0 : -1);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => void} left
   */
  #key(event, left) {
    const opened = !this.#panel.hidden;
    const last = this.#options.length - 1;
    switch (event.key) {
      case "ArrowDown":
        if (!opened) this.#open();
        this.#go(event, this.#active >= last ? 0 : this.#active + 1);
        break;
      case "ArrowUp":
        if (!opened) this.#open();
        this.#go(event, this.#active <= 0 ? this.#options.length - 1 : this.#active - 1);
        break;
      case "PageDown":
        if (opened) this.#go(event, Math.min(last, this.#active + 8));
        break;
      case "PageUp":
        if (opened) this.#go(event, Math.max(0, this.#active - 8));
        break;
      case "Enter":
        event.preventDefault();
        if (opened) this.#take(this.#options[this.#active]);
        else this.#open();
        break;
      case "Escape":
        if (opened) {
          event.preventDefault();
          event.stopPropagation();
          this.close();
        } else if (this.#input.value) {
          event.preventDefault();
          this.#input.value = "";
        } else {
          left();
        }
    }
  }

  /**
   * @param {Event} event
   * @param {number} to
   */
  #go(event, to) {
    event.preventDefault();
    this.#activate(to);
    // Keeps the family's name in sight above its first transform.
    const option = this.#options[this.#active];
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {EventTarget | null} target */
  #point(target) {
    const option = optionOf(target);
    if (option) this.#activate(this.#options.indexOf(option));
  }

  /** @param {number} at */
  #activate(at) {
    if (at === this.#active && at >= 0 && this.#options[at]?.ariaSelected === "true") return;
    for (const option of this.#options) {
      if (option.ariaSelected !== "true") continue;
      option.setAttribute("aria-selected", "false");
      option.removeAttribute("aria-describedby");
    }
    this.#active = at;
    const option = this.#options[at];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.setAttribute("aria-describedby", "augment-builder-about-help");
      this.#input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
    this.#tell(this.#all.find(({ name }) => name === option?.dataset.name));
  }

  /** @param {Findable | undefined} info */
  #tell(info) {
    this.#shown?.abort();
    const { signal } = (this.#shown = new AbortController());
    const [title, help, slot] = this.#about.children;
    this.#about.dataset.state = info ? "shown" : "empty";
    if (title) title.textContent = info ? (info.title ?? info.name) : "";
    if (help) help.textContent = info ? info.help : "";
    if (!(slot instanceof HTMLElement)) return;
    if (info && info.family !== "groups") this.#example(slot, info.name, signal);
    else slot.replaceChildren();
  }

  /** @param {HTMLElement | undefined} option */
  #take(option) {
    const name = option?.dataset.name;
    if (!name) return;
    this.#input.value = "";
    this.close();
    this.#chosen(name);
  }
}

/**
 * @param {Findable[]} found
 * @returns {HTMLElement[]}
 */
function byFamily(found) {
  const families = [...new Set(found.map(({ family }) => family))];
  return families.map((family) => {
    const id = `augment-builder-family-${family}`;
    const options = found.filter((info) => info.family === family).map(optionFor);
    const name = make("p", { class: "finder__family", id, role: "presentation" }, family);
    return make("div", { role: "group", "aria-labelledby": id }, name, ...options);
  });
}

/** @param {Findable} info */
function optionFor({ name, title, family }) {
  return make(
    "div",
    { class: "finder__option", role: "option", id: `augment-builder-option-${name}`, "aria-selected": "false", "data-name": name },
    make("span", {}, title ?? name),
    make("span", { class: "finder__of" }, family),
  );
}

/** @param {EventTarget | null} target */
function optionOf(target) {
  const option = target instanceof Element ? target.closest("[role=option]") : null;
  return option instanceof HTMLElement ? option : undefined;
}
