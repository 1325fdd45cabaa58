import { make } from "../ui/make.js";
import { roveTo } from "../ui/roving.js";
import { factorTicks, linear, logarithmic, spread, ticks } from "./chart_scale.js";
import { interval } from "./interval.js";

/** @typedef {import("./types.js").Curve} Curve */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./results.js").Results} Results */
/** @typedef {{ point: Point, at: number, model: number }} Chosen A point of a curve, by its place, and one of its models. */
/** @typedef {{ group: SVGGElement, at: number, model: number, x: number, y: number }} Marker */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 216;
const ROOM = { top: 10, right: 58, bottom: 42, left: 40 };
const LEVELS = [0, 25, 50, 75, 100];
/** What who guesses among ten digits gets right. */
const GUESSING = 10;
/** Letters of a model's name beside its line. */
const NAME = 9;
/** How near the pointer must be to a point, in pixels. */
const NEAR = 40;

/** One curve: accuracy over strength for one model or two, with a marker to press at each strength. */
export class CurveChart {
  #curve;
  #open;
  #svg = document.createElementNS(SVG, "svg");
  #readout = make("p", { class: "curve__readout" });
  #refusal = make("p", { class: "error-text curve__refusal" });
  /** @type {Marker[]} */
  #markers = [];
  /** @type {Results | null} */
  #results = null;
  #width = 0;
  /** What the tab key comes to. */
  #stop = { at: 0, model: 0 };

  /**
   * @param {Curve} curve
   * @param {(chosen: Chosen) => void} open called when a point is chosen
   * @param {AbortSignal} signal
   */
  constructor(curve, open, signal) {
    this.#curve = curve;
    this.#open = open;
    const id = `robustness-curve-${curve.name.replace(/[^A-Za-z0-9]/g, "-")}`;
    const title = make("h3", { class: "curve__title", id }, curve.title);
    this.root = make("section", { class: "card curve", "aria-labelledby": id, "data-curve": curve.name }, title, this.#readout);
    this.#svg.setAttribute("class", "curve__svg");
    this.#svg.setAttribute("role", "group");
    this.#svg.setAttribute("aria-label", `${curve.title}: right answers in percent over ${curve.axis.toLowerCase()}. Arrow keys move, Enter shows the pictures.`);
    this.root.append(this.#svg, this.#refusal);
    this.#svg.addEventListener("pointermove", (event) => this.#point(event), { signal });
    this.#svg.addEventListener("pointerleave", () => this.#mark(null), { signal });
    this.#svg.addEventListener("click", (event) => this.#choose(this.#nearest(event)), { signal });
    this.#svg.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#svg.addEventListener("focusin", (event) => this.#mark(this.#markerOf(event.target)), { signal });
    this.#svg.addEventListener("focusout", () => this.#mark(null), { signal });
  }

  get curve() {
    return this.#curve;
  }

  /** What is drawn, for a picture of it. */
  get drawing() {
    return this.#svg;
  }

  /** @param {number} width of its card, in pixels */
  set width(width) {
    if (Math.abs(width - this.#width) < 1) return;
    this.#width = width;
    if (this.#results) this.show(this.#results);
  }

  /** @param {Results} results */
  show(results) {
    this.#results = results;
    this.#refusal.textContent = results.refusalOf(this.#curve);
    const focused = this.#markerOf(document.activeElement);
    if (this.#width > 0) this.#draw(results);
    if (focused) this.#at(focused.at, focused.model)?.group.focus({ preventScroll: true });
    this.#mark(focused);
  }

  /**
   * Puts the focus on a point.
   *
   * @param {number} at
   * @param {number} model
   */
  focus(at, model) {
    const marker = this.#at(at, model);
    if (!marker) return;
    this.#rove(marker);
  }

  /** @param {Results} results */
  #draw(results) {
    const [width, right, bottom] = [this.#width, this.#width - ROOM.right, HEIGHT - ROOM.bottom];
    const { told, none, strong, axis, spaced } = this.#curve;
    const ends = /** @type {[number, number]} */ ([told(none), told(strong)]);
    const across = (spaced === "factors" ? logarithmic : linear)(ends, [ROOM.left, right]);
    const up = linear([0, 100], [bottom, ROOM.top]);
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("height", String(HEIGHT));
    const points = results.pointsOf(this.#curve);
    const placed = points.map((point) => ({ point, x: across(told(results.valueOf(this.#curve, point))) }));
    const models = results.asked.models;
    this.#markers = [];
    /** @type {SVGElement[]} */
    const parts = [...this.#axes({ across, up, right, bottom, ends, axis, spaced })];
    for (const at of models.keys()) parts.push(...lineOf(placed, at, up));
    const last = placed.at(-1);
    if (last) parts.push(...this.#names(models, last.point, up, right));
    for (const which of models.keys()) {
      placed.forEach(({ point, x }, at) => {
        const found = point.models[which];
        if (!found) return;
        const marker = { group: this.#marker(point, which), at, model: which, x, y: up(100 * found.accuracy) };
        marker.group.setAttribute("transform", `translate(${marker.x.toFixed(1)} ${marker.y.toFixed(1)})`);
        this.#markers.push(marker);
        parts.push(marker.group);
      });
    }
    this.#svg.replaceChildren(...parts);
    const stop = this.#at(this.#stop.at, this.#stop.model) ?? this.#markers[0];
    stop?.group.setAttribute("tabindex", "0");
  }

  /**
   * @param {object} layout
   * @param {(value: number) => number} layout.across
   * @param {(value: number) => number} layout.up
   * @param {number} layout.right
   * @param {number} layout.bottom
   * @param {readonly [number, number]} layout.ends
   * @param {string} layout.axis
   * @param {"even" | "factors"} layout.spaced
   */
  *#axes({ across, up, right, bottom, ends, axis, spaced }) {
    for (const level of LEVELS) {
      yield svg("line", { class: "curve__grid", x1: ROOM.left, x2: right, y1: up(level), y2: up(level), "data-base": level === 0 });
      if (level % 50 === 0) yield svg("text", { class: "curve__tick", x: ROOM.left - 6, y: up(level) + 4, "text-anchor": "end" }, `${level} %`);
    }
    yield svg("line", { class: "curve__guess", x1: ROOM.left, x2: right, y1: up(GUESSING), y2: up(GUESSING) });
    const most = Math.max(3, Math.min(7, Math.floor((right - ROOM.left) / 46)));
    const found = spaced === "factors" ? factorTicks(...ends) : ticks(...ends, most);
    for (const value of found) {
      yield svg("line", { class: "curve__notch", x1: across(value), x2: across(value), y1: bottom, y2: bottom + 4 });
      yield svg("text", { class: "curve__tick", x: across(value), y: bottom + 17, "text-anchor": "middle" }, String(value).replace("-", "−"));
    }
    yield svg("text", { class: "curve__axis", x: (ROOM.left + right) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, axis);
  }

  /**
   * Each model's name beside the end of its line.
   *
   * @param {readonly string[]} models
   * @param {Point} last
   * @param {(value: number) => number} up
   * @param {number} right
   */
  *#names(models, last, up, right) {
    const wanted = last.models.map(({ accuracy }) => up(100 * accuracy) + 4);
    const heights = spread(wanted, 13, [ROOM.top + 4, HEIGHT - ROOM.bottom]);
    for (const [at, model] of models.entries()) {
      const name = model.length > NAME ? `${model.slice(0, NAME - 1)}…` : model;
      yield svg("text", { class: "curve__name", "data-series": at + 1, x: right + 8, y: heights[at] ?? 0 }, name);
    }
  }

  /**
   * @param {Point} point
   * @param {number} model
   */
  #marker(point, model) {
    const label = this.#words(point, model);
    const group = svg("g", { class: "curve__point", role: "button", tabindex: -1, "aria-label": label, "data-series": model + 1 });
    group.append(svg("circle", { class: "curve__target", r: 12 }));
    group.append(model === 0 ? svg("circle", { class: "curve__marker", r: 3.5 }) : svg("rect", { class: "curve__marker", x: -3.5, y: -3.5, width: 7, height: 7 }));
    return group;
  }

  /**
   * @param {Point} point
   * @param {number} model
   */
  #words(point, model) {
    const found = point.models[model];
    return `${this.#where(point)}, ${found?.model ?? ""}: ${shown(found?.accuracy ?? 0)} right, ${found?.right ?? 0} of ${point.pictures}`;
  }

  /** @param {Point} point */
  #where(point) {
    return point.curve === "none" ? "As they are" : this.#curve.text(point.value);
  }

  /** @param {Marker | null} chosen */
  #mark(chosen) {
    for (const marker of this.#markers) marker.group.toggleAttribute("data-near", marker.at === chosen?.at);
    const points = this.#results?.pointsOf(this.#curve) ?? [];
    const point = points[chosen?.at ?? points.length - 1];
    this.#readout.textContent = "";
    if (!point) return;
    const each = point.models.map(({ model, accuracy }, at) => {
      return make("span", { class: "curve__figure", "data-series": at + 1 }, `${model} ${shown(accuracy)}`);
    });
    this.#readout.append(make("span", { class: "curve__where" }, this.#where(point)), ...each);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const near = this.#nearest(event);
    this.#svg.toggleAttribute("data-near", near !== null);
    this.#mark(near);
  }

  /** @param {MouseEvent} event */
  #nearest(event) {
    const frame = this.#svg.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const far = (/** @type {Marker} */ marker) => Math.hypot(marker.x - x, (marker.y - y) / 2);
    const [nearest] = [...this.#markers].sort((a, b) => far(a) - far(b));
    return nearest && far(nearest) <= NEAR ? nearest : null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const marker = this.#markerOf(event.target);
    if (!marker || event.altKey || event.ctrlKey || event.metaKey) return;
    const { at, model } = marker;
    const last = this.#markers.reduce((last, marker) => Math.max(last, marker.at), 0);
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [at - 1, model], ArrowRight: [at + 1, model], ArrowUp: [at, model - 1], ArrowDown: [at, model + 1], Home: [0, model], End: [last, model] };
    const way = ways[event.key];
    if (way) {
      event.preventDefault();
      const next = this.#at(...way);
      if (next) this.#rove(next);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(marker);
    }
  }

  /** @param {Marker} marker */
  #rove(marker) {
    this.#stop = { at: marker.at, model: marker.model };
    roveTo(
      this.#markers.map(({ group }) => /** @type {any} */ (group)),
      this.#markers.indexOf(marker),
    );
  }

  /** @param {Marker | null} marker */
  #choose(marker) {
    if (!marker) return;
    const point = this.#results?.pointsOf(this.#curve)[marker.at];
    if (!point) return;
    this.#rove(marker);
    this.#open({ point, at: marker.at, model: marker.model });
  }

  /**
   * @param {number} at
   * @param {number} model
   */
  #at(at, model) {
    return this.#markers.find((marker) => marker.at === at && marker.model === model) ?? null;
  }

  /** @param {EventTarget | null} target */
  #markerOf(target) {
    return this.#markers.find(({ group }) => target instanceof Node && group.contains(target)) ?? null;
  }
}

/**
 * @param {readonly { point: Point, x: number }[]} placed
 * @param {number} model
 * @param {(value: number) => number} up
 */
function* lineOf(placed, model, up) {
  const found = placed.flatMap(({ point, x }) => {
    const of = point.models[model];
    return of ? [{ x, y: up(100 * of.accuracy), ...interval(of.right, point.pictures) }] : [];
  });
  if (found.length < 2) return;
  const place = (/** @type {number} */ x, /** @type {number} */ y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const above = found.map(({ x, high }) => place(x, up(100 * high)));
  const below = found.map(({ x, low }) => place(x, up(100 * low))).reverse();
  yield svg("path", { class: "curve__band", "data-series": model + 1, d: `M${[...above, ...below].join("L")}Z` });
  yield svg("path", { class: "curve__line", "data-series": model + 1, d: `M${found.map(({ x, y }) => place(x, y)).join("L")}` });
}

/** A share as a person reads it in a chart. @param {number} share */
export const shown = (share) => `${(100 * share).toFixed(1)} %`;

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {string} [text]
 * @returns {SVGElementTagNameMap[T]}
 */
function svg(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : typeof value === "number" ? String(Number(value.toFixed(2))) : value);
  }
  if (text) made.textContent = text;
  return made;
}
