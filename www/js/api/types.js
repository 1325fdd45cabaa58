/** What the API page shows, and how. */

/**
 * @typedef {object} Schema What the page uses of a JSON Schema.
 * @property {string | string[]} [type]
 * @property {string} [title]
 * @property {string} [description]
 * @property {unknown} [default]
 * @property {unknown} [example]
 * @property {unknown[]} [examples]
 * @property {unknown[]} [enum]
 * @property {unknown} [const]
 * @property {string} [format]
 * @property {string} [pattern]
 * @property {string} [contentMediaType]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [exclusiveMaximum]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 * @property {number} [minItems]
 * @property {number} [maxItems]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {Schema[]} [oneOf]
 * @property {Schema[]} [anyOf]
 * @property {Schema[]} [allOf]
 */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {"path" | "query" | "header"} in
 * @property {boolean} required
 * @property {string} description
 * @property {Schema} schema
 * @property {unknown} [example]
 *
 * @typedef {object} Content A body of one media type.
 * @property {string} type
 * @property {Schema} schema
 * @property {unknown} [example]
 *
 * @typedef {object} Answer
 * @property {string} status
 * @property {string} description
 * @property {{ name: string, description: string }[]} headers
 * @property {Content[]} contents
 *
 * @typedef {object} Operation A route with one of its methods.
 * @property {string} id Its name in addresses.
 * @property {string} method In capitals.
 * @property {string} path Without a slash at its start.
 * @property {string} summary
 * @property {string} description
 * @property {Parameter[]} parameters
 * @property {Content[]} contents What its body may be.
 * @property {boolean} bodyRequired
 * @property {Answer[]} answers
 *
 * @typedef {object} ApiDocument
 * @property {string} version
 * @property {Operation[]} operations
 * @property {string} text The document itself, as JSON.
 */

/**
 * @typedef {{ name: string, value: string | File, from?: string }} Part A part of a form; `from` is where a sample lies.
 * @typedef {object} BuiltRequest
 * @property {string} method
 * @property {URL} url
 * @property {[string, string][]} headers
 * @property {null | { kind: "text", text: string } | { kind: "file", file: File, from?: string } | { kind: "form", parts: Part[] }} body
 * @property {string} answers The media type of its good answer.
 */

/** @typedef {(...values: unknown[]) => void} Show */
/** @typedef {import("../lab/digitlab.js").Digitlab} Digitlab */
/** @typedef {(lab: Digitlab, show: Show, signal: AbortSignal) => Promise<unknown>} Example */

/**
 * @typedef {object} Method
 * @property {string} name As it is called, such as `lab.generate`.
 * @property {string} signature
 * @property {string} about
 * @property {[string, string][]} [options] Names of options or arguments, and what they mean.
 *
 * @typedef {object} Entry Methods that an example shows together.
 * @property {Method[]} methods
 * @property {string} example The name of its file.
 * @property {string[]} says What it shows, line by line.
 *
 * @typedef {object} Chapter
 * @property {string} name In addresses.
 * @property {string} title
 * @property {string} about
 * @property {Entry[]} entries
 */

export {};
