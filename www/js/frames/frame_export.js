import { reasonOf } from "../lab/errors.js";
import { copyPicture } from "../ui/clipboard.js";
import { element } from "../ui/elements.js";
import { bytes } from "../ui/format.js";
import { save } from "../ui/save.js";
import { depthText } from "./depth_text.js";

/** @typedef {import("./types.js").DepthWindow} DepthWindow */
/** @typedef {import("./types.js").FramesLab} FramesLab */
/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {"jpeg" | "png" | "f32" | "csv"} Format */

/** @type {Record<Format, string>} */
const ENDINGS = { jpeg: "jpg", png: "png", f32: "f32", csv: "csv" };

/**
 * @typedef {{ info: LogInfo, window: DepthWindow & { depth_min: number, depth_max: number }, look: import("./types.js").Look }} Frame
 *
 * @typedef {object} FrameExportOptions
 * @property {FramesLab} frames
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {() => Promise<Frame | null>} frame what is in sight
 */

/** Takes what is in sight along, as a file or into the clipboard: every row of it, one pixel high. */
export class FrameExport {
  #options;
  #error = element("frames-export-error", HTMLElement);
  #buttons;

  /**
   * @param {FrameExportOptions} options
   * @param {AbortSignal} signal
   */
  constructor(options, signal) {
    this.#options = options;
    const on = (/** @type {string} */ id, /** @type {() => Promise<void>} */ act) => {
      const button = element(`frames-${id}`, HTMLButtonElement);
      button.addEventListener("click", () => void this.#run(button, act), { signal });
      return button;
    };
    const formats = /** @type {Format[]} */ (Object.keys(ENDINGS));
    this.#buttons = [...formats.map((format) => on(`save-${format}`, () => this.#save(format))), on("copy-picture", () => this.#copy())];
  }

  /** @param {boolean} enabled */
  set enabled(enabled) {
    for (const button of this.#buttons) button.disabled = !enabled;
    this.#error.textContent = "";
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {() => Promise<void>} act
   */
  async #run(button, act) {
    if (button.getAttribute("aria-busy") === "true") return;
    this.#error.textContent = "";
    button.setAttribute("aria-busy", "true");
    try {
      await act();
    } catch (error) {
      this.#error.textContent = reasonOf(error);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /** @param {Format} format */
  async #save(format) {
    const frame = await this.#options.frame();
    if (!frame) return;
    const { info, window } = frame;
    const blob = await this.#render(frame, format);
    const name = `${plainName(info.name)}_${depthText(window.depth_min)}-${depthText(window.depth_max)}.${ENDINGS[format]}`;
    save(blob, name);
    this.#options.toasts.show(`${name} saved, ${bytes(blob.size)}.`);
  }

  async #copy() {
    // WebKit writes only while it handles the press itself.
    await copyPicture(this.#picture());
    this.#options.toasts.show("Picture copied.");
  }

  async #picture() {
    const frame = await this.#options.frame();
    if (!frame) throw new Error("No log is shown any more.");
    return this.#render(frame, "png");
  }

  /**
   * @param {Frame} frame
   * @param {Format} format
   */
  #render({ info, window, look }, format) {
    return this.#options.frames.render(info.id, { ...window, ...look, format });
  }
}

/**
 * A log's name without its ending and without what file systems do not like.
 *
 * @param {string} name
 */
export function plainName(name) {
  const plain = name.replace(/\.(csv|tsv|txt)?(\.gz)?$/i, "").replaceAll(/[^\p{L}\p{N}._-]+/gu, "-");
  return plain.slice(0, 80) || "log";
}
