import { reasonOf } from "../lab/errors.js";
import { element } from "../ui/elements.js";
import { count } from "../ui/format.js";
import { make } from "../ui/make.js";
import { depthText, valueText } from "./depth_text.js";
import { TILE_ROWS } from "./tile_store.js";

/** @typedef {import("./types.js").LogInfo} LogInfo */
/** @typedef {import("./tile_store.js").TileStore} TileStore */

const ROWS = 25;
const COLUMNS = 20;
const DELAY = 200;

/** The rows in sight as a table of numbers, a page at a time: for those who do not see the picture, and for looking closely. */
export class RowTable {
  #panel = element("frames-table", HTMLDetailsElement);
  #head = element("frames-table-head", HTMLElement);
  #body = element("frames-table-body", HTMLElement);
  #where = element("frames-table-where", HTMLElement);
  #error = element("frames-table-error", HTMLElement);
  /** @type {Record<"up" | "down" | "left" | "right", HTMLButtonElement>} */
  #buttons;
  #status;
  /** @type {{ info: LogInfo, tiles: TileStore } | null} */
  #open = null;
  #first = 0;
  #last = 0;
  #page = 0;
  #column = 0;
  #timer = 0;
  #turn = 0;

  /**
   * @param {import("../ui/status.js").Status} status
   * @param {AbortSignal} signal
   */
  constructor(status, signal) {
    this.#status = status;
    const button = (/** @type {string} */ name) => element(`frames-table-${name}`, HTMLButtonElement);
    this.#buttons = { up: button("up"), down: button("down"), left: button("left"), right: button("right") };
    const on = (/** @type {keyof RowTable["buttons"]} */ name, /** @type {() => void} */ act) =>
      this.#buttons[name].addEventListener("click", () => (act(), void this.#show(true)), { signal });
    on("up", () => (this.#page -= 1));
    on("down", () => (this.#page += 1));
    on("left", () => (this.#column -= COLUMNS));
    on("right", () => (this.#column += COLUMNS));
    this.#panel.addEventListener("toggle", () => void this.#show(), { signal });
  }

  get buttons() {
    return this.#buttons;
  }

  /** @param {{ info: LogInfo, tiles: TileStore } | null} open */
  open(open) {
    this.#open = open;
    this.#column = 0;
  }

  /**
   * Follows the picture, once it rests.
   *
   * @param {number} first
   * @param {number} last
   */
  follow(first, last) {
    if (first === this.#first && last === this.#last) return;
    this.#first = first;
    this.#last = last;
    this.#page = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#show(), DELAY);
  }

  /** @param {boolean} [aloud] */
  async #show(aloud = false) {
    const open = this.#open;
    if (!this.#panel.open || !open) return;
    const turn = ++this.#turn;
    const { info, tiles } = open;
    const from = this.#first + this.#page * ROWS;
    const to = Math.min(this.#last, from + ROWS - 1);
    const left = this.#column;
    const right = Math.min(info.width, left + COLUMNS);
    /** @type {HTMLTableRowElement[]} */
    const rows = [];
    try {
      for (let row = from; row <= to; row++) {
        const tile = await tiles.take(0, Math.floor(row / TILE_ROWS));
        if (turn !== this.#turn) return;
        const at = row % TILE_ROWS;
        const values = tile.pixels.subarray(at * tile.width + left, at * tile.width + right);
        const depth = make("th", { scope: "row" }, depthText(/** @type {number} */ (tile.depths[at])));
        rows.push(make("tr", {}, depth, ...Array.from(values, (value) => make("td", {}, valueText(value)))));
      }
      this.#error.textContent = "";
    } catch (error) {
      if (turn === this.#turn) this.#error.textContent = reasonOf(error);
      return;
    }
    const names = Array.from({ length: right - left }, (_, at) => make("th", { scope: "col" }, String(left + at + 1)));
    this.#head.replaceChildren(make("tr", {}, make("th", { scope: "col" }, "Depth"), ...names));
    this.#body.replaceChildren(...rows);
    const all = this.#last - this.#first + 1;
    const said = `Rows ${count(from - this.#first + 1)} to ${count(to - this.#first + 1)} of ${count(all)} in sight, columns ${left + 1} to ${right} of ${count(info.width)}`;
    this.#where.textContent = said;
    if (aloud) this.#status.say(said);
    this.#enable("up", this.#page > 0);
    this.#enable("down", to < this.#last);
    this.#enable("left", left > 0);
    this.#enable("right", right < info.width);
  }

  /**
   * A button that goes out under the finger would lose the focus.
   *
   * @param {"up" | "down" | "left" | "right"} name
   * @param {boolean} enabled
   */
  #enable(name, enabled) {
    const button = this.#buttons[name];
    const opposite = { up: "down", down: "up", left: "right", right: "left" };
    const focused = document.activeElement === button;
    button.disabled = !enabled;
    if (focused && !enabled) this.#buttons[/** @type {"up"} */ (opposite[name])].focus();
  }
}
