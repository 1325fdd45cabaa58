import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { percent } from "../ui/percent.js";
import { saysInWords } from "./says_words.js";

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("../lab/held_picture.js").HeldPicture} HeldPicture */

/** What the model reads in the variant that is shown large. */
export class DetailSays {
  #root = element("augment-detail-says", HTMLElement);
  #input = element("augment-detail-says-on", HTMLInputElement);
  #text = element("augment-detail-says-text", HTMLElement);
  #says;
  #latest = new Latest();
  /** @type {{ held: HeldPicture, job: Job } | null} */
  #shown = null;

  /**
   * @param {import("./model_says.js").ModelSays} says
   * @param {AbortSignal} signal
   */
  constructor(says, signal) {
    this.#says = says;
    this.#input.addEventListener("change", () => (says.turn(this.#input.checked), void this.#tell()), { signal });
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /**
   * @param {HeldPicture} held
   * @param {Job} job
   */
  show(held, job) {
    this.#shown = { held, job };
    void this.#tell();
  }

  /** Nothing is shown any more. */
  clear() {
    this.#shown = null;
    this.#latest.cancel();
    this.#say("", "off");
  }

  async #tell() {
    this.#input.checked = this.#says.on;
    if (!this.#says.on || !this.#shown) {
      this.#latest.cancel();
      return this.#say("", "off");
    }
    const { held, job } = this.#shown;
    this.#root.dataset.state = "busy";
    if (!this.#text.textContent) this.#text.textContent = "Asking the model …";
    try {
      const both = await this.#latest.run((signal) => {
        return Promise.all([this.#says.original(held), this.#says.ask(held, job, { signal })]);
      });
      if (!both) return;
      const [original, said] = both;
      const { text, changed } = saysInWords(said, original);
      const plain = original.text ? `${original.text}, ${percent(original.probability)}` : "no ink";
      this.#root.toggleAttribute("data-changed", changed);
      this.#say(`${this.#says.model}: ${text} (the original: ${plain})`, "done");
    } catch (error) {
      this.#root.toggleAttribute("data-changed", false);
      this.#say(reasonOf(error), "error");
    }
  }

  /**
   * @param {string} text
   * @param {"off" | "done" | "error"} state
   */
  #say(text, state) {
    this.#root.dataset.state = state;
    if (this.#text.textContent !== text) this.#text.textContent = text;
  }
}
