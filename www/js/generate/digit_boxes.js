import { roveTo } from "../ui/roving.js";
import { stepsInWords } from "../ui/steps.js";

const HINTS = {
  empty: "",
  busy: "Point at a digit to see where it comes from.",
  done: "Point at a digit to see where it comes from.",
  stale: "Not up to date: a field is wrong.",
  error: "Not up to date: see the message.",
};

/** @param {number} value */
const tenth = (value) => value.toFixed(1);

/** The digits' boxes over the picture, and in words the one that is pointed at or has the focus. */
export class DigitBoxes {
  #root;
  #readout;
  #toggle;
  /** @type {HTMLButtonElement[]} */
  #boxes = [];
  #hint = "";
  /** @type {readonly import("../lab/digitlab.js").DigitOrigin[]} */
  #digits = [];
  /** @type {import("../lab/digitlab.js").AppliedStep[][] | undefined} */
  #steps;

  /**
   * @param {{ root: HTMLElement, readout: HTMLElement, toggle: HTMLInputElement }} elements
   * @param {import("../ui/settings.js").Settings} settings
   * @param {AbortSignal} signal
   */
  constructor({ root, readout, toggle }, settings, signal) {
    this.#root = root;
    this.#readout = readout;
    this.#toggle = toggle;
    toggle.checked = settings.get("boxes", false);
    this.#mark();
    const change = () => {
      settings.set("boxes", toggle.checked);
      this.#mark();
    };
    toggle.addEventListener("change", change, { signal });
    for (const type of ["pointerover", "focusin", "click"]) {
      root.addEventListener(type, (event) => this.#tell(event.target), { signal });
    }
    root.addEventListener("pointerleave", () => this.#tell(document.activeElement), { signal });
    root.addEventListener("focusout", () => this.#tell(null), { signal });
    root.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @param {import("../lab/digitlab.js").Sequence | null} sequence */
  show(sequence) {
    this.#digits = sequence?.digits ?? [];
    this.#steps = sequence?.augmentation;
    while (this.#boxes.length > this.#digits.length) this.#boxes.pop()?.remove();
    while (this.#boxes.length < this.#digits.length) {
      const box = document.createElement("button");
      box.type = "button";
      box.className = "box";
      box.tabIndex = this.#boxes.length === 0 ? 0 : -1;
      this.#boxes.push(box);
      this.#root.append(box);
    }
    if (!this.#boxes.some((box) => box.tabIndex === 0) && this.#boxes[0]) this.#boxes[0].tabIndex = 0;
    this.#digits.forEach((digit, at) => {
      const box = this.#boxes[at];
      if (!box) return;
      const { split, index, x, width } = digit;
      Object.assign(box.dataset, { digit: digit.digit, split, index, x, width });
      box.setAttribute("aria-label", `${digit.digit}, ${split} #${index}, x ${tenth(x)}, width ${tenth(width)} px`);
    });
    this.#tell(this.#root.querySelector(".box:is(:hover, :focus)"));
  }

  /** @param {import("./stage.js").StageState} state decides what is said while no digit is pointed at */
  set state(state) {
    this.#hint = this.#digits.length > 0 ? HINTS[state] : "";
    if (!this.#readout.hasAttribute("data-live")) this.#readout.textContent = this.#hint;
  }

  /** @param {number} scale CSS pixels a column */
  fit(scale) {
    this.#digits.forEach(({ x, width }, at) => {
      const style = this.#boxes[at]?.style;
      if (!style) return;
      style.left = `${x * scale}px`;
      style.width = `${width * scale}px`;
    });
  }

  #mark() {
    this.#root.toggleAttribute("data-shown", this.#toggle.checked);
  }

  /** @param {EventTarget | null} target */
  #tell(target) {
    const at = this.#boxes.findIndex((box) => box === target);
    const digit = this.#digits[at];
    const steps = stepsInWords(this.#steps?.[at]);
    this.#readout.toggleAttribute("data-live", digit !== undefined);
    this.#readout.textContent = digit
      ? `${digit.digit} · ${digit.split} #${digit.index} · x ${tenth(digit.x)}, width ${tenth(digit.width)} px${steps && ` · ${steps}`}`
      : this.#hint;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#boxes.findIndex((box) => box === event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#boxes.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    roveTo(this.#boxes, to);
  }
}
