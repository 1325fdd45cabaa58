import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { make } from "../ui/make.js";

/** @typedef {import("../lab/digitlab.js").Taught} Taught */
/** @typedef {import("../lab/teaching.js").Change} Change */

/** So many samples are needed to say something of new ones. */
const ENOUGH = 4;
/** A fall by more points of a percent than this is a loud warning. */
const LOUD = 0.5;

/** What a lesson has brought: figures before and after, in a table and in words. */
export class LessonResult {
  #root = element("classify-lesson", HTMLElement);
  #title = element("classify-lesson-title", HTMLElement);
  #words = element("classify-lesson-words", HTMLElement);
  #rows = /** @type {HTMLTableSectionElement} */ (element("classify-lesson-table", HTMLTableElement).tBodies[0]);
  #warning = element("classify-lesson-warning", HTMLElement);
  #warningText = element("classify-lesson-warning-text", HTMLElement);

  /** @param {Taught} taught */
  show(taught) {
    const { card, base, samples, unseen, mnist, elapsed } = taught;
    this.#title.textContent = `${card.title}, taught in ${(elapsed / 1000).toFixed(1)} s`;
    const words = inWords(taught);
    this.#words.textContent = words;
    this.#rows.replaceChildren(
      row("Your samples, which it has learned from", samples),
      ...(unseen ? [row("The same, each asked before it was learned from", unseen)] : []),
      row("MNIST test pictures, never learned from", mnist),
    );
    const lost = mnist.before.right - mnist.after.right;
    const points = (100 * lost) / mnist.after.count;
    const price = `${count(lost)} fewer of ${count(mnist.after.count)} MNIST test pictures`;
    this.#warning.hidden = lost <= 0;
    this.#warning.toggleAttribute("data-loud", points >= LOUD);
    this.#warningText.textContent =
      points >= LOUD
        ? `It has become worse at other hands: ${price} are right. Undo it, or delete samples that are unlike the digit they are to show.`
        : `The price: ${price} are right than with ${base.title}.`;
    this.#root.dataset.model = card.name;
    this.#root.hidden = false;
    return words;
  }

  hide() {
    this.#root.hidden = true;
    delete this.#root.dataset.model;
  }
}

/** @param {Taught} taught */
function inWords({ samples, unseen, mnist }) {
  const own = samples.after.count;
  const said = [
    own === 1
      ? `Your sample was ${samples.before.right ? "right" : "wrong"} before and is ${samples.after.right ? "right" : "still wrong"} now.`
      : `Of your ${count(own)} samples ${count(samples.before.right)} were right before, ${count(samples.after.right)} are now.`,
  ];
  if (unseen) {
    said.push(
      `Asked about each before it had learned from it, the model has ${count(unseen.after.right)} right instead of ${count(unseen.before.right)}: that is what to expect of your next digits.`,
    );
  } else {
    said.push(`With ${ENOUGH} samples or more it can also be told what to expect of your next digits.`);
  }
  const lost = mnist.before.right - mnist.after.right;
  const all = `${count(mnist.after.count)} MNIST test pictures`;
  if (lost === 0) said.push(`Of ${all} as many are right as before: ${count(mnist.after.right)}.`);
  else said.push(`Of ${all} ${count(mnist.after.right)} are right, ${count(Math.abs(lost))} ${lost > 0 ? "fewer" : "more"} than before.`);
  return said.join(" ");
}

/**
 * @param {string} what
 * @param {Change} change
 */
function row(what, { before, after }) {
  const gained = after.right - before.right;
  const points = (100 * gained) / after.count;
  const difference = gained === 0 ? "same" : `${gained > 0 ? "+" : "−"}${count(Math.abs(gained))} (${gained > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} points)`;
  const cell = make("td", { "data-change": gained === 0 ? "none" : gained > 0 ? "better" : "worse" }, difference);
  return make("tr", {}, make("th", { scope: "row" }, what), make("td", {}, share(before)), make("td", {}, share(after)), cell);
}

/** @param {import("../lab/teaching.js").Score} score */
const share = ({ count: all, right }) => `${count(right)} of ${count(all)} (${((100 * right) / all).toFixed(1)} %)`;
