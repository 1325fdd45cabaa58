import { reasonOf } from "../lab/errors.js";
import { copyPicture } from "../ui/clipboard.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { save } from "../ui/save.js";
import { paintPicture } from "../ui/small_picture.js";
import { SaliencyPanel } from "./saliency_panel.js";

/** @typedef {import("./types.js").Answer} Answer */

const SIDE = 28;

/** What the model saw: 28 x 28 pixels, the stages that led there, and what was left out on the way. */
export class SeenCard {
  #root = element("classify-seen", HTMLElement);
  #canvas = element("classify-seen-picture", HTMLCanvasElement);
  #title = element("classify-seen-which", HTMLElement);
  #notes = element("classify-notes", HTMLElement);
  #stages = element("classify-stages", HTMLElement);
  #none = element("classify-stages-none", HTMLElement);
  #panel = element("classify-stages-panel", HTMLDetailsElement);
  #download = element("classify-seen-download", HTMLButtonElement);
  #copy = element("classify-seen-copy", HTMLButtonElement);
  #lab;
  #toasts;
  #saliency;
  /** @type {Answer | null} */
  #answer = null;
  #at = 0;

  /**
   * @param {object} options
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {() => void} options.opened called when the stages are to be seen
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, toasts, opened }, signal) {
    this.#lab = lab;
    this.#toasts = toasts;
    this.#saliency = new SaliencyPanel({ lab, settings }, signal);
    settings.bindPanel(this.#panel, signal);
    this.#panel.addEventListener("toggle", () => this.#panel.open && opened(), { signal });
    const press = (/** @type {HTMLButtonElement} */ button, /** @type {() => Promise<void>} */ act) =>
      button.addEventListener("click", () => this.#try(act), { signal });
    press(this.#download, async () => save(await this.#file(), `digitlab-seen-${this.#answer?.digits[this.#at]?.digit ?? ""}.png`));
    press(this.#copy, async () => {
      await copyPicture(this.#file());
      this.#toasts.show("Picture copied.");
    });
    this.show(null, 0);
  }

  /** Whether the stages are to be seen. */
  get wantsStages() {
    return this.#panel.open;
  }

  /**
   * @param {Answer | null} answer
   * @param {number} at which of its digits
   */
  show(answer, at) {
    this.#answer = answer;
    this.#at = at;
    const digit = answer?.digits[at];
    this.#root.toggleAttribute("data-empty", !digit);
    this.#download.disabled = this.#copy.disabled = !digit;
    this.#saliency.show(digit ?? null, answer?.model ?? "default");
    const several = (answer?.digits.length ?? 0) > 1;
    this.#title.textContent = digit && several ? `Digit ${at + 1} of ${answer?.digits.length}, read as ${digit.digit}.` : "";
    const notes = answer?.notes ?? [];
    if (notes.join("\n") !== [...this.#notes.children].map((note) => note.textContent).join("\n")) {
      this.#notes.replaceChildren(...notes.map((note) => make("li", {}, note)));
    }
    if (digit) paintPicture(this.#canvas, { width: SIDE, height: SIDE, channels: 1, data: digit.seen });
    else {
      this.#canvas.getContext("2d")?.clearRect(0, 0, SIDE, SIDE);
      this.stages([]);
    }
    this.#canvas.setAttribute("aria-label", digit ? `28 × 28 pixels, read as ${digit.digit}` : "Nothing yet");
  }

  /** @param {readonly import("./types.js").StagePicture[]} stages */
  stages(stages) {
    this.#none.hidden = stages.length > 0;
    const known = [...this.#stages.children];
    this.#stages.replaceChildren(
      ...stages.map(({ name, title, width, height, channels, data }, at) => {
        const old = known[at];
        const item = old instanceof HTMLElement && old.dataset.name === name ? old : stageItem(name, title);
        paintPicture(/** @type {HTMLCanvasElement} */ (item.querySelector("canvas")), { width, height, channels, data });
        return item;
      }),
    );
  }

  async #file() {
    const digit = this.#answer?.digits[this.#at];
    if (!digit) throw new Error("There is no picture yet.");
    return this.#lab.encode({ width: SIDE, height: SIDE, channels: 1, data: digit.seen }, { format: "png" });
  }

  /** @param {() => Promise<void>} act */
  async #try(act) {
    try {
      await act();
    } catch (error) {
      this.#toasts.show(reasonOf(error), "error");
    }
  }
}

/**
 * @param {string} name
 * @param {string} title
 */
function stageItem(name, title) {
  const canvas = make("canvas", { class: "stages__picture pixels", role: "img", "aria-label": title });
  return make("li", { class: "stages__item", "data-name": name }, canvas, make("p", { class: "stages__title" }, title));
}
