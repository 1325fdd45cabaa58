import { DigitBoxes } from "./digit_boxes.js";
import { element, hideFrom } from "../ui/elements.js";
import { ProgressBar } from "../ui/progress.js";
import { SequenceCanvas } from "./sequence_canvas.js";

/** @typedef {"empty" | "busy" | "done" | "stale" | "error"} StageState */

/** The place of the picture: the picture with its boxes, or what to do to get one, and what goes on or wrong. */
export class Stage {
  #root = element("stage", HTMLElement);
  #scroll = element("stage-scroll", HTMLElement);
  #frame = element("stage-frame", HTMLElement);
  #empty = element("empty", HTMLElement);
  #refused = element("refused", HTMLElement);
  #refusal = element("refused-message", HTMLElement);
  #banner = element("banner", HTMLElement);
  #message = element("banner-message", HTMLElement);
  #retry = element("banner-retry", HTMLButtonElement);
  #canvas = new SequenceCanvas(element("picture", HTMLElement));
  #boxes;
  #count = 0;
  #room = { width: 0, height: 0 };

  /**
   * @param {object} options
   * @param {import("../ui/settings.js").Settings} options.settings
   * @param {() => void} options.retry
   * @param {(number: string) => void} options.example
   * @param {() => void} options.mend leads to the field that is wrong
   * @param {AbortSignal} signal
   */
  constructor({ settings, retry, example, mend }, signal) {
    this.#boxes = new DigitBoxes(
      {
        root: element("boxes", HTMLElement),
        readout: element("readout", HTMLElement),
        toggle: element("show-boxes", HTMLInputElement),
      },
      settings,
      signal,
    );
    this.progress = new ProgressBar(element("progress", HTMLElement), signal);
    this.#retry.addEventListener("click", retry, { signal });
    element("refused-go", HTMLButtonElement).addEventListener("click", mend, { signal });
    for (const button of this.#empty.querySelectorAll("button")) {
      button.addEventListener("click", () => example(button.dataset.number ?? ""), { signal });
    }
    const observer = new ResizeObserver(() => {
      this.#measure();
      this.#fit();
    });
    observer.observe(this.#scroll);
    this.#measure();
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {StageState} state */
  set state(state) {
    this.#root.dataset.state = state;
    this.#root.setAttribute("aria-busy", String(state === "busy"));
    this.#empty.hidden = state !== "empty";
    if (state !== "stale" && state !== "busy") hideFrom(this.#refused, this.#root);
    this.#boxes.state = state;
    // While a retry runs, its button must not vanish under the finger: the banner stays until there is an answer.
    if (state === "error") this.#banner.hidden = false;
    else if (state !== "busy") hideFrom(this.#banner, this.#root);
    // Last: what the focus may go to is there now.
    if (state !== "busy") this.progress.stop(state === "error" ? this.#retry : this.#root);
  }

  /** @param {import("../lab/digitlab.js").Sequence} sequence */
  show(sequence) {
    this.#canvas.show(sequence);
    this.#boxes.show(sequence);
    this.#fit();
    Object.assign(this.#root.dataset, {
      label: sequence.label,
      width: sequence.width,
      seed: sequence.seed,
      index: sequence.index,
      taskId: sequence.taskId,
      count: ++this.#count,
    });
    this.state = "done";
  }

  /** CSS pixels a pixel of the picture. */
  get scale() {
    return this.#canvas.scale;
  }

  clear() {
    this.#canvas.clear();
    this.#boxes.show(null);
    for (const name of ["label", "width", "seed", "index", "taskId"]) delete this.#root.dataset[name];
    this.state = "empty";
  }

  /**
   * A field is wrong. A picture that is there stays, dimmed; without one, this is the place to say why.
   *
   * @param {string} message
   */
  refuse(message) {
    this.#refusal.textContent = message;
    this.#refused.hidden = this.#root.dataset.label !== undefined;
    this.state = "stale";
  }

  /**
   * @param {string} code
   * @param {string} message
   */
  fail(code, message) {
    this.#banner.dataset.code = code;
    this.#message.textContent = message;
    this.state = "error";
  }

  /** Brings the picture into view and the focus to it. */
  reveal() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#root.focus({ preventScroll: true });
    this.#root.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  /** The room for the picture. Only when it changes: asking makes the browser lay the page out. */
  #measure() {
    const style = getComputedStyle(this.#frame);
    const aside = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd);
    this.#room = { width: this.#scroll.clientWidth - aside, height: this.#scroll.clientHeight - aside };
  }

  #fit() {
    this.#canvas.fit(this.#room.width, this.#room.height);
    this.#boxes.fit(this.#canvas.scale);
  }
}
