const SVG = "http://www.w3.org/2000/svg";
/** In units of the picture, which is stretched to its place. */
const WIDTH = 320;
const HEIGHT = 140;
const EDGE = { left: 44, right: 8, top: 10, bottom: 20 };
/** More points than this would only lie on each other: neighbours are averaged. */
const MOST_POINTS = 240;
const LINES = 3;

/** A curve that grows while it is looked at. */
export class LineChart {
  #root;
  #format;
  #line = shape("path", { class: "chart__line" });
  #dots = shape("g", { class: "chart__dots" });
  #grid = shape("g", {});
  #empty = shape("text", { class: "chart__empty", x: WIDTH / 2, y: HEIGHT / 2, "text-anchor": "middle" });

  /**
   * @param {SVGSVGElement} root Its accessible name is renewed with the curve.
   * @param {{ format: (value: number) => string, empty: string }} options `format` writes the values beside the lines
   */
  constructor(root, { format, empty }) {
    this.#root = root;
    this.#format = format;
    this.#empty.textContent = empty;
    root.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    root.setAttribute("role", "img");
    root.replaceChildren(this.#grid, this.#line, this.#dots, this.#empty);
    this.show([], { from: 0, to: 1, low: 0, high: 1, said: empty, ends: ["", ""] });
  }

  /**
   * @param {[number, number][]} points
   * @param {{ from: number, to: number, low?: number, high?: number, said: string, ends: [string, string], dots?: boolean }} frame
   *   What the picture spans: `from` and `to` beside each other, `low` and `high` above each other, as much as is needed
   *   when left out; `said` is the accessible name, `ends` stand at both ends of the axis.
   */
  show(points, { from, to, low, high, said, ends, dots = false }) {
    const values = points.map(([, value]) => value);
    const bottom = low ?? Math.min(...values, Infinity);
    const top = high ?? Math.max(...values, -Infinity);
    const [least, most] = top - bottom > 0 ? [bottom, top] : [bottom - 0.5, bottom + 0.5];
    const x = (/** @type {number} */ at) => EDGE.left + ((at - from) / Math.max(to - from, 1e-9)) * (WIDTH - EDGE.left - EDGE.right);
    const y = (/** @type {number} */ value) => HEIGHT - EDGE.bottom - ((value - least) / (most - least)) * (HEIGHT - EDGE.top - EDGE.bottom);
    const places = thinned(points).map(([at, value]) => [x(at).toFixed(1), y(value).toFixed(1)]);
    this.#line.setAttribute("d", places.map(([x, y], at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join(""));
    this.#dots.replaceChildren(...(dots ? places.map(([cx, cy]) => shape("circle", { cx: cx ?? 0, cy: cy ?? 0, r: 3 })) : []));
    this.#empty.toggleAttribute("hidden", points.length > 0);
    this.#empty.setAttribute("display", points.length > 0 ? "none" : "inline");
    const rows = points.length > 0 ? Array.from({ length: LINES }, (_, row) => least + ((most - least) * row) / (LINES - 1)) : [];
    this.#grid.replaceChildren(
      ...rows.flatMap((value) => [
        shape("line", { class: "chart__grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(value), y2: y(value) }),
        text(this.#format(value), { x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end" }),
      ]),
      text(ends[0], { x: EDGE.left, y: HEIGHT - 5, "text-anchor": "start" }),
      text(ends[1], { x: WIDTH - EDGE.right, y: HEIGHT - 5, "text-anchor": "end" }),
    );
    this.#root.setAttribute("aria-label", said);
  }
}

/**
 * @param {[number, number][]} points
 * @returns {[number, number][]}
 */
function thinned(points) {
  if (points.length <= MOST_POINTS) return points;
  const each = Math.ceil(points.length / MOST_POINTS);
  /** @type {[number, number][]} */
  const few = [];
  for (let start = 0; start < points.length; start += each) {
    const part = points.slice(start, start + each);
    const mean = (/** @type {0 | 1} */ axis) => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
    few.push([mean(0), mean(1)]);
  }
  return few;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * @param {string} content
 * @param {Record<string, string | number>} attributes
 */
function text(content, attributes) {
  const made = shape("text", { class: "chart__text", ...attributes });
  made.textContent = content;
  return made;
}
