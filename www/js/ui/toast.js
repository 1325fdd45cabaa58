const STAYS = 4_000;

/** Short notes that come and go at the bottom of the window. */
export class Toasts {
  #root;

  /** @param {HTMLElement} root a live region */
  constructor(root) {
    this.#root = root;
  }

  /**
   * @param {string} text
   * @param {"done" | "error"} [kind]
   */
  show(text, kind = "done") {
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.dataset.kind = kind;
    toast.textContent = text;
    this.#root.replaceChildren(toast);
    const leave = () => setTimeout(() => toast.remove(), kind === "error" ? 2 * STAYS : STAYS);
    if (document.visibilityState === "visible") leave();
    // Nobody reads a page that lies behind another one: the note waits for whoever comes back.
    else document.addEventListener("visibilitychange", leave, { once: true });
  }
}
