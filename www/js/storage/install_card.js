import { element } from "../ui/elements.js";

/** @typedef {Event & { prompt: () => Promise<{ outcome: "accepted" | "dismissed" }> }} InstallOffer */

/** How the site becomes an app: by the browser's own offer, or by its menu, which has another name everywhere. */
export class InstallCard {
  #button = element("storage-install", HTMLButtonElement);
  #text = element("storage-install-text", HTMLElement);
  #offer;

  /**
   * @param {() => Event | null} offer what the browser has offered, if it has
   * @param {AbortSignal} signal
   */
  constructor(offer, signal) {
    this.#offer = /** @type {() => InstallOffer | null} */ (offer);
    this.#button.addEventListener("click", () => void this.#install(), { signal });
    addEventListener("beforeinstallprompt", () => this.show(), { signal });
    addEventListener("appinstalled", () => this.#installed(), { signal });
    this.show();
  }

  show() {
    if (matchMedia("(display-mode: standalone)").matches) return this.#installed();
    const offered = this.#offer() !== null;
    this.#button.hidden = !offered;
    this.#text.textContent = offered ? OFFERED : byMenu();
  }

  async #install() {
    const offer = this.#offer();
    if (!offer) return;
    // Each offer can be used once.
    this.#button.hidden = true;
    const { outcome } = await offer.prompt();
    if (outcome !== "accepted") this.#text.textContent = `Not installed. ${byMenu()}`;
  }

  #installed() {
    this.#button.hidden = true;
    this.#text.textContent =
      "Installed: it has a window and an icon of its own, takes pictures that other apps share, and opens pictures and CSV files.";
  }
}

const OFFERED = "It gets a window and an icon of its own, takes pictures that other apps share, and opens pictures and CSV files.";

/** What to press where the browser offers nothing. */
function byMenu() {
  const { userAgent, maxTouchPoints } = navigator;
  const safari = /Safari\//.test(userAgent) && !/Chrome|Chromium|Android|Edg/.test(userAgent);
  if (safari && maxTouchPoints > 1) return "In Safari, press Share, then “Add to Home Screen”.";
  if (safari) return "In Safari, choose File, then “Add to Dock”.";
  if (/Firefox\//.test(userAgent) && !/Android/.test(userAgent))
    return "Firefox does not install sites on desktop computers; Chrome, Edge and Safari do. All else works here as well.";
  return "Your browser’s menu has an entry “Install” or “Add to Home Screen”, if it can install sites.";
}
