import { dropMark } from "./step_list.js";

/** A press that moves less is a click. */
const LEAST_MOVE = 4;
/** So close to the window's edge the page scrolls, and by so much at a time. */
const EDGE = 48;
const SCROLL = 12;

/** @typedef {{ list: HTMLElement, at: number, y: number }} Slot A place between cards where a step can land. */

/** Moves cards with the mouse, a finger or a pen. Escape leaves everything as it was. */
export class StepDrag {
  #root;
  #dropped;
  #mark = dropMark();
  /** @type {{ card: HTMLElement, grip: HTMLElement, pointer: number, x: number, y: number, moving: boolean, slot: Slot | null } | null} */
  #drag = null;

  /**
   * @param {HTMLOListElement} root
   * @param {(id: number, group: number | null, at: number) => void} dropped a null group is the whole pipeline
   * @param {AbortSignal} signal
   */
  constructor(root, dropped, signal) {
    this.#root = root;
    this.#dropped = dropped;
    root.addEventListener("pointermove", (event) => this.#move(event), { signal });
    root.addEventListener("pointerup", (event) => this.#end(event, true), { signal });
    root.addEventListener("pointercancel", (event) => this.#end(event, false), { signal });
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && this.#drag?.moving) {
        event.preventDefault();
        this.#stop();
      }
    };
    addEventListener("keydown", escape, { signal, capture: true });
  }

  /**
   * @param {HTMLElement} grip
   * @param {PointerEvent} event
   */
  grab(grip, event) {
    const card = grip.closest(".step");
    if (event.button !== 0 || !(card instanceof HTMLElement)) return;
    grip.setPointerCapture(event.pointerId);
    this.#drag = { card, grip, pointer: event.pointerId, x: event.clientX, y: event.clientY, moving: false, slot: null };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    if (!drag.moving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < LEAST_MOVE) return;
    drag.moving = true;
    drag.card.classList.add("step--dragged");
    this.#scroll(event.clientY);
    const slot = nearest(slots(this.#root, drag.card), event.clientY);
    drag.slot = slot;
    if (!slot) return;
    // It lies in the list it shows, and takes no room there.
    if (this.#mark.parentElement !== slot.list) slot.list.append(this.#mark);
    this.#mark.style.setProperty("--y", `${slot.y - slot.list.getBoundingClientRect().top}px`);
  }

  /** @param {number} y */
  #scroll(y) {
    if (y < EDGE) scrollBy(0, -SCROLL);
    else if (y > innerHeight - EDGE) scrollBy(0, SCROLL);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} drop
   */
  #end(event, drop) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    const { card, slot, moving } = drag;
    this.#stop();
    if (!drop || !moving || !slot) return;
    const group = slot.list.closest(".step");
    this.#dropped(Number(card.dataset.id), group instanceof HTMLElement ? Number(group.dataset.id) : null, slot.at);
  }

  #stop() {
    this.#drag?.card.classList.remove("step--dragged");
    this.#mark.remove();
    this.#drag = null;
  }
}

/**
 * All places where a card may land: before each card and at the end of each list, but not within itself.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} dragged
 * @returns {Slot[]}
 */
function slots(list, dragged) {
  /** @type {Slot[]} */
  const found = [];
  const cards = [...list.children].filter((child) => child instanceof HTMLElement && child.classList.contains("step"));
  for (const [at, card] of cards.entries()) {
    found.push({ list, at, y: card.getBoundingClientRect().top });
    const members = card === dragged ? null : card.querySelector(":scope > .steps");
    if (members instanceof HTMLElement) found.push(...slots(members, dragged));
  }
  const last = cards.at(-1)?.getBoundingClientRect();
  found.push({ list, at: cards.length, y: last ? last.bottom : list.getBoundingClientRect().top });
  return found;
}

/**
 * @param {Slot[]} all
 * @param {number} y
 */
function nearest(all, y) {
  /** @type {Slot | null} */
  let best = null;
  for (const slot of all) if (!best || Math.abs(slot.y - y) < Math.abs(best.y - y)) best = slot;
  return best;
}
