import { make } from "../ui/make.js";
import { BodyEditor } from "./body_editor.js";
import { FileControl } from "./file_control.js";
import { sampleFor, samplePicture, typeOfFile } from "./sample_files.js";
import { defaultWords, isFile, kindWords } from "./schema_words.js";
import { onSite } from "./site.js";
import { coded } from "./words.js";

/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("./types.js").Schema} Schema */
/** @typedef {import("./types.js").Content} Content */
/** @typedef {import("./types.js").BuiltRequest} BuiltRequest */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {{ name: string, required: boolean, description: string, schema: Schema, example?: unknown }} Given */

/**
 * @typedef {object} FormHelp
 * @property {() => Promise<{ stored: string | null, route: string }>} storedImage the id of an image that is stored, and the
 *   address of the route that stores one
 */

/** What a route takes, as a form: its table of parameters that can be filled in. */
export class RouteForm {
  #operation;
  #help;
  #changed;
  #signal;
  /** @type {{ given: import("./types.js").Parameter, control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement }[]} */
  #parameters = [];
  /** @type {{ content: Content, root: HTMLElement, build: () => BuiltRequest["body"], ready: () => unknown, missing: () => string }[]} */
  #bodies = [];
  #chosen = 0;
  #body = make("div", { class: "api-body" });

  /**
   * @param {HTMLElement} root
   * @param {Operation} operation
   * @param {FormHelp} help
   * @param {() => void} changed
   * @param {AbortSignal} signal
   */
  constructor(root, operation, help, changed, signal) {
    this.#operation = operation;
    this.#help = help;
    this.#changed = changed;
    this.#signal = signal;
    const { parameters, contents } = operation;
    for (const place of /** @type {const} */ (["path", "query", "header"])) {
      const those = parameters.filter((parameter) => parameter.in === place);
      if (those.length > 0)
        root.append(
          group(
            TITLES[place],
            those.map((parameter) => this.#parameter(parameter)),
          ),
        );
    }
    if (contents.length > 0) {
      this.#bodies = contents.map((content, at) => this.#content(content, at));
      root.append(group(operation.bodyRequired ? "Body" : "Body, if any", [...this.#choice(), this.#body]));
      this.#choose(0);
    }
    if (parameters.length === 0 && contents.length === 0) root.append(make("p", { class: "api__soft" }, "It takes nothing."));
  }

  /** Why it cannot be sent yet; empty when it can. */
  get missing() {
    const lacking = this.#parameters.find(({ given, control }) => given.in === "path" && control.value === "");
    if (lacking) return `${lacking.given.name} is missing; it is a part of the path.`;
    return this.#bodies[this.#chosen]?.missing() ?? "";
  }

  /** @returns {BuiltRequest} */
  get request() {
    const { method, path, answers } = this.#operation;
    const filled = this.#parameters.filter(({ control }) => control.value !== "");
    const named = (/** @type {string} */ place) => filled.filter(({ given }) => given.in === place);
    const whole = path.replace(/\{(\w+)\}/g, (all, name) => {
      const value = filled.find(({ given }) => given.in === "path" && given.name === name)?.control.value;
      return value === undefined ? all : encodeURIComponent(value);
    });
    const url = onSite(whole);
    for (const { given, control } of named("query")) url.searchParams.append(given.name, control.value);
    const body = this.#bodies[this.#chosen];
    const built = body?.build() ?? null;
    /** @type {[string, string][]} */
    const headers = named("header").map(({ given, control }) => [given.name, control.value]);
    if (built?.kind === "text") headers.push(["Content-Type", body?.content.type ?? "text/plain"]);
    if (built?.kind === "file") headers.push(["Content-Type", typeOfFile(built.file)]);
    const good = answers.find(({ status }) => status.startsWith("2"))?.contents[0]?.type ?? "text/plain";
    return { method, url, headers, body: built, answers: good };
  }

  /** @param {import("./types.js").Parameter} given */
  #parameter(given) {
    const id = `api-parameter-${given.name}`;
    const control = this.#control(id, given);
    this.#parameters.push({ given, control });
    const root = field(id, given, control);
    if (given.in === "path" && given.name === "id") void this.#fillIn(control, root);
    return root;
  }

  /**
   * The number of an image that is there, or the way to one.
   *
   * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
   * @param {HTMLElement} root
   */
  async #fillIn(control, root) {
    const initial = control.value;
    const { stored, route } = await this.#help.storedImage();
    if (this.#signal.aborted) return;
    if (stored === null) {
      root.append(
        make("p", { class: "api-field__about" }, "No image is stored here yet. ", make("a", { href: route }, "Import one"), " first."),
      );
    } else if (control.value === initial) {
      control.value = stored;
      this.#changed();
    }
  }

  /**
   * @param {string} id
   * @param {Given} given
   */
  #control(id, { name, schema, example, required }) {
    const values = schema.enum ?? (schema.type === "boolean" ? [true, false] : null);
    const initial = schema.format === "uri" || name === "url" ? samplePicture.href : example === undefined ? "" : textOf(example);
    const described = `${id}-about`;
    if (values) {
      const none = make("option", { value: "" }, defaultWords(schema) ? `Default: ${defaultWords(schema)}` : "Left out");
      const select = make(
        "select",
        { class: "input", id, "aria-describedby": described },
        none,
        ...values.map((value) => make("option", {}, textOf(value))),
      );
      select.value = required ? initial || textOf(values[0]) : "";
      select.addEventListener("change", this.#changed, { signal: this.#signal });
      return select;
    }
    if (initial.startsWith("[") || initial.startsWith("{")) {
      const area = make("textarea", {
        class: "input input--mono api-json",
        id,
        rows: 3,
        "aria-describedby": described,
        spellcheck: "false",
        autocomplete: "off",
      });
      area.value = initial;
      area.addEventListener("input", this.#changed, { signal: this.#signal });
      return area;
    }
    const whole = [schema.type].flat().includes("integer");
    const mode = whole ? "numeric" : [schema.type].flat().includes("number") ? "decimal" : undefined;
    const placeholder = defaultWords(schema) ? `Default: ${defaultWords(schema)}` : required ? undefined : "Left out";
    const input = make("input", {
      class: "input input--mono",
      id,
      type: "text",
      inputmode: mode,
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": described,
    });
    input.value = initial;
    input.addEventListener("input", this.#changed, { signal: this.#signal });
    return input;
  }

  /**
   * @param {Content} content
   * @param {number} at
   */
  #content(content, at) {
    const id = `api-body-${at}`;
    if (content.type === "multipart/form-data") return this.#form(content, id);
    if (content.type.includes("json") || content.type.startsWith("text/")) return this.#text(content, id);
    return this.#file(content, id);
  }

  /**
   * @param {Content} content
   * @param {string} id
   */
  #form(content, id) {
    const { properties = {}, required = [] } = content.schema;
    const examples = /** @type {Record<string, unknown>} */ (content.example ?? {});
    const fields = Object.entries(properties).map(([name, schema]) => {
      const needed = required.includes(name);
      const given = {
        name,
        schema,
        required: needed,
        description: schema.description ?? "",
        example: examples[name] ?? schema.examples?.[0],
      };
      const own = `${id}-${name}`;
      if (isFile(schema)) {
        const file = new FileControl(own, sampleFor(this.#operation), this.#changed, this.#signal);
        /** @returns {Part[]} */
        const part = () => (file.file ? [{ name, value: file.file, from: file.from }] : []);
        const missing = () => (file.file || !needed ? "" : file.error || `${name} is missing; choose a file.`);
        return { root: field(own, given, file.root), part, file, needed, missing };
      }
      const control = this.#control(own, given);
      /** @returns {Part[]} */
      const part = () => (control.value === "" ? [] : [{ name, value: control.value }]);
      return { root: field(own, given, control), part, file: null, needed, missing: () => "" };
    });
    const files = fields.filter(({ file }) => file);
    const needed = files.filter((each) => each.needed);
    // Where any of several will do, one is enough.
    const ready = needed.length > 0 ? needed : files.slice(0, 1);
    return {
      content,
      root: make("div", { class: "api__fields" }, ...fields.map(({ root }) => root)),
      build: () => ({ kind: /** @type {const} */ ("form"), parts: fields.flatMap(({ part }) => part()) }),
      ready: () => ready.forEach(({ file }) => void file?.ready()),
      missing: () => fields.map(({ missing }) => missing()).find(Boolean) ?? "",
    };
  }

  /**
   * @param {Content} content
   * @param {string} id
   */
  #text(content, id) {
    const editor = new BodyEditor(id, content, this.#changed, this.#signal);
    return {
      content,
      root: editor.root,
      build: () => ({ kind: /** @type {const} */ ("text"), text: editor.text }),
      ready: () => {},
      missing: () => "",
    };
  }

  /**
   * @param {Content} content
   * @param {string} id
   */
  #file(content, id) {
    const file = new FileControl(id, sampleFor(this.#operation), this.#changed, this.#signal);
    const given = {
      name: "The file itself",
      required: true,
      description: content.schema.description ?? "",
      schema: { ...content.schema, format: "binary" },
    };
    return {
      content,
      root: field(id, given, file.root, true),
      build: () => (file.file ? { kind: /** @type {const} */ ("file"), file: file.file, from: file.from } : null),
      ready: () => file.ready(),
      missing: () => (file.file ? "" : file.error || "The body is missing; choose a file."),
    };
  }

  /** The choice between several kinds of body. */
  #choice() {
    if (this.#bodies.length < 2) return [];
    const segments = make("div", { class: "segments segments--snug api-body__kinds", role: "radiogroup", "aria-label": "Kind of body" });
    for (const [at, { content }] of this.#bodies.entries()) {
      const input = make("input", { class: "segment__input", type: "radio", name: "api-body-kind", value: at, checked: at === 0 });
      input.addEventListener("change", () => this.#choose(at), { signal: this.#signal });
      segments.append(
        make("label", { class: "segment" }, input, make("span", { class: "segment__face" }, KINDS[content.type] ?? content.type)),
      );
    }
    return [segments];
  }

  /** @param {number} at */
  #choose(at) {
    const body = this.#bodies[at];
    if (!body) return;
    this.#chosen = at;
    this.#body.replaceChildren(make("p", { class: "api-body__type" }, make("code", {}, body.content.type)), body.root);
    void body.ready();
    this.#changed();
  }
}

const TITLES = { path: "Path", query: "Query", header: "Headers" };
/** @type {Record<string, string>} */
const KINDS = { "application/json": "JSON", "multipart/form-data": "Form", "image/*": "Picture", "text/csv": "CSV" };

/**
 * @param {string} title
 * @param {HTMLElement[]} children
 */
function group(title, children) {
  return make("fieldset", { class: "api__group" }, make("legend", { class: "card__legend" }, make("span", { class: "api__legend" }, title)), ...children);
}

/**
 * @param {string} id
 * @param {Given} given
 * @param {HTMLElement} control
 * @param {boolean} [words] whether the name is words and no name of a field
 */
function field(id, { name, required, description, schema }, control, words = false) {
  const label = make("label", { class: "api-field__name", for: id }, words ? name : make("code", {}, name));
  const kind = make("span", { class: "api-field__kind" }, kindWords(schema));
  const head = make(
    "div",
    { class: "api-field__head" },
    label,
    ...(required ? [make("span", { class: "api-field__needed" }, "required")] : []),
    kind,
  );
  return make(
    "div",
    { class: "api-field" },
    head,
    control,
    make("p", { class: "api-field__about", id: `${id}-about` }, ...coded(description)),
  );
}

/** @param {unknown} value */
const textOf = (value) => (typeof value === "string" ? value : JSON.stringify(value));
