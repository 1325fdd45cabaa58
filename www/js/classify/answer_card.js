import { element } from "../ui/elements.js";
import { duration } from "../ui/format.js";
import { make } from "../ui/make.js";
import { roveTo } from "../ui/roving.js";
import { percent } from "./percent.js";
import { ProbabilityBars } from "./probability_bars.js";

/** @typedef {import("./types.js").Answer} Answer */

/** Alternatives below this are not worth a word. */
const WORTH = 0.001;
const MOST_ALTERNATIVES = 3;
/** What is said of the answer waits for the pen to rest. */
const SPOKEN_AFTER = 700;

/** The answer: the digit or number, how sure it is, and the ten probabilities of the digit that is looked at. */
export class AnswerCard {
  #root = element("classify-answer", HTMLElement);
  #text = element("classify-text", HTMLElement);
  #sure = element("classify-sure", HTMLElement);
  #others = element("classify-others", HTMLElement);
  #digits = element("classify-digits", HTMLElement);
  #facts = element("classify-facts", HTMLElement);
  #bars = new ProbabilityBars(element("classify-bars", HTMLTableElement));
  #status;
  #chosen;
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  /** @type {Answer | null} */
  #answer = null;
  #at = 0;
  #count = 0;

  /**
   * @param {object} options
   * @param {import("../ui/status.js").Status} options.status
   * @param {(at: number) => void} options.chosen called when another digit is looked at
   * @param {AbortSignal} signal
   */
  constructor({ status, chosen }, signal) {
    this.#status = status;
    this.#chosen = chosen;
    this.#digits.addEventListener("click", (event) => this.choose(this.#buttons.findIndex((button) => button === event.target)), { signal });
    this.#digits.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** Which digit of the number is looked at. */
  get at() {
    return this.#at;
  }

  /** @param {Answer} answer */
  show(answer) {
    const several = answer.digits.length > 1;
    if (this.#at >= answer.digits.length) this.#at = 0;
    this.#answer = answer;
    this.#text.textContent = answer.text;
    this.#text.removeAttribute("data-said");
    this.#text.style.setProperty("--length", String(answer.text.length));
    this.#sure.textContent = percent(answer.probability);
    this.#others.textContent = several ? "" : alternatives(answer);
    this.#others.hidden = several;
    this.#facts.textContent = `${duration(answer.elapsed)}, model ${answer.model}`;
    this.#showDigits(several ? answer : null);
    this.#showBars();
    this.#root.dataset.kind = answer.kind;
    this.#root.dataset.text = answer.text;
    this.#root.dataset.model = answer.model;
    this.#root.dataset.count = String(++this.#count);
    this.state = "done";
    this.#status.say(`${answer.text}, ${percent(answer.probability)}.`, SPOKEN_AFTER);
  }

  /** @param {boolean} behind whether what is shown answers something older than what is there now */
  set behind(behind) {
    this.#root.toggleAttribute("data-behind", behind);
  }

  /** @param {"empty" | "no_picture" | "no_ink" | "waiting" | "done"} state */
  set state(state) {
    if (this.#root.dataset.state === state) return;
    this.#root.dataset.state = state;
    if (state === "done") return;
    this.#answer = null;
    this.#at = 0;
    delete this.#root.dataset.text;
    this.#text.textContent = SAID[state];
    this.#text.toggleAttribute("data-said", true);
    this.#sure.textContent = "";
    this.#others.textContent = "";
    this.#facts.textContent = "";
    this.#showDigits(null);
    this.#bars.show(null, "Probability of each digit");
  }

  /** @param {number} at */
  choose(at) {
    if (!this.#answer?.digits[at]) return;
    this.#at = at;
    for (const [place, button] of this.#buttons.entries()) button.setAttribute("aria-pressed", String(place === at));
    this.#showBars();
    this.#chosen(at);
  }

  #showBars() {
    const answer = this.#answer;
    const digit = answer?.digits[this.#at];
    if (!answer || !digit) return;
    const which = answer.digits.length > 1 ? `Digit ${this.#at + 1} of ${answer.digits.length}, read as ${digit.digit}` : "Probability of each digit";
    this.#bars.show(digit.probabilities, which);
  }

  /** @param {Answer | null} answer a number, or null */
  #showDigits(answer) {
    const digits = answer?.digits ?? [];
    this.#digits.hidden = digits.length === 0;
    const focused = this.#digits.contains(document.activeElement);
    while (this.#buttons.length > digits.length) this.#buttons.pop()?.remove();
    while (this.#buttons.length < digits.length) {
      const button = make("button", { type: "button", class: "answer__digit", tabindex: this.#buttons.length === 0 ? "0" : "-1" });
      this.#buttons.push(button);
      this.#digits.append(button);
    }
    if (focused && !this.#digits.contains(document.activeElement)) this.#buttons.at(-1)?.focus({ preventScroll: true });
    for (const [at, { digit, probability }] of digits.entries()) {
      const button = this.#buttons[at];
      if (!button) continue;
      button.textContent = String(digit);
      button.setAttribute("aria-pressed", String(at === this.#at));
      button.setAttribute("aria-label", `Digit ${at + 1}: ${digit}, ${percent(probability)}`);
      button.title = percent(probability);
      button.toggleAttribute("data-unsure", probability < UNSURE);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = this.#buttons.findIndex((button) => button === event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    roveTo(this.#buttons, to);
  }
}

/** A digit of a number that is less probable is marked. */
const UNSURE = 0.8;

const SAID = {
  empty: "The answer appears here while you draw.",
  no_picture: "The answer appears here once a picture is chosen.",
  no_ink: "No ink was found yet: draw or show something darker, larger or nearer.",
  waiting: "The answer comes as soon as the model is there.",
};

/** @param {Answer} answer */
function alternatives({ digits: [only] }) {
  if (!only) return "";
  const others = only.probabilities
    .map((probability, digit) => ({ probability, digit }))
    .filter(({ probability, digit }) => digit !== only.digit && probability >= WORTH)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_ALTERNATIVES);
  if (others.length === 0) return "Nothing else comes near.";
  return `Or ${others.map(({ probability, digit }) => `${digit} (${percent(probability)})`).join(", ")}.`;
}
