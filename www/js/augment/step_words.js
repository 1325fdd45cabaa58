import { inWords } from "./choice_control.js";
import { same } from "./parameter_row.js";
import { writeNumber } from "./slider_scale.js";

/** @typedef {import("../lab/digitlab.js").TransformInfo} TransformInfo */

/** How many parameters a summary names. */
const MOST = 3;
/** Units that follow their number. @type {Record<string, string>} */
const UNITS = { degrees: "°", "%": " %", px: " px", pixels: " px" };

/**
 * What a step does differently from its defaults, in few words; if nothing, its first parameter.
 *
 * @param {Record<string, unknown>} step
 * @param {TransformInfo} info
 */
export function summaryOf(step, { fields }) {
  const given = fields.filter(({ name, default: usual }) => step[name] !== undefined && step[name] !== null && !same(step[name], usual));
  const first = fields[0];
  if (given.length === 0) return first?.default === undefined ? "" : `${first.label} ${inShort(first.default, first)}`;
  const words = given.slice(0, MOST).map((field) => `${field.label} ${inShort(step[field.name], field)}`);
  return [...words, ...(given.length > MOST ? [`${given.length - MOST} more`] : [])].join(" · ");
}

/**
 * @param {unknown} value
 * @param {TransformInfo["fields"][number]} field
 * @returns {string}
 */
function inShort(value, field) {
  const unit = UNITS[field.unit ?? ""] ?? "";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return minus(writeNumber(value)) + unit;
  if (typeof value === "string") return inWords(value);
  if (Array.isArray(value)) {
    const parts = value.map((part) => minus(writeNumber(part)));
    const [low, high] = parts;
    if (field.kind === "range" && parts.length === 2) return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
    return parts.join(field.kind === "pair" ? " × " : ", ");
  }
  return value && typeof value === "object" ? Object.values(value).map(String).map(inWords).join(", ") : "";
}

/** @param {string} text */
function minus(text) {
  return text.replace("-", "\u2212");
}

/**
 * A probability as people read it.
 *
 * @param {unknown} p
 */
export function percent(p) {
  return typeof p === "number" && Number.isFinite(p) ? `${Number((100 * p).toFixed(1))} %` : String(p);
}
