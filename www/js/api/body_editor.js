import { reasonOf } from "../lab/errors.js";
import { counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { defaultWords, kindWords } from "./schema_words.js";
import { coded } from "./words.js";

/** @typedef {import("./types.js").Content} Content */
/** @typedef {import("./types.js").Schema} Schema */

const MOST_LINES = 24;

/** A body of JSON or another text to write, beside the table of what may be in it. */
export class BodyEditor {
  #content;
  #area;
  #note;
  #changed;
  #reset;
  #initial = "";

  /** @type {HTMLElement} */
  root;

  /**
   * @param {string} id
   * @param {Content} content
   * @param {() => void} changed
   * @param {AbortSignal} signal
   */
  constructor(id, content, changed, signal) {
    this.#content = content;
    this.#changed = changed;
    this.#area = make("textarea", {
      class: "input input--mono api-json",
      id,
      "aria-label": content.type.includes("json") ? "Body, as JSON" : "Body, as text",
      "aria-describedby": `${id}-note`,
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      wrap: "off",
    });
    this.#note = make("p", { class: "api-json__note", id: `${id}-note` });
    this.#reset = make("button", { class: "button button--small", type: "button", hidden: true }, "Back to the example");
    this.root = make(
      "div",
      { class: "api-json__frame" },
      this.#area,
      make("div", { class: "api-json__foot" }, this.#note, this.#reset),
      ...fieldTable(content.schema),
    );
    this.#area.addEventListener("input", () => this.#edited(), { signal });
    this.#reset.addEventListener("click", () => (this.#fill(this.#initial), this.#area.focus()), { signal });
    this.#fill(example(content));
  }

  get text() {
    return this.#area.value;
  }

  /** @param {string} text */
  #fill(text) {
    this.#initial = text;
    this.#area.value = text;
    this.#area.rows = Math.min(MOST_LINES, Math.max(4, text.split("\n").length + 1));
    this.#edited();
  }

  #edited() {
    this.#reset.hidden = this.#area.value === this.#initial;
    this.#note.textContent = this.#content.type.includes("json") ? trouble(this.#area.value) : "";
    this.#changed();
  }
}

/** @param {string} text */
function trouble(text) {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return `This is no JSON: ${reasonOf(error)}. It is sent as it stands.`;
  }
}

/** @param {Content} content */
function example({ example, schema }) {
  const value = example ?? made(schema);
  if (typeof value === "string") return value;
  const rows = Array.isArray(value) && value.every((row) => Array.isArray(row));
  return rows ? `[\n${value.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]` : JSON.stringify(value, null, 2);
}

/**
 * A value that a schema allows: what must be there, by its example, its default, or its least.
 *
 * @param {Schema} schema
 * @returns {unknown}
 */
function made(schema) {
  const given = schema.example ?? schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first) return made(first);
  const [type] = [schema.type].flat();
  if (type === "object" || schema.properties) {
    const { required = [], properties = {} } = schema;
    return Object.fromEntries(required.map((name) => [name, made(properties[name] ?? {})]));
  }
  if (type === "array") return Array.from({ length: Math.min(schema.minItems ?? 1, 64) }, () => made(schema.items ?? {}));
  if (type === "boolean") return false;
  return type === "integer" || type === "number" ? (schema.minimum ?? 0) : "";
}

/**
 * The fields of an object, with what they may be.
 *
 * @param {Schema} schema
 */
function fieldTable({ properties, required = [], description }) {
  if (!properties) return description ? [make("p", { class: "api__soft" }, ...coded(description))] : [];
  const rows = Object.entries(properties).map(([name, schema]) => {
    const left = defaultWords(schema);
    return make(
      "li",
      { class: "api-field" },
      make(
        "div",
        { class: "api-field__head" },
        make("code", { class: "api-field__name" }, name),
        ...(required.includes(name) ? [make("span", { class: "api-field__needed" }, "required")] : []),
        make("span", { class: "api-field__kind" }, kindWords(schema)),
        ...(left ? [make("span", { class: "api-field__kind" }, `default ${left}`)] : []),
      ),
      make("p", { class: "api-field__about" }, ...coded(schema.description ?? "")),
    );
  });
  const summary = make("summary", {}, `What may be in it: ${counted(rows.length, "field")}`);
  return [make("details", { class: "api-json__fields", open: true }, summary, make("ul", { class: "api__fields" }, ...rows))];
}
