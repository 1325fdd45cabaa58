import { recall, remember } from "./settings.js";

/** The three-way switch: as the system, light, dark. The stylesheet does the rest. */
export class ThemeSwitch {
  /**
   * @param {HTMLFieldSetElement} root
   * @param {AbortSignal} signal
   */
  constructor(root, signal) {
    const kept = recall("theme");
    for (const input of root.querySelectorAll("input")) {
      input.checked = input.value === (kept ?? "system");
      input.addEventListener("change", () => this.#choose(input.value), { signal });
    }
  }

  /** @param {string} theme */
  #choose(theme) {
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
      remember("theme", null);
    } else {
      document.documentElement.dataset.theme = theme;
      remember("theme", theme);
    }
  }
}
