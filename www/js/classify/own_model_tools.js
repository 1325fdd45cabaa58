import { settingsInWords } from "../lab/model_settings.js";
import { bytes, count } from "../ui/format.js";
import { make } from "../ui/make.js";
import { save } from "../ui/save.js";

/** @typedef {import("../lab/digitlab.js").ModelCard} ModelCard */

/**
 * What can be done with a model of the user's: rename, download, delete, look at its card.
 *
 * @param {ModelCard} card
 * @param {object} options
 * @param {import("../lab/digitlab.js").Digitlab} options.lab
 * @param {(error: unknown) => void} options.failed
 * @param {AbortSignal} options.signal
 */
export function ownModelTools(card, { lab, failed, signal }) {
  const { name, title } = card;
  const tools = make("div", { class: "model__tools", role: "group", "aria-label": title });
  const button = (/** @type {string} */ text, /** @type {() => unknown} */ press, said = `${text} ${title}`) => {
    const made = make("button", { class: "button button--small", type: "button", "aria-label": said }, text);
    made.addEventListener("click", press, { signal });
    return made;
  };
  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    try {
      await work();
    } catch (error) {
      failed(error);
    }
  };
  const usual = () => {
    const buttons = [
      button("Rename", rename),
      button("Download", () => attempt(async () => save(await lab.models.file(name), card.file))),
      button("Delete", remove),
    ];
    tools.replaceChildren(...buttons);
    return buttons;
  };
  const rename = () => {
    const input = make("input", { class: "input", maxlength: 60, "aria-label": `New name of ${title}`, value: title });
    const keep = () => attempt(() => lab.models.rename(name, input.value));
    const leave = () => usual()[0]?.focus();
    input.addEventListener("keydown", ({ key }) => (key === "Enter" ? void keep() : key === "Escape" ? leave() : undefined), { signal });
    tools.replaceChildren(input, button("Save", keep, "Save the new name"), button("Cancel", leave, "Cancel: keep the old name"));
    input.focus();
    input.select();
  };
  const remove = () => {
    const yes = button("Delete", () => attempt(() => lab.models.delete(name)), `Delete ${title} for good`);
    tools.replaceChildren(make("p", {}, "Delete it from this browser?"), yes, button("Keep", () => usual()[2]?.focus(), `Keep ${title}`));
    yes.focus();
  };
  usual();
  const facts = factsOf(card).flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]);
  const details = make("details", { class: "disclosure model__details" }, make("summary", {}, "Details"), make("dl", {}, ...facts));
  return [tools, details];
}

/**
 * @param {ModelCard} card
 * @returns {[string, string][]}
 */
function factsOf({ name, kind, added, bytes: size, normalisation, tried, input, output, description }) {
  /** @type {[string, string | undefined][]} */
  const facts = [
    ["Name in addresses", name],
    ["Kind", { shipped: "of the site", own: "your file", taught: "taught here", trained: "trained here" }[kind]],
    ["Added", added ? new Date(added).toLocaleString() : undefined],
    ["Size", bytes(size)],
    ["Shown", normalisation && settingsInWords(normalisation)],
    ["Known digits", tried && `${count(tried.right)} of ${count(tried.pictures)} right`],
    ["Takes", input && `${input.type} [${input.shape.join(", ")}]`],
    ["Gives", output && `${output.kind}, ten`],
    ["Made by", description?.producer],
    ["Operators", description?.operators.map(({ name, count }) => `${name} × ${count}`).join(", ")],
  ];
  return facts.flatMap(([name, text]) => (text ? [/** @type {[string, string]} */ ([name, text])] : []));
}
