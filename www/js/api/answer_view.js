import { bytes, duration } from "../ui/format.js";
import { make } from "../ui/make.js";
import { save } from "../ui/save.js";
import { jsonTree } from "./json_tree.js";
import { pictureOfFile } from "./shown_picture.js";
import { STATUS_WORDS } from "./status_words.js";

/** @typedef {{ status: number, headers: [string, string][], blob: Blob, elapsed: number, url: string }} CameBack */

/** Characters of a text that are shown. */
const MOST_TEXT = 200_000;

/** What a route has answered: the status, how long it took, the headers, and the body as what it is. */
export class AnswerView {
  #root;
  #signal;
  #shown = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {AbortSignal} signal
   */
  constructor(root, signal) {
    this.#root = root;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#shown.abort(), { once: true });
    this.idle();
  }

  idle() {
    this.#show("idle", make("p", { class: "api-answer__soft" }, "The answer comes here."));
  }

  /** @param {() => void} cancel */
  busy(cancel) {
    const button = make("button", { class: "button button--small", type: "button" }, "Cancel");
    button.addEventListener("click", cancel, { signal: this.#signal });
    const track = make(
      "div",
      { class: "progress__track", role: "progressbar", "aria-label": "Waiting for the answer" },
      make("div", { class: "progress__bar" }),
    );
    this.#show("busy", make("div", { class: "progress api-answer__progress" }, make("p", {}, "Waiting for the answer …"), button, track));
  }

  cancelled() {
    this.#show("idle", make("p", { class: "api-answer__soft" }, "Cancelled: nothing was answered."));
  }

  /**
   * @param {string} message
   * @param {Node[]} [more] what to do now
   */
  fail(message, more = []) {
    this.#show("error", make("div", { class: "api-answer__failure", role: "alert" }, make("p", { class: "error-text" }, message), ...more));
  }

  /** @param {CameBack} answer */
  async done(answer) {
    const { status, headers, blob, elapsed } = answer;
    const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
    const words = STATUS_WORDS[status] ?? "";
    const chip = make("span", { class: "api-status", "data-class": String(Math.floor(status / 100)) }, `${status} ${words}`.trim());
    const facts = make("p", { class: "api-answer__facts" }, `${duration(elapsed)} · ${bytes(blob.size)}${type ? ` · ${type}` : ""}`);
    const keep = make("button", { class: "button button--small", type: "button" }, "Save the body");
    keep.addEventListener("click", () => save(blob, fileName(answer, type)), { signal: this.#signal });
    const head = make("div", { class: "api-answer__head" }, chip, facts, ...(blob.size > 0 ? [keep] : []));
    const list = make("dl", { class: "api-headers" }, ...headers.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
    const folded = make("details", { class: "api-answer__headers" }, make("summary", {}, `Headers (${headers.length})`), list);
    const controller = new AbortController();
    const body = await bodyOf(blob, type, controller.signal);
    this.#show("done", head, folded, body);
    this.#shown = controller;
  }

  /**
   * @param {string} state
   * @param {...Node} children
   */
  #show(state, ...children) {
    this.#shown.abort();
    // The focus goes on to what takes the place of the button that had it.
    const focused = this.#root.contains(document.activeElement);
    this.#root.dataset.state = state;
    this.#root.setAttribute("aria-busy", String(state === "busy"));
    this.#root.replaceChildren(...children);
    if (focused) this.#root.focus({ preventScroll: true });
  }
}

/**
 * @param {Blob} blob
 * @param {string} type
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement>}
 */
async function bodyOf(blob, type, signal) {
  if (blob.size === 0) return make("p", { class: "api-answer__soft" }, "No body.");
  if (type.startsWith("image/")) {
    const picture = await pictureOfFile(blob, signal);
    if (picture) return picture;
  }
  if (type.includes("json")) {
    try {
      return scrolled(jsonTree(JSON.parse(await blob.text())));
    } catch {
      // Shown as the text that it is.
    }
  }
  if (type.startsWith("text/") || type.includes("json")) {
    const text = await blob.slice(0, MOST_TEXT).text();
    const cut = blob.size > MOST_TEXT ? `\n… (${bytes(blob.size - MOST_TEXT)} more)` : "";
    return make("pre", { class: "api-answer__body api-answer__text", tabindex: 0, role: "group", "aria-label": "Body" }, text + cut);
  }
  return make("p", { class: "api-answer__soft" }, `${bytes(blob.size)} of ${type || "no stated type"}.`);
}

/** @param {HTMLElement} tree */
const scrolled = (tree) => make("div", { class: "api-answer__body", tabindex: 0, role: "group", "aria-label": "Body" }, tree);

/** @type {Record<string, string>} */
const ENDINGS = { "image/png": "png", "image/jpeg": "jpg", "application/json": "json", "text/csv": "csv", "text/plain": "txt" };

/**
 * @param {CameBack} answer
 * @param {string} type
 */
function fileName({ url }, type) {
  const last = new URL(url).pathname.split("/").filter(Boolean).at(-1) ?? "answer";
  const ending = ENDINGS[type.split(";")[0] ?? ""];
  return ending && !last.endsWith(`.${ending}`) ? `${last}.${ending}` : last;
}
