import { element } from "../ui/elements.js";

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 */

/** The Augment view: from a picture and a pipeline to a wall of variants. */
export class AugmentView {
  root = element("view-augment", HTMLElement);
  #shell;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    signal.throwIfAborted();
  }

  /** @param {string} query what the address says */
  open(query) {
    this.#shell.replaceAddress(query);
  }
}
