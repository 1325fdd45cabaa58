import { reasonOf } from "../lab/errors.js";
import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { SwitchField } from "../ui/switch_field.js";
import { coloursOf } from "./colour_list.js";
import { valueText } from "./depth_text.js";

/** @typedef {import("./types.js").Colormap} Colormap */
/** @typedef {import("./types.js").FramesLab} FramesLab */
/** @typedef {import("./types.js").Look} Look */
/** @typedef {import("./types.js").Scale} Scale */

const OWN = "own";
const FIRST = "depth";
const COLOURS = 256;
const TICKS = 5;

/** How values become colours: the map, its direction, its scale, and the bar that shows them. */
export class Colours {
  #frames;
  #changed;
  #signal;
  #bar = element("frames-bar", HTMLCanvasElement);
  #values = element("frames-bar-values", HTMLElement);
  #list = element("frames-maps", HTMLElement);
  #own = element("frames-own", HTMLInputElement);
  #ownField = element("frames-own-field", HTMLElement);
  #error = element("frames-own-error", HTMLElement);
  #reverse;
  #scale;
  #name = FIRST;
  /** @type {string[]} */
  #ownColours = [];
  /** Tables by name, the right way round. @type {Map<string, Uint8Array>} */
  #tables = new Map();
  #packed = grey();
  #low = NaN;
  #high = NaN;
  #turn = 0;

  /**
   * @param {object} options
   * @param {FramesLab} options.frames
   * @param {() => void} options.changed
   * @param {AbortSignal} signal
   */
  constructor({ frames, changed }, signal) {
    this.#frames = frames;
    this.#changed = changed;
    this.#signal = signal;
    this.#reverse = new SwitchField(element("frames-reverse", HTMLInputElement), () => void this.#refresh(), signal);
    this.#scale = new ChoiceField(element("frames-scale", HTMLElement), () => this.#changed(), signal);
    this.#own.addEventListener("change", () => this.#takeOwn(), { signal });
    this.#own.addEventListener("input", () => this.#fail(""), { signal });
    this.#list.addEventListener("change", (event) => this.#choose(/** @type {HTMLInputElement} */ (event.target).value), { signal });
  }

  /** Shows the maps there are. */
  async start() {
    const maps = await this.#frames.colormaps();
    const items = await Promise.all(
      maps.map(async ({ name, title }) => {
        this.#tables.set(name, await this.#frames.colorTable(name));
        return this.#item(name, title);
      }),
    );
    this.#list.replaceChildren(...items, this.#item(OWN, "Own colours"));
    for (const [name, table] of this.#tables) this.#swatch(name, table);
    await this.#refresh(true);
  }

  /** @returns {Look} */
  get look() {
    return { colormap: this.#name === OWN ? this.#ownColours : this.#name, reverse: this.#reverse.text === "true", scale: this.scale };
  }

  /** As addresses and settings hold it. */
  get text() {
    return this.#name === OWN ? this.#own.value.trim() : this.#name;
  }

  /** @returns {Scale} */
  get scale() {
    return this.#scale.text === "own" ? "own" : "fixed";
  }

  /** The 256 colours as pixels of a canvas. */
  get table() {
    return this.#packed;
  }

  /**
   * Takes what an address says; null leaves a part as it is.
   *
   * @param {{ colormap: string | null, reverse: boolean | null, scale: Scale | null }} given
   * @returns {Promise<string>} what is wrong about it, or nothing
   */
  async take({ colormap, reverse, scale }) {
    let wrong = "";
    if (reverse !== null) this.#reverse.text = String(reverse);
    if (scale !== null) this.#scale.text = scale;
    if (colormap !== null && this.#tables.has(colormap)) this.#name = colormap;
    else if (colormap !== null) {
      const found = coloursOf(colormap);
      if (found.wrong) wrong = `The address has colormap=${colormap.slice(0, 60)}; allowed: ${[...this.#tables.keys()].join(", ")}, or CSS colours with commas between them.`;
      else {
        this.#name = OWN;
        this.#ownColours = found.colours;
        this.#own.value = colormap;
      }
    }
    await this.#refresh();
    return wrong;
  }

  /**
   * The values at the ends of the bar.
   *
   * @param {number} low
   * @param {number} high
   */
  show(low, high) {
    if (low === this.#low && high === this.#high) return;
    this.#low = low;
    this.#high = high;
    this.#values.replaceChildren(
      ...Array.from({ length: TICKS }, (_, at) => {
        const value = low + ((high - low) * at) / (TICKS - 1);
        return make("li", { class: "frames-colours__value" }, high - low >= 20 ? String(Math.round(value)) : valueText(Math.round(value * 100) / 100));
      }),
    );
  }

  /** @param {string} name */
  #choose(name) {
    this.#name = name;
    if (name !== OWN) return void this.#refresh();
    if (this.#own.value.trim() === "") this.#own.value = "navy, white, #c00";
    this.#ownField.hidden = false;
    this.#takeOwn();
  }

  #takeOwn() {
    const { colours, wrong } = coloursOf(this.#own.value);
    this.#fail(wrong);
    if (wrong) return;
    this.#ownColours = colours;
    void this.#refresh();
  }

  /** @param {string} message */
  #fail(message) {
    this.#error.textContent = message;
    if (message) this.#own.setAttribute("aria-invalid", "true");
    else this.#own.removeAttribute("aria-invalid");
  }

  /** @param {boolean} [quietly] */
  async #refresh(quietly = false) {
    const turn = ++this.#turn;
    const own = this.#name === OWN;
    this.#ownField.hidden = !own;
    for (const input of this.#list.querySelectorAll("input")) input.checked = input.value === this.#name;
    let table;
    try {
      table = own ? await this.#frames.colorTable(this.#ownColours) : this.#tables.get(this.#name);
    } catch (error) {
      if (turn === this.#turn) this.#fail(reasonOf(error));
      return;
    }
    if (turn !== this.#turn || !table) return;
    if (own) this.#swatch(OWN, table);
    const reverse = this.#reverse.text === "true";
    this.#packed = packed(table, reverse);
    strip(this.#bar, this.#packed);
    if (!quietly && !this.#signal.aborted) this.#changed();
  }

  /**
   * @param {string} name
   * @param {string} title
   */
  #item(name, title) {
    const input = make("input", { class: "frames-map__input", type: "radio", name: "frames-map", value: name, id: `frames-map-${name}` });
    const swatch = make("canvas", { class: "frames-map__swatch pixels", width: COLOURS, height: 1, "aria-hidden": "true", "data-map": name });
    return make("label", { class: "frames-map" }, input, make("span", { class: "frames-map__face" }, swatch, make("span", {}, title)));
  }

  /**
   * @param {string} name
   * @param {Uint8Array} table
   */
  #swatch(name, table) {
    const canvas = this.#list.querySelector(`canvas[data-map="${name}"]`);
    if (canvas instanceof HTMLCanvasElement) strip(canvas, packed(table, false));
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint32Array<ArrayBuffer>} colours
 */
function strip(canvas, colours) {
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(colours.slice().buffer), COLOURS, 1), 0, 0);
}

/**
 * @param {Uint8Array} table red, green, blue of 256 colours
 * @param {boolean} reverse
 */
function packed(table, reverse) {
  const colours = new Uint32Array(COLOURS);
  const bytes = new Uint8Array(colours.buffer);
  for (let at = 0; at < COLOURS; at++) {
    const from = 3 * (reverse ? COLOURS - 1 - at : at);
    bytes.set(table.subarray(from, from + 3), 4 * at);
    bytes[4 * at + 3] = 255;
  }
  return colours;
}

function grey() {
  return packed(Uint8Array.from({ length: 3 * COLOURS }, (_, at) => Math.floor(at / 3)), false);
}
