/** @typedef {import("./types.js").ApiDocument} ApiDocument */
/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("./types.js").Parameter} Parameter */
/** @typedef {import("./types.js").Content} Content */
/** @typedef {import("./types.js").Answer} Answer */

const METHODS = ["get", "post", "put", "patch", "delete", "head"];
/** References may lead in circles; nothing that the page shows is nested so deeply. */
const DEEPEST = 24;

/**
 * An OpenAPI document as the page shows it: each route with each of its methods, references resolved.
 *
 * @param {any} document
 * @returns {ApiDocument}
 */
export function readDocument(document) {
  const at = (/** @type {any} */ value) => resolved(document, value, 0);
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, given]) => {
    const item = at(given);
    return METHODS.filter((method) => item[method]).map((method) => operation(path, method, item[method], item.parameters ?? []));
  });
  return { version: String(document.info?.version ?? ""), operations, text: JSON.stringify(document, null, 2) };
}

/**
 * @param {string} path
 * @param {string} method
 * @param {any} given
 * @param {any[]} shared what all methods of the path take
 * @returns {Operation}
 */
function operation(path, method, given, shared) {
  const bare = path.replace(/^\//, "");
  return {
    id: given.operationId ?? `${method}-${bare.replaceAll(/[^a-z0-9]+/gi, "-")}`,
    method: method.toUpperCase(),
    path: bare,
    summary: given.summary ?? "",
    description: given.description ?? "",
    parameters: [...shared, ...(given.parameters ?? [])].map(parameter),
    contents: contents(given.requestBody?.content),
    bodyRequired: given.requestBody?.required === true,
    answers: Object.entries(given.responses ?? {}).map(([status, response]) => answer(status, response)),
  };
}

/**
 * @param {any} given
 * @returns {Parameter}
 */
function parameter({ name, in: place, required = false, description = "", schema = {}, ...given }) {
  return { name, in: place, required, description: description || schema.description || "", schema, example: exampleOf(given, schema) };
}

/**
 * @param {Record<string, any>} [given]
 * @returns {Content[]}
 */
function contents(given = {}) {
  return Object.entries(given).map(([type, { schema = {}, ...media }]) => ({ type, schema, example: exampleOf(media, schema) }));
}

/**
 * @param {string} status
 * @param {any} given
 * @returns {Answer}
 */
function answer(status, { description = "", headers = {}, content }) {
  const named = Object.entries(headers).map(([name, header]) => ({ name, description: /** @type {any} */ (header).description ?? "" }));
  return { status, description, headers: named, contents: contents(content) };
}

/**
 * The first example that is given, in any of the ways of OpenAPI 3.1.
 *
 * @param {{ example?: unknown, examples?: any }} given
 * @param {import("./types.js").Schema} schema
 */
function exampleOf({ example, examples }, schema) {
  const named = examples && !Array.isArray(examples) ? /** @type {any} */ (Object.values(examples)[0])?.value : undefined;
  return example ?? named ?? schema.example ?? schema.examples?.[0];
}

/**
 * A value with what its references name put in their place.
 *
 * @param {any} document
 * @param {any} value
 * @param {number} depth
 * @returns {any}
 */
function resolved(document, value, depth) {
  if (!value || typeof value !== "object" || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((each) => resolved(document, each, depth + 1));
  if (typeof value.$ref === "string") {
    const { $ref, ...others } = value;
    const named = $ref
      .replace(/^#\//, "")
      .split("/")
      .reduce((/** @type {any} */ part, /** @type {string} */ name) => part?.[unescaped(name)], document);
    return { ...resolved(document, named ?? {}, depth + 1), ...others };
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolved(document, part, depth + 1)]));
}

/** @param {string} name */
const unescaped = (name) => decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
