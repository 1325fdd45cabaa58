import { reasonOf } from "../lab/errors.js";
import { copyPicture, copyText } from "../ui/clipboard.js";
import { fileName } from "../ui/format.js";
import { save } from "../ui/save.js";

/** Takes the picture along: files, clipboard, link. */
export class ExportBar {
  #root;
  #lab;
  #toasts;
  #link;
  #send;
  /** @type {import("../lab/digitlab.js").Sequence | null} */
  #sequence = null;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {() => { address: string, note: string }} options.link
   * @param {(sequence: import("../lab/digitlab.js").Sequence, place: string) => Promise<void>} options.send to another place
   * @param {AbortSignal} signal
   */
  constructor(root, { lab, toasts, link, send }, signal) {
    this.#root = root;
    this.#lab = lab;
    this.#toasts = toasts;
    this.#link = link;
    this.#send = send;
    root.addEventListener("click", (event) => this.#click(event), { signal });
  }

  /** @param {import("../lab/digitlab.js").Sequence | null} sequence */
  set sequence(sequence) {
    this.#sequence = sequence;
    for (const button of this.#root.querySelectorAll("button")) {
      if (!button.hasAttribute("aria-expanded")) button.disabled = sequence === null;
    }
  }

  /** @param {Event} event */
  async #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const sequence = this.#sequence;
    if (!button || !sequence) return;
    try {
      const format = button.dataset.format;
      if (format === "png" || format === "npy" || format === "json") {
        save(await this.#lab.encode(sequence, { format }), fileName(sequence, format));
      } else if (button.id === "copy-picture") {
        await copyPicture(this.#lab.encode(sequence, { format: "png" }));
        this.#toasts.show("Picture copied.");
      } else if (button.dataset.place) {
        await this.#send(sequence, button.dataset.place);
      } else if (button.id === "copy-link") {
        const { address, note } = this.#link();
        await copyText(address);
        this.#toasts.show(`Link copied. ${note}`);
      }
    } catch (error) {
      this.#toasts.show(reasonOf(error), "error");
    }
  }
}
