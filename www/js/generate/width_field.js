import { NumberField } from "../ui/number_field.js";

/** A digit of MNIST is 28 px wide, so this much a digit neither crowds nor stretches much. */
const WIDTH_PER_DIGIT = 28;

/**
 * The picture's width. Until the person sets one it is automatic and follows the number of digits; its text is empty
 * then. With the fit `natural` it has no meaning and is switched off.
 */
export class WidthField extends NumberField {
  #auto;
  #digits = 1;
  #natural = false;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLInputElement} auto the switch
   * @param {() => void} edited
   * @param {AbortSignal} signal
   */
  constructor(input, auto, edited, signal) {
    super(input, () => this.#set(), signal);
    this.#auto = auto;
    this.report = edited;
    auto.addEventListener(
      "change",
      () => {
        this.#refresh();
        this.report();
      },
      { signal },
    );
    this.#refresh();
  }

  /** Empty means automatic. */
  get text() {
    return this.#auto.checked ? "" : super.text;
  }

  set text(text) {
    this.#auto.checked = text === "";
    if (text !== "") super.text = text;
    this.#refresh();
  }

  get initial() {
    return "";
  }

  /** What to ask the engine for: the text, or the automatic width. */
  get effective() {
    return this.#auto.checked ? String(this.#automatic) : super.text;
  }

  get #automatic() {
    return Math.min(this.max, WIDTH_PER_DIGIT * Math.max(1, this.#digits));
  }

  /**
   * What the other fields say.
   *
   * @param {number} digits
   * @param {boolean} natural
   */
  follow(digits, natural) {
    this.#digits = digits;
    this.#natural = natural;
    this.#refresh();
  }

  /** @param {number} by */
  step(by) {
    this.#auto.checked = false;
    super.step(by);
  }

  #set() {
    this.#auto.checked = false;
    this.#refresh();
    this.report();
  }

  #refresh() {
    if (this.#auto.checked) super.text = String(this.#automatic);
    this.disabled = this.#natural;
    this.#auto.disabled = this.#natural;
    if (this.#natural) this.help = "Natural fit: the digits make the width themselves.";
    else if (this.#auto.checked) this.help = `Automatic: ${this.#digits} × ${WIDTH_PER_DIGIT} px. Edit it to set your own.`;
    else this.help = `${this.min.toLocaleString("en")} to ${this.max.toLocaleString("en")} px. Auto gives ${this.#automatic} px.`;
  }
}
