import { DigitlabError } from "../lab/errors.js";
import { proxied } from "../lab/fetch_picture.js";
import { element } from "../ui/elements.js";
import { NumberField } from "../ui/number_field.js";
import { TextField } from "../ui/text_field.js";

const MB = 2 ** 20;
const USUAL = { megabytes: 4, megapixels: 40 };

/** How large pictures may be, and who brings those that the page may not read. All of it is kept. */
export class SourceLimits {
  #panel;
  #said;
  #settings;
  #megabytes;
  #megapixels;
  #proxy;

  /**
   * @param {string} id of the source it belongs to
   * @param {import("../ui/settings.js").Settings} settings
   * @param {AbortSignal} signal
   */
  constructor(id, settings, signal) {
    this.#panel = element(`${id}-limits`, HTMLDetailsElement);
    this.#said = element(`${id}-limits-now`, HTMLElement);
    this.#settings = settings;
    const number = (/** @type {"megabytes" | "megapixels"} */ name) => {
      const field = new NumberField(element(`${id}-${name}`, HTMLInputElement), () => this.#keep(name, field), signal);
      field.text = String(settings.get(`source:${name}`, /** @type {number} */ (USUAL[name])));
      return field;
    };
    this.#megabytes = number("megabytes");
    this.#megapixels = number("megapixels");
    this.#proxy = new TextField(element(`${id}-proxy`, HTMLInputElement), () => this.#keepProxy(), signal);
    this.#proxy.text = settings.get("source:proxy", "");
    settings.bindPanel(this.#panel, signal);
    this.#tell();
  }

  get limits() {
    return { bytes: this.#now("megabytes") * MB, pixels: this.#now("megapixels") * 1_000_000 };
  }

  /** Empty when none is set. @returns {string} */
  get proxy() {
    return this.#settings.get("source:proxy", /** @type {string} */ (""));
  }

  /**
   * Opens the panel at the field that helps.
   *
   * @param {"bytes" | "pixels" | "proxy"} what
   */
  reveal(what) {
    this.#panel.open = true;
    const field = { bytes: this.#megabytes, pixels: this.#megapixels, proxy: this.#proxy }[what];
    field.select();
    field.control.scrollIntoView({ block: "nearest" });
  }

  /** @param {"megabytes" | "megapixels"} name */
  #now(name) {
    const kept = this.#settings.get(`source:${name}`, USUAL[name]);
    const { min, max } = name === "megabytes" ? this.#megabytes : this.#megapixels;
    return Number.isInteger(kept) && kept >= min && kept <= max ? kept : USUAL[name];
  }

  /**
   * @param {"megabytes" | "megapixels"} name
   * @param {NumberField} field
   */
  #keep(name, field) {
    const { value, min, max } = field;
    field.error = value === null ? `A whole number from ${min} to ${max}.` : "";
    if (value !== null) this.#settings.set(`source:${name}`, value);
    this.#tell();
  }

  #keepProxy() {
    const text = this.#proxy.text.trim();
    try {
      if (text !== "") proxied(text);
      this.#proxy.error = "";
      this.#settings.set("source:proxy", text);
    } catch (error) {
      const allowed = error instanceof DigitlabError ? error.detail.allowed : undefined;
      this.#proxy.error = `It must be ${allowed ?? "an address"}.`;
    }
    this.#tell();
  }

  #tell() {
    const { proxy } = this;
    const through = proxy === "" ? "no proxy" : `proxy ${URL.parse(proxy.replaceAll("{url}", ""))?.host ?? proxy}`;
    this.#said.textContent = `${this.#now("megabytes")} MB, ${this.#now("megapixels")} megapixels, ${through}`;
  }
}
