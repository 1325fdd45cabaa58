import { make } from "../ui/make.js";

/** What to look for in JavaScript, the first that fits: a comment, a text, a number, a word of the language. */
const JAVASCRIPT = [
  ["comment", /\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ["text", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/y],
  ["number", /\b\d[\d_]*(?:\.\d+)?n?\b/y],
  [
    "word",
    /(?<!\.)\b(?:async|await|break|catch|const|continue|export|default|finally|for|from|if|import|in|instanceof|let|new|null|of|return|throw|true|false|try|typeof|undefined)\b/y,
  ],
  ["name", /[A-Za-z_$][\w$]*(?=\()/y],
];

const PLAIN = /[A-Za-z_$][\w$]*|\s+|[\s\S]/y;

/**
 * JavaScript with its parts told apart by colour.
 *
 * @param {string} source
 * @returns {Node[]}
 */
export function highlighted(source) {
  /** @type {Node[]} */
  const made = [];
  let plain = "";
  const flush = () => {
    if (plain) made.push(new Text(plain));
    plain = "";
  };
  for (let at = 0; at < source.length;) {
    const [kind, text] = next(source, at);
    at += text.length;
    if (kind === "") {
      plain += text;
      continue;
    }
    flush();
    made.push(make("span", { class: `code-${kind}` }, text));
  }
  flush();
  return made;
}

/**
 * @param {string} source
 * @param {number} at
 * @returns {[string, string]} a kind and its text
 */
function next(source, at) {
  for (const [kind, pattern] of /** @type {[string, RegExp][]} */ ([...JAVASCRIPT, ["", PLAIN]])) {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found) return [kind, found];
  }
  return ["", source[at] ?? ""];
}
