import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { save } from "../ui/save.js";
import { drawn } from "./pad_picture.js";

/** Pixels of a unit of the pad in what is taken along: 1,200 x 900. */
const LARGE = 3;
/** And in what goes to another place: 800 x 600. */
const SENT = 2;

/** What stands below the pad: undo, redo, clear, the pen, and ways to take the drawing along. */
export class PadTools {
  #pad;
  #undo = element("classify-undo", HTMLButtonElement);
  #redo = element("classify-redo", HTMLButtonElement);
  #clear = element("classify-clear", HTMLButtonElement);
  #eraser = element("classify-eraser", HTMLButtonElement);
  #width = element("classify-width", HTMLInputElement);
  #said = element("classify-width-now", HTMLElement);
  #dot = element("classify-width-dot", HTMLElement);
  #download = element("classify-drawing-download", HTMLButtonElement);
  #send = element("classify-drawing-augment", HTMLButtonElement);

  /**
   * @param {object} options
   * @param {import("./pad.js").Pad} options.pad
   * @param {import("../lab/digitlab.js").Digitlab} options.lab
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {import("../ui/toast.js").Toasts} options.toasts
   * @param {(picture: import("../source/types.js").SourcePicture) => Promise<void>} options.send to the Augment place
   * @param {AbortSignal} signal
   */
  constructor({ pad, lab, settings, toasts, send }, signal) {
    this.#pad = pad;
    const press = (/** @type {HTMLButtonElement} */ button, /** @type {() => unknown} */ act) =>
      button.addEventListener(
        "click",
        async () => {
          try {
            await act();
          } catch (error) {
            toasts.show(reasonOf(error), "error");
          }
        },
        { signal },
      );
    press(this.#undo, () => this.#keepFocus(this.#undo, () => pad.undo()));
    press(this.#redo, () => this.#keepFocus(this.#redo, () => pad.redo()));
    press(this.#clear, () => this.#keepFocus(this.#clear, () => pad.clear()));
    press(this.#eraser, () => this.#erase(!pad.eraser));
    press(this.#download, async () => save(await lab.encode(drawn(pad.strokes, LARGE), { format: "png" }), "digitlab-drawing.png"));
    press(this.#send, () => send({ name: "Drawing", picture: drawn(pad.strokes, SENT), origin: { kind: "place" }, notes: [] }));
    const kept = settings.get("pen-width", Number(this.#width.defaultValue));
    this.#width.value = String(kept);
    const widen = () => {
      pad.penWidth = this.#width.valueAsNumber;
      this.#said.textContent = this.#width.value;
      this.#width.setAttribute("aria-valuetext", `${this.#width.value} of ${this.#width.max}`);
      this.#dot.style.setProperty("--pen", this.#width.value);
    };
    widen();
    this.#width.addEventListener("input", () => (widen(), settings.set("pen-width", pad.penWidth)), { signal });
    this.update();
  }

  /** Shows what can be done with the drawing as it is now. */
  update() {
    const { canUndo, canRedo, isEmpty, strokes } = this.#pad;
    this.#undo.disabled = !canUndo;
    this.#redo.disabled = !canRedo;
    this.#clear.disabled = strokes.length === 0;
    this.#download.disabled = this.#send.disabled = isEmpty || strokes.length === 0;
  }

  /** @param {boolean} erasing */
  #erase(erasing) {
    this.#pad.eraser = erasing;
    this.#eraser.setAttribute("aria-pressed", String(erasing));
  }

  /**
   * A button that cannot be pressed any more gives the focus to the pad instead of losing it.
   *
   * @param {HTMLButtonElement} button
   * @param {() => void} act
   */
  #keepFocus(button, act) {
    const focused = document.activeElement === button;
    act();
    if (focused && button.disabled) this.#pad.focus();
  }
}
