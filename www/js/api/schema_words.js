import { count } from "../ui/format.js";

/** @typedef {import("./types.js").Schema} Schema */

/** @type {Record<string, string>} */
const TYPES = {
  integer: "whole number",
  number: "number",
  string: "text",
  boolean: "true or false",
  array: "list",
  object: "object",
  null: "null",
};

/**
 * What a value may be, in a few words.
 *
 * @param {Schema} schema
 * @returns {string}
 */
export function typeWords(schema) {
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return unique(several.map(typeWords)).join(" or ");
  if (isFile(schema)) return "file";
  if (schema.enum) return `one of ${unique(schema.enum.map(said)).join(", ")}`;
  const types = [schema.type ?? (schema.properties ? "object" : schema.enum ? "string" : "")].flat();
  return unique(types.map((type) => (type === "array" ? listWords(schema) : (TYPES[type] ?? "any value")))).join(" or ");
}

/** @param {Schema} schema */
function listWords({ items, minItems, maxItems }) {
  const many = minItems !== undefined && minItems === maxItems ? `list of ${minItems}` : "list";
  if (!items) return many;
  const each = typeWords(items);
  return each.startsWith("list") ? `${many} × ${each.replace(/^list of /, "")}` : `${many}${many === "list" ? " of" : ""} ${plural(each)}`;
}

/** @param {string} words */
function plural(words) {
  /** @type {Record<string, string>} */
  const known = { number: "numbers", "whole number": "whole numbers", text: "texts", object: "objects", file: "files" };
  return known[words] ?? words;
}

/**
 * What a value may be, with its limits.
 *
 * @param {Schema} schema
 */
export function kindWords(schema) {
  const [type, limits] = [typeWords(schema), limitWords(schema)];
  return limits === "" ? type : `${type}: ${limits}`;
}

/**
 * The limits of a value, in a few words; empty where there are none.
 *
 * @param {Schema} schema
 * @returns {string}
 */
function limitWords(schema) {
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return unique(several.map(limitWords).filter(Boolean)).join(", or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const said = [
    between(schema.minimum, schema.maximum, ""),
    schema.exclusiveMinimum === undefined ? "" : `above ${number(schema.exclusiveMinimum)}`,
    schema.exclusiveMaximum === undefined ? "" : `below ${number(schema.exclusiveMaximum)}`,
    between(schema.minLength, schema.maxLength, " characters"),
    schema.minItems === schema.maxItems ? "" : between(schema.minItems, schema.maxItems, " items"),
  ];
  return said.filter(Boolean).join(", ");
}

/**
 * What holds when a value is left out; empty where nothing does.
 *
 * @param {Schema} schema
 */
export function defaultWords(schema) {
  if (schema.default === undefined) return "";
  return typeof schema.default === "string" ? schema.default : JSON.stringify(schema.default);
}

/** @param {Schema} schema */
export function isFile({ format, contentMediaType, type }) {
  return format === "binary" || (contentMediaType !== undefined && contentMediaType !== "application/json" && type !== "object");
}

/**
 * @param {number | undefined} least
 * @param {number | undefined} most
 * @param {string} unit
 */
function between(least, most, unit) {
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `at most ${number(most)}${unit}`;
  if (most === undefined) return `at least ${number(least)}${unit}`;
  return least === most ? `${number(least)}${unit}` : `${number(least)} to ${number(most)}${unit}`;
}

/** Larger ones are no longer exact in a browser. @param {number | undefined} value */
const number = (value) => (value !== undefined && value > Number.MAX_SAFE_INTEGER ? "2⁶⁴ − 1" : count(value ?? 0));

/** @param {unknown} value */
const said = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** @param {string[]} words */
const unique = (words) => [...new Set(words)];
