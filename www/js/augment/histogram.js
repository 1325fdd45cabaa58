import { element } from "../ui/elements.js";

/** @typedef {import("../lab/variants.js").Preview} Preview */
/** @typedef {{ counts: Uint32Array, mean: number, spread: number }} Channel */

const LEVELS = 256;
const COLOURS = ["red", "green", "blue"];

/** How often each value occurs, before and after, drawn and as figures. */
export class Histogram {
  #canvas = element("augment-detail-histogram", HTMLCanvasElement);
  #rows = /** @type {HTMLTableSectionElement} */ (element("augment-detail-values", HTMLTableElement).tBodies[0]);
  /** @type {{ of: Preview, channels: Channel[] } | null} */
  #before = null;

  /**
   * @param {Preview} before
   * @param {Preview} after
   */
  show(before, after) {
    if (this.#before?.of !== before) this.#before = { of: before, channels: channelsOf(before) };
    const old = this.#before.channels;
    const made = channelsOf(after);
    const grey = isGrey(old) && isGrey(made);
    const names = grey ? ["grey"] : COLOURS;
    this.#draw(names, old, made);
    this.#rows.replaceChildren(
      ...names.map((name, at) => {
        const row = document.createElement("tr");
        const [a, b] = [/** @type {Channel} */ (old[at]), /** @type {Channel} */ (made[at])];
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = name[0]?.toUpperCase() + name.slice(1);
        const cells = [
          [a.mean, b.mean],
          [a.spread, b.spread],
        ].map((pair) => {
          const cell = document.createElement("td");
          cell.textContent = pair.map((value) => value.toFixed(1)).join(" → ");
          return cell;
        });
        row.append(head, ...cells);
        return row;
      }),
    );
  }

  /** Forgets the picture that was before. */
  clear() {
    this.#before = null;
    this.#rows.replaceChildren();
    this.#canvas.getContext("2d")?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * A canvas takes only colours that are worked out: the stylesheet does that, in either theme.
   *
   * @param {string} name
   */
  #colour(name) {
    this.#canvas.style.setProperty("--channel", name === "grey" ? "var(--ink)" : `var(--channel-${name})`);
    return getComputedStyle(this.#canvas).color;
  }

  /**
   * The values before as an area, those after as a line. A few values may be higher than the drawing: black borders and
   * clipped noise would flatten all others.
   *
   * @param {string[]} names
   * @param {Channel[]} old
   * @param {Channel[]} made
   */
  #draw(names, old, made) {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, height);
    names.forEach((name, at) => {
      const [a, b] = [/** @type {Channel} */ (old[at]).counts, /** @type {Channel} */ (made[at]).counts];
      const top = Math.max(1, usual(a), usual(b));
      const colour = this.#colour(name);
      const y = (/** @type {number} */ value) => height - 2 - (Math.min(top, value) / top) * (height - 6);
      const trace = (/** @type {Uint32Array} */ counts) => {
        context.beginPath();
        counts.forEach((value, level) => context.lineTo(((level + 0.5) * width) / LEVELS, y(value)));
      };
      trace(a);
      context.lineTo(width, height);
      context.lineTo(0, height);
      context.globalAlpha = 0.25;
      context.fillStyle = colour;
      context.fill();
      trace(b);
      context.globalAlpha = 1;
      context.lineWidth = 2;
      context.strokeStyle = colour;
      context.stroke();
    });
  }
}

/** @param {Uint32Array} counts */
const usual = (counts) => counts.toSorted().at(-4) ?? 0;

/**
 * @param {Preview} preview
 * @returns {Channel[]}
 */
function channelsOf({ data }) {
  const all = COLOURS.map(() => new Uint32Array(LEVELS));
  const [red, green, blue] = /** @type {[Uint32Array, Uint32Array, Uint32Array]} */ (all);
  for (let at = 0; at < data.length; at += 4) {
    red[/** @type {number} */ (data[at])] += 1;
    green[/** @type {number} */ (data[at + 1])] += 1;
    blue[/** @type {number} */ (data[at + 2])] += 1;
  }
  const pixels = data.length / 4;
  return all.map((counts) => {
    const mean = counts.reduce((sum, times, level) => sum + times * level, 0) / pixels;
    const variance = counts.reduce((sum, times, level) => sum + times * (level - mean) ** 2, 0) / pixels;
    return { counts, mean, spread: Math.sqrt(variance) };
  });
}

/** @param {Channel[]} channels */
const isGrey = ([first, ...others]) => others.every(({ counts }) => counts.every((times, level) => times === first?.counts[level]));
