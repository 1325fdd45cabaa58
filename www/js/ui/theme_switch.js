import { recall, remember } from "./settings.js";

/** The three-way switch: as the system, light, dark. The stylesheet does the rest. */
export class ThemeSwitch {
  /**
   * @param {HTMLFieldSetElement} root
   * @param {AbortSignal} signal
   */
  constructor(root, signal) {
    const kept = recall("theme");
    if (kept) this.#tint(kept);
    for (const input of root.querySelectorAll("input")) {
      input.checked = input.value === (kept ?? "system");
      input.addEventListener("change", () => this.#choose(input.value), { signal });
    }
  }

  /** @param {string} theme */
  #choose(theme) {
    this.#tint(theme);
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
      remember("theme", null);
    } else {
      document.documentElement.dataset.theme = theme;
      remember("theme", theme);
    }
  }

  /**
   * The browser's own bar follows: of its two colours, only the chosen one is left to apply.
   *
   * @param {string} theme
   */
  #tint(theme) {
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const own = meta.getAttribute("data-theme");
      meta.setAttribute("media", theme === "system" ? `(prefers-color-scheme: ${own})` : theme === own ? "all" : "not all");
    }
  }
}
