import { element } from "../ui/elements.js";
import { bytes, count, counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { FORMATS } from "./words.js";

/** @typedef {import("./types.js").KeptDataset} KeptDataset */
/** @typedef {"resume" | "show" | "delete"} KeptAction */

/** Data sets from earlier that this browser keeps, finished or not. */
export class KeptList {
  #root = element("dataset-kept", HTMLElement);
  #list = element("dataset-kept-list", HTMLElement);
  #act;
  #heir;
  #signal;

  /**
   * @param {(action: KeptAction, kept: KeptDataset) => void} act
   * @param {HTMLElement} heir takes the focus when the last one goes
   * @param {AbortSignal} signal
   */
  constructor(act, heir, signal) {
    this.#act = act;
    this.#heir = heir;
    this.#signal = signal;
  }

  /** @param {KeptDataset[]} all the newest first */
  show(all) {
    const rows = [...this.#list.children];
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const role = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.action;
    this.#root.hidden = all.length === 0;
    this.#list.replaceChildren(...all.map((kept) => this.#row(kept)));
    if (focused < 0) return;
    // What was deleted hands the focus to what takes its place.
    const next = this.#list.children[Math.min(focused, all.length - 1)];
    const heir = next?.querySelector(`[data-action="${role}"]`) ?? next?.querySelector("button") ?? this.#heir;
    /** @type {HTMLElement} */ (heir).focus({ preventScroll: true });
  }

  /** @param {KeptDataset} kept */
  #row(kept) {
    const { id, recipe, shard, total, state, bytes: size, changed } = kept;
    const name = `“${recipe.name}”`;
    const part = shard === "0/1" ? "" : `, shard ${shard}`;
    const what = `${counted(total, "item")}, ${FORMATS[recipe.format] ?? recipe.format}${part}`;
    const room = size > 0 ? ` · ${bytes(size)} in this browser` : "";
    const buttons = ACTIONS[state].map(([action, word]) => {
      const button = make("button", { class: "button button--small", type: "button", "data-action": action, "aria-label": `${word} ${name}` }, word);
      button.addEventListener("click", () => this.#act(action, kept), { signal: this.#signal });
      return button;
    });
    return make(
      "li",
      { class: "kept__row", "data-id": id, "data-state": state },
      make(
        "div",
        { class: "kept__words" },
        make("p", { class: "kept__name" }, `${name} `, make("span", { class: "dataset__soft" }, what)),
        make("p", { class: "dataset__soft" }, `${stateOf(kept)}${room} · ${when(changed)}`),
      ),
      make("div", { class: "toolbar" }, ...buttons),
    );
  }
}

/** @type {Record<KeptDataset["state"], [KeptAction, string][]>} */
const ACTIONS = {
  running: [],
  paused: [["resume", "Resume"], ["delete", "Delete"]],
  failed: [["resume", "Resume"], ["delete", "Delete"]],
  done: [["show", "Show"], ["delete", "Delete"]],
};

/** @param {KeptDataset} kept */
function stateOf({ state, done, total, error, sink, folder }) {
  const where = `${count(done)} of ${counted(total, "item")}`;
  if (state === "running") return `Being made here or in another tab, ${where}`;
  if (state === "paused") return `Paused at ${where}`;
  if (state === "failed") return `Stopped at ${where}. ${error}`;
  return sink === "folder" && folder ? `Made, in the folder “${folder}”` : "Made";
}

/** @param {number} time */
const when = (time) => new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
