import { reasonOf } from "../lab/errors.js";
import { counted } from "../ui/format.js";
import { Latest } from "../ui/latest.js";
import { icon, make } from "../ui/make.js";
import { AnswerView } from "./answer_view.js";
import { CodeTabs } from "./code_tabs.js";
import { curlCode, fetchCode } from "./request_code.js";
import { RouteForm } from "./route_form.js";
import { STATUS_WORDS } from "./status_words.js";
import { coded, methodTag } from "./words.js";
import { typeOfFile } from "./sample_files.js";
import { kindWords, typeWords } from "./schema_words.js";

/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("./types.js").BuiltRequest} BuiltRequest */

/**
 * @typedef {object} RouteHelp
 * @property {import("./route_form.js").FormHelp} form
 * @property {() => { ready: boolean, words: string }} service whether routes are answered here, or why not
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {import("../ui/status.js").Status} status
 * @property {(operation: Operation) => void} copyLink
 */

/** Where curl is known, but does not reach. */
const NO_SERVER = "For reading: no server answers here, so that only pages of this site reach the routes, and curl itself does not.";

/** A route, explained and to be tried: what it takes as a form, the request as a program, and the answer. */
export class RoutePage {
  #help;
  #form;
  #answer;
  #code;
  #latest = new Latest();
  #send = make("button", { class: "button button--primary", type: "button", id: "api-send" }, "Send");
  #open = make("a", { class: "button", target: "_blank", rel: "noopener" }, "Open in a tab");
  #answers = make("ul", { class: "api-answers" });

  /**
   * @param {HTMLElement} root
   * @param {Operation} operation
   * @param {RouteHelp} help
   * @param {AbortSignal} signal
   */
  constructor(root, operation, help, signal) {
    this.#help = help;
    const { method, path, summary, description } = operation;
    const link = make(
      "button",
      {
        class: "button button--small button--icon",
        type: "button",
        "aria-label": "Copy a link to this route",
        title: "Copy a link to this route",
      },
      icon("link"),
    );
    link.addEventListener("click", () => help.copyLink(operation), { signal });
    const title = make("h2", { class: "api__title", id: "api-title", tabindex: -1 }, methodTag(method), make("code", {}, path));
    const head = make("header", { class: "api__head" }, title, link, make("p", { class: "api__lead" }, summary));
    if (description && description !== summary) head.append(...paragraphs(description));

    const form = make(
      "form",
      { class: "card api__card api__request", "aria-label": "Request" },
      make("h3", { class: "card__title" }, "Request"),
    );
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    const answerRoot = make("div", { class: "api-answer", tabindex: -1, id: "api-answer" });
    this.#answer = new AnswerView(answerRoot, signal);
    this.#code = new CodeTabs(
      "api-request",
      [
        { name: "fetch", title: "fetch", note: "Runs on any page of this site, also in its console." },
        { name: "curl", title: "curl", note: NO_SERVER },
      ],
      help.toasts,
      signal,
    );
    this.#form = new RouteForm(form, operation, help.form, () => queueMicrotask(() => this.#changed()), signal);
    this.#send.addEventListener("click", () => void this.#run(), { signal });
    this.#open.hidden = method !== "GET";
    root.addEventListener("keydown", (event) => this.#key(event), { signal });
    signal.addEventListener("abort", () => this.#latest.cancel(), { once: true });

    const keys = make("span", { class: "keys-hint api__soft" }, make("kbd", {}, "Ctrl"), " ", make("kbd", {}, "Enter"));
    const actions = make("div", { class: "toolbar api__actions" }, this.#send, this.#open, keys);
    const request = make("section", { class: "card api__card", "aria-label": "The request as a program" }, this.#code.root, actions);
    const answer = make(
      "section",
      { class: "card api__card", "aria-labelledby": "api-answer-title" },
      make("h3", { class: "card__title", id: "api-answer-title" }, "Answer"),
      answerRoot,
    );
    this.#answers.append(...operation.answers.map(answerItem));
    const answers = make(
      "section",
      { class: "card api__card api__answers", "aria-labelledby": "api-answers-title" },
      make("h3", { class: "card__title", id: "api-answers-title" }, "What it can answer"),
      this.#answers,
    );
    const side = make("div", { class: "api__column api__side" }, request, answer);
    root.replaceChildren(head, make("div", { class: "api__columns" }, form, side, answers));
    this.#changed();
  }

  #changed() {
    const request = this.#form.request;
    this.#code.show({ fetch: fetchCode(request), curl: curlCode(request) });
    this.#open.href = request.url.href;
    this.#open.toggleAttribute("aria-disabled", this.#form.missing !== "");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    void this.#run();
  }

  async #run() {
    const { service, status } = this.#help;
    for (const item of this.#answers.children) item.removeAttribute("data-came");
    const { ready, words } = service();
    if (!ready) return this.#answer.fail(words);
    const { missing } = this.#form;
    if (missing) return this.#answer.fail(missing);
    const request = this.#form.request;
    this.#answer.busy(() => {
      this.#latest.cancel();
      this.#answer.cancelled();
      status.say("Cancelled");
    });
    try {
      const answer = await this.#latest.run((signal) => ask(request, signal));
      if (!answer) return;
      await this.#answer.done(answer);
      this.#mark(answer.status);
      status.say(`Answered: ${answer.status} ${STATUS_WORDS[answer.status] ?? ""}`);
    } catch (error) {
      const reason = reasonOf(error);
      this.#answer.fail(`The request failed before any answer came: ${reason}. Reload the page, then send it again.`);
    }
  }

  /** @param {number} status */
  #mark(status) {
    const item = this.#answers.querySelector(`[data-status="${status}"]`);
    item?.toggleAttribute("data-came", true);
  }
}

/**
 * @param {BuiltRequest} request
 * @param {AbortSignal} signal
 * @returns {Promise<import("./answer_view.js").CameBack>}
 */
async function ask({ method, url, headers, body }, signal) {
  const began = performance.now();
  const response = await fetch(url, { method, headers, body: bodyOf(body), signal });
  const blob = await response.blob();
  return {
    status: response.status,
    headers: [...response.headers],
    blob,
    elapsed: performance.now() - began,
    url: response.url || url.href,
  };
}

/** @param {BuiltRequest["body"]} body */
function bodyOf(body) {
  if (!body) return undefined;
  if (body.kind === "text") return body.text;
  if (body.kind === "file") return body.file;
  const form = new FormData();
  for (const { name, value } of body.parts) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, value.type ? value : new Blob([value], { type: typeOfFile(value) }), value.name);
  }
  return form;
}

/** @param {string} text */
function paragraphs(text) {
  return text.split(/\n\s*\n/).map((each) => make("p", { class: "api__about" }, ...coded(each.trim())));
}

/** @param {import("./types.js").Answer} answer */
function answerItem({ status, description, headers, contents }) {
  const chip = make("span", { class: "api-status", "data-class": status[0] }, `${status} ${STATUS_WORDS[Number(status)] ?? ""}`.trim());
  const item = make("li", { class: "api-answers__item", "data-status": status }, chip, make("p", {}, ...coded(description)));
  const kinds = contents.map(({ type, schema }) => {
    const words = kindWords(schema);
    return make("li", {}, make("code", {}, type), words && !/^(file|any value|object)/.test(words) ? `, ${words}` : "");
  });
  const named = headers.map(({ name, description }) =>
    make("li", {}, "Header ", make("code", {}, name), description ? `: ${description}` : ""),
  );
  if (kinds.length + named.length > 0) item.append(make("ul", { class: "api-answers__more" }, ...kinds, ...named));
  const fields = contents.flatMap(({ schema }) => Object.entries(schema.properties ?? {}));
  if (fields.length > 0) item.append(answerFields(fields));
  return item;
}

/** @param {[string, import("./types.js").Schema][]} fields */
function answerFields(fields) {
  const rows = fields.flatMap(([name, schema]) => [
    make("dt", {}, make("code", {}, name), make("span", { class: "api-field__kind" }, ` ${typeWords(schema)}`)),
    make("dd", {}, ...coded(schema.description ?? "")),
  ]);
  return make(
    "details",
    { class: "api-answers__fields" },
    make("summary", {}, `What is in it: ${counted(fields.length, "field")}`),
    make("dl", {}, ...rows),
  );
}
