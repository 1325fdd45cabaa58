import { count, counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { numbersPicture } from "./numbers_picture.js";

/** Lists and objects of at most so many characters stand in a line. */
const SHORT = 72;
/** Items that are shown at once. */
const PAGE = 100;
/** So many items are folded at first. */
const FOLDED = 16;
/** Numbers of a list that are shown. */
const MOST_NUMBERS = 5_000;

/**
 * JSON to look through: what is long is folded, and made when it is unfolded.
 *
 * @param {unknown} value
 * @param {boolean} [open] whether it is unfolded, however long it is
 * @returns {HTMLElement}
 */
export function jsonTree(value, open = true) {
  const root = make("div", { class: "json" });
  root.append(part(value, open));
  return root;
}

/**
 * @param {unknown} value
 * @param {boolean} open
 * @returns {Node}
 */
function part(value, open) {
  if (value === null || typeof value !== "object") return leaf(value);
  const short = JSON.stringify(value);
  if (short.length <= SHORT && !deep(value)) return inLine(value);
  const list = Array.isArray(value);
  const size = list ? value.length : Object.keys(value).length;
  if (size === 0) return new Text(list ? "[]" : "{}");
  const fold = make("details", { class: "json__fold" });
  const words = list ? `[ ${count(size)} ${listed(value)} ]` : `{ ${counted(size, "field")} }`;
  fold.append(make("summary", { class: "json__summary" }, words));
  const fill = () => {
    if (fold.querySelector(".json__items")) return;
    fold.append(items(value));
  };
  fold.addEventListener("toggle", () => fold.open && fill());
  if (open && size <= (list ? FOLDED : 4 * FOLDED)) {
    fill();
    fold.open = true;
  }
  const picture = list ? numbersPicture(value) : null;
  if (!picture) return fold;
  // It is seen while the numbers are folded.
  const both = new DocumentFragment();
  both.append(fold, picture);
  return both;
}

/** @param {object} value */
function items(value) {
  if (Array.isArray(value) && value.every((each) => typeof each === "number")) return numbers(value);
  const entries = Array.isArray(value) ? value.map((each) => /** @type {const} */ (["", each])) : Object.entries(value);
  const made = make("div", { class: "json__items" });
  const show = (/** @type {number} */ from) => {
    const to = Math.min(from + PAGE, entries.length);
    for (const [name, each] of entries.slice(from, to)) made.append(item(name, each));
    if (to === entries.length) return;
    const rest = entries.length - to;
    const more = make(
      "button",
      { class: "button button--small", type: "button" },
      `Show ${count(Math.min(PAGE, rest))} more of ${count(rest)}`,
    );
    more.addEventListener("click", () => {
      more.remove();
      show(to);
      const next = made.children[to];
      if (next instanceof HTMLElement) {
        next.tabIndex = -1;
        next.focus({ preventScroll: true });
      }
    });
    made.append(more);
  };
  show(0);
  return made;
}

/** Numbers need no lines of their own. @param {number[]} list */
function numbers(list) {
  const cut = list.length > MOST_NUMBERS ? `, … ${count(list.length - MOST_NUMBERS)} more` : "";
  return make("div", { class: "json__items code-number" }, list.slice(0, MOST_NUMBERS).join(", ") + cut);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function item(name, value) {
  const row = make("div", { class: "json__item" });
  if (name) row.append(make("span", { class: "json__key" }, name), ": ");
  row.append(part(value, !Array.isArray(value) || !deep(value)));
  return row;
}

/** @param {object} value */
function inLine(value) {
  const made = make("span", {});
  const list = Array.isArray(value);
  made.append(list ? "[" : "{ ");
  Object.entries(value).forEach(([name, each], at) => {
    if (at > 0) made.append(", ");
    if (!list) made.append(make("span", { class: "json__key" }, name), ": ");
    made.append(each !== null && typeof each === "object" ? inLine(each) : leaf(each));
  });
  made.append(list ? "]" : " }");
  return made;
}

/** @param {unknown} value */
function leaf(value) {
  const kind = typeof value === "string" ? "text" : typeof value === "number" ? "number" : "word";
  return make("span", { class: `code-${kind}` }, JSON.stringify(value) ?? String(value));
}

/** Whether lists or objects are in it. @param {object} value */
const deep = (value) => Object.values(value).some((each) => each !== null && typeof each === "object");

/** @param {unknown[]} list */
function listed(list) {
  const [first] = list;
  if (Array.isArray(first)) return `× ${count(first.length)}`;
  if (list.every((each) => typeof each === "number")) return "numbers";
  return list.length === 1 ? "item" : "items";
}
