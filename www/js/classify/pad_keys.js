import { PAD } from "./stroke.js";

/** Units of the pad that a press moves the pen. */
const STEP = 10;
const FINE = 2;
/** How each key moves it; those of the number block also move across. @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

/**
 * @typedef {object} PenActions
 * @property {(x: number, y: number) => void} down
 * @property {(x: number, y: number) => void} move only while the pen is down
 * @property {() => void} up
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} clear
 */

/** Drawing without a pointer: arrow keys move a cross, the space bar sets the pen down and lifts it. */
export class PadKeys {
  #cross;
  #actions;
  #status;
  #at = { x: PAD.width / 2, y: PAD.height / 2 };
  #isDown = false;
  /** Arrow keys that are held: two of them move across. @type {Set<string>} */
  #held = new Set();

  /**
   * @param {{ root: HTMLElement, cross: HTMLElement }} elements
   * @param {PenActions} actions
   * @param {import("../ui/status.js").Status} status
   * @param {AbortSignal} signal
   */
  constructor({ root, cross }, actions, status, signal) {
    this.#cross = cross;
    this.#actions = actions;
    this.#status = status;
    root.addEventListener("keydown", (event) => this.#press(event), { signal });
    root.addEventListener("keyup", (event) => this.#held.delete(event.key), { signal });
    root.addEventListener("blur", () => this.#leave(), { signal });
    root.addEventListener("pointerdown", () => this.#leave(), { signal });
    root.addEventListener("focus", () => root.matches(":focus-visible") && this.#show(), { signal });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const move = MOVES[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (move && !command && !event.altKey) this.#move(event, move);
    else if (event.key === " " && !command) this.#turn(event.repeat);
    else if (event.key === "Escape" && this.#isDown) this.#lift();
    else if ((event.key === "Delete" || event.key === "Backspace") && !command) this.#act(this.#actions.clear, "The pad is empty.");
    else if (command && event.key.toLowerCase() === "z") this.#act(event.shiftKey ? this.#actions.redo : this.#actions.undo, "");
    else if (command && event.key.toLowerCase() === "y") this.#act(this.#actions.redo, "");
    else return;
    event.preventDefault();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {[number, number]} move
   */
  #move({ key, shiftKey }, move) {
    this.#held.add(key);
    let [across, down] = [0, 0];
    for (const held of this.#held) {
      across += MOVES[held]?.[0] ?? 0;
      down += MOVES[held]?.[1] ?? 0;
    }
    if (across === 0 && down === 0) [across, down] = move;
    const step = shiftKey ? FINE : STEP;
    const { x, y } = this.#at;
    this.#at = {
      x: Math.min(PAD.width, Math.max(0, x + step * Math.sign(across))),
      y: Math.min(PAD.height, Math.max(0, y + step * Math.sign(down))),
    };
    this.#show();
    if (this.#isDown) this.#actions.move(this.#at.x, this.#at.y);
    this.#say();
  }

  /** @param {boolean} repeated by holding the key */
  #turn(repeated) {
    if (repeated) return;
    this.#show();
    if (this.#isDown) return this.#lift();
    this.#isDown = true;
    this.#cross.dataset.down = "";
    this.#actions.down(this.#at.x, this.#at.y);
    this.#say();
  }

  #lift() {
    this.#isDown = false;
    delete this.#cross.dataset.down;
    this.#actions.up();
    this.#say();
  }

  /**
   * @param {() => void} action
   * @param {string} text
   */
  #act(action, text) {
    if (this.#isDown) this.#lift();
    action();
    if (text) this.#status.say(text);
  }

  #leave() {
    this.#held.clear();
    if (this.#isDown) this.#lift();
    this.#cross.hidden = true;
  }

  #show() {
    this.#cross.hidden = false;
    this.#cross.style.setProperty("--x", String(this.#at.x / PAD.width));
    this.#cross.style.setProperty("--y", String(this.#at.y / PAD.height));
  }

  #say() {
    const percent = (/** @type {number} */ share) => Math.round(100 * share);
    const place = `${percent(this.#at.x / PAD.width)} % across, ${percent(this.#at.y / PAD.height)} % down`;
    this.#status.say(`Pen ${this.#isDown ? "down" : "up"}, ${place}.`, 300);
  }
}
