import { TextField } from "./text_field.js";

/**
 * The seed with its dice and its lock. Locked, it stays while the request is edited; open, every edit draws a fresh one.
 * Without a lock it stays.
 */
export class SeedField extends TextField {
  #lock;
  #draw;

  /**
   * @param {{ input: HTMLInputElement, dice: HTMLButtonElement, lock?: HTMLButtonElement }} elements
   * @param {object} options
   * @param {() => string} options.draw gives a fresh seed
   * @param {() => void} options.edited
   * @param {import("./settings.js").Settings} [options.settings] remember how the lock was left
   * @param {AbortSignal} signal
   */
  constructor({ input, dice, lock }, { draw, edited, settings }, signal) {
    super(input, edited, signal);
    this.#lock = lock;
    this.#draw = draw;
    dice.addEventListener(
      "click",
      () => {
        this.roll();
        this.edited();
      },
      { signal },
    );
    if (!lock) return;
    this.#show(settings?.get("lock", true) ?? true);
    lock.addEventListener(
      "click",
      () => {
        this.#show(!this.locked);
        settings?.set("lock", this.locked);
      },
      { signal },
    );
  }

  get locked() {
    return this.#lock?.getAttribute("aria-pressed") !== "false";
  }

  /** Draws a fresh seed without telling anyone. */
  roll() {
    this.text = this.#draw();
  }

  /** @param {boolean} locked */
  #show(locked) {
    this.#lock?.setAttribute("aria-pressed", String(locked));
    this.help = locked ? "Locked: it stays while you edit." : "Open: every edit draws a fresh one.";
  }
}
