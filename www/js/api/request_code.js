import { typeOfFile } from "./sample_files.js";

/** @typedef {import("./types.js").BuiltRequest} BuiltRequest */

/** What is longer is left out of a line for reading. */
const LONGEST = 2_000;

/**
 * A request as a program for any page of this site.
 *
 * @param {BuiltRequest} request
 */
export function fetchCode({ method, url, headers, body, answers }) {
  const before = body ? bodyLines(body) : [];
  const options = [
    ...(method === "GET" ? [] : [`  method: ${JSON.stringify(method)},`]),
    ...(headers.length > 0
      ? [`  headers: { ${headers.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")} },`]
      : []),
    ...(body ? ["  body,"] : []),
  ];
  const call =
    options.length > 0
      ? [`const response = await fetch(${JSON.stringify(plain(url))}, {`, ...options, "});"]
      : [`const response = await fetch(${JSON.stringify(plain(url))});`];
  return [...before, ...call, `console.log(response.status, await response.${reading(answers)}());`].join("\n");
}

/** @param {NonNullable<BuiltRequest["body"]>} body */
function bodyLines(body) {
  if (body.kind === "text") return [`const body = ${textLiteral(body.text)};`];
  if (body.kind === "file") return [...fileLines("body", body.file, body.from)];
  const lines = body.parts.flatMap(({ name, value, from }) =>
    typeof value === "string"
      ? [`body.append(${JSON.stringify(name)}, ${textLiteral(value)});`]
      : [...fileLines("file", value, from), `body.append(${JSON.stringify(name)}, file, ${JSON.stringify(value.name)});`],
  );
  return ["const body = new FormData();", ...lines];
}

/**
 * @param {string} variable
 * @param {File} file
 * @param {string} [from] where it can be fetched
 */
function fileLines(variable, file, from) {
  if (from) return [`const ${variable} = await (await fetch(${JSON.stringify(from)})).blob();`];
  // A name may hold the end of a line, after which there would be code.
  const name = file.name.replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ");
  return [`// ${name}, as <input type="file"> gives it`, `const ${variable} = document.querySelector("input[type=file]").files[0];`];
}

/** JSON stays an object that can be changed; what is none is sent as it stands. @param {string} text */
function textLiteral(text) {
  try {
    const value = JSON.parse(text);
    if (value && typeof value === "object") return `JSON.stringify(${indented(value)})`;
  } catch {
    // Sent as it is, to see what the route says.
  }
  return JSON.stringify(text);
}

/** Objects in lines, rows of numbers in one each. @param {object} value */
function indented(value) {
  if (Array.isArray(value)) {
    return value.every((each) => Array.isArray(each))
      ? `[\n${value.map((row) => `  ${JSON.stringify(row)},`).join("\n")}\n]`
      : JSON.stringify(value);
  }
  const lines = Object.entries(value).map(
    ([name, each]) => `  ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(each)},`,
  );
  return lines.length > 0 ? `{\n${lines.join("\n")}\n}` : "{}";
}

/** @param {string} type */
function reading(type) {
  if (type.includes("json")) return "json";
  return type.startsWith("text/") ? "text" : "blob";
}

/**
 * The same in the words of curl, which are known from everywhere.
 *
 * @param {BuiltRequest} request
 */
export function curlCode({ method, url, headers, body }) {
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(plain(url))}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  ];
  // Not `--data-binary` and `-F` for texts: they would send the file that a text with @ before it names.
  if (body?.kind === "text") parts.push(`--data-raw ${quoted(shortened(body.text))}`);
  if (body?.kind === "file") parts.push(`--data-binary ${quoted(`@${body.file.name}`)}`);
  if (body?.kind === "form") {
    for (const { name, value } of body.parts) {
      parts.push(
        typeof value === "string"
          ? `--form-string ${quoted(`${name}=${shortened(value)}`)}`
          : `-F ${quoted(`${name}=@${value.name};type=${typeOfFile(value)}`)}`,
      );
    }
  }
  return parts.join(" \\\n  ");
}

/** @param {string} text */
function shortened(text) {
  let bare = text;
  try {
    bare = JSON.stringify(JSON.parse(text));
  } catch {
    // As it is.
  }
  return bare.length > LONGEST ? `${bare.slice(0, LONGEST)} …` : bare;
}

/** For a POSIX shell. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A part of the path that is still missing stays what the document calls it. @param {URL} url */
const plain = (url) => url.href.replaceAll(/%7B(\w+)%7D/g, "{$1}");
