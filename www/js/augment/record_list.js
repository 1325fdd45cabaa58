import { drawnInWords, optionsInWords } from "../ui/steps.js";

/** @typedef {import("../lab/digitlab.js").AppliedStep} AppliedStep */

/** What ran on a picture and what was drawn for it, for people. */
export class RecordList {
  #root;

  /** @param {HTMLElement} root a list */
  constructor(root) {
    this.#root = root;
  }

  /** @param {AppliedStep[]} record */
  show(record) {
    const items = record.length > 0 ? record.map(item) : [line("No step ran: each left it to chance, and chance said no.")];
    this.#root.replaceChildren(...items);
  }
}

/** @param {AppliedStep} step */
function item({ transform, path, options, drawn }) {
  const root = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = transform;
  root.append(name, path.length > 1 ? ` (member ${path.map((at) => at + 1).join(".")} of the pipeline)` : "");
  const said = drawnInWords(drawn);
  const hidden = Object.keys(drawn).length - said.length;
  const parts = [...said, ...(hidden > 0 ? [said.length > 0 ? `and ${hidden} more in the JSON` : "see the JSON"] : [])];
  root.append(detail("Drawn", parts.length > 0 ? parts.join(", ") : "nothing"));
  const chosen = optionsInWords(options);
  if (chosen.length > 0) root.append(detail("Chosen", chosen.join(", ")));
  return root;
}

/**
 * @param {string} label
 * @param {string} text
 */
function detail(label, text) {
  const root = document.createElement("p");
  root.textContent = `${label}: ${text}.`;
  return root;
}

/** @param {string} text */
function line(text) {
  const root = document.createElement("li");
  root.textContent = text;
  return root;
}
