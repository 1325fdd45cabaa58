import { make } from "../ui/make.js";
import { StepCard } from "./step_card.js";

/** @typedef {import("./pipeline_tree.js").PipelineNode} PipelineNode */

/** The cards of a pipeline, in groups within one another. A card stays the same element wherever its step goes. */
export class StepList {
  #root;
  #host;
  #signal;
  /** @type {Map<number, StepCard>} */
  #cards = new Map();
  /** What each card's life hangs on. @type {Map<number, AbortController>} */
  #lives = new Map();

  /**
   * @param {HTMLOListElement} root
   * @param {import("./step_card.js").StepHost} host
   * @param {AbortSignal} signal
   */
  constructor(root, host, signal) {
    this.#root = root;
    this.#host = host;
    this.#signal = signal;
  }

  /** @param {PipelineNode} tree */
  show(tree) {
    const focused = document.activeElement;
    /** @type {Set<number>} */
    const seen = new Set();
    this.#fill(this.#root, tree, 0, seen);
    for (const [id, card] of this.#cards) {
      if (seen.has(id)) continue;
      this.#lives.get(id)?.abort();
      this.#lives.delete(id);
      this.#cards.delete(id);
      card.root.remove();
    }
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#root.contains(focused)) {
      focused.focus({ preventScroll: true });
      focused.closest(".step")?.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {number} id */
  card(id) {
    return this.#cards.get(id);
  }

  get cards() {
    return this.#cards.values();
  }

  /**
   * @param {HTMLElement} list
   * @param {PipelineNode} group
   * @param {number} depth
   * @param {Set<number>} seen
   */
  #fill(list, group, depth, seen) {
    for (const [at, node] of (group.members ?? []).entries()) {
      seen.add(node.id);
      const card = this.#cards.get(node.id) ?? this.#make(node);
      card.update(node, { at, parent: group, depth });
      if (list.children[at] !== card.root) list.insertBefore(card.root, list.children[at] ?? null);
      if (card.members) this.#fill(card.members, node, depth + 1, seen);
    }
  }

  /** @param {PipelineNode} node */
  #make(node) {
    const life = new AbortController();
    const card = new StepCard(node, this.#host, AbortSignal.any([life.signal, this.#signal]));
    this.#cards.set(node.id, card);
    this.#lives.set(node.id, life);
    return card;
  }
}

/** The mark of where a dragged step will land. */
export function dropMark() {
  return make("div", { class: "steps__mark", "aria-hidden": "true" });
}
