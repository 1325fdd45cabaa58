import { reasonOf } from "../lab/errors.js";
import { Latest } from "../ui/latest.js";
import { icon, make } from "../ui/make.js";
import { copyText } from "../ui/clipboard.js";
import { programOf } from "./example_source.js";
import { highlighted } from "./highlight.js";
import { coded } from "./words.js";
import { shownValue, wordsOf } from "./shown_value.js";

/** @typedef {import("./types.js").Entry} Entry */

const FOLDER = new URL("./examples/", import.meta.url);

/**
 * @typedef {object} ExampleHelp
 * @property {(signal: AbortSignal) => Promise<import("./types.js").Digitlab>} lab a lab of its own for a run
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {import("../ui/status.js").Status} status
 */

/** Methods of the module with the program that shows them, which runs in place. */
export class ExampleCard {
  #entry;
  #help;
  #signal;
  #latest = new Latest();
  #run = make("button", { class: "button button--primary button--small", type: "button" }, "Run");
  #cancel = make("button", { class: "button button--small", type: "button", hidden: true }, "Cancel");
  #code = make("pre", { class: "api-code__text", tabindex: 0, role: "group", "aria-label": "Program" });
  #output;
  #methods;
  #program = "";
  #shown = new AbortController();

  /** @type {HTMLElement} */
  root;
  /** Until its program is there. @type {Promise<void>} */
  ready;

  /**
   * @param {Entry} entry
   * @param {ExampleHelp} help
   * @param {AbortSignal} signal
   */
  constructor(entry, help, signal) {
    this.#entry = entry;
    this.#help = help;
    this.#signal = signal;
    const { methods, example } = entry;
    this.#output = make("div", {
      class: "api-output",
      tabindex: -1,
      "aria-label": "What the program shows",
      role: "group",
      "data-state": "idle",
      hidden: true,
    });
    const heads = methods.map(({ name, signature, about }) =>
      make(
        "div",
        { class: "api-signature", "data-method": name, tabindex: -1 },
        make("h3", { class: "api-signature__text" }, make("code", {}, ...highlighted(signature))),
        make("p", {}, ...coded(about)),
      ),
    );
    const copy = make("button", { class: "button button--small", type: "button" }, icon("copy"), "Copy");
    const actions = make("div", { class: "toolbar" }, this.#run, this.#cancel, copy);
    this.#methods = methods.map(({ name }) => name).join(", ");
    this.#name("Run");
    this.root = make(
      "section",
      { class: "card api__card api-entry", "data-example": example },
      ...heads,
      this.#code,
      actions,
      this.#output,
    );
    this.#run.addEventListener("click", () => void this.run(), { signal });
    this.#cancel.addEventListener("click", () => this.#stop(), { signal });
    copy.addEventListener("click", () => this.#copy(), { signal });
    signal.addEventListener("abort", () => (this.#latest.cancel(), this.#shown.abort()), { once: true });
    this.ready = this.#load();
  }

  async #load() {
    try {
      const response = await fetch(new URL(`${this.#entry.example}.js`, FOLDER), { signal: this.#signal });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.#program = programOf(await response.text());
      this.#code.replaceChildren(...highlighted(this.#program));
    } catch (error) {
      if (this.#signal.aborted) return;
      const reason = reasonOf(error);
      this.#code.textContent = `// The example could not be loaded: ${reason}. Check the connection, then open this page again.`;
    }
  }

  /** Runs the example, and shows what it shows. */
  async run() {
    this.#shown.abort();
    const shown = (this.#shown = new AbortController());
    this.#output.hidden = false;
    this.#output.replaceChildren(busy());
    this.#state("busy");
    /** @type {string[]} */
    const lines = [];
    // Pictures take a moment to be ready; the order of what is shown stays.
    let queue = Promise.resolve();
    const show = (/** @type {unknown[]} */ ...values) => {
      if (shown.signal.aborted) return;
      lines.push(wordsOf(values));
      const ready = shownValue(values, shown.signal);
      queue = queue.then(async () => {
        const line = await ready;
        if (!shown.signal.aborted) this.#output.querySelector(".progress")?.before(line);
      });
    };
    try {
      const ended = await this.#latest.run(async (signal) => {
        /** @type {{ default: import("./types.js").Example }} */
        const { default: example } = await import(new URL(`${this.#entry.example}.js`, FOLDER).href);
        const lab = await this.#help.lab(signal);
        try {
          await example(lab, show, signal);
        } finally {
          lab.close();
        }
        await queue;
        return true;
      });
      if (!ended) return;
      this.#state("done", lines);
      this.#help.status.say("The example has run.");
    } catch (error) {
      if (shown.signal.aborted) return;
      const message = reasonOf(error);
      this.#output.append(make("p", { class: "error-text", role: "alert" }, message));
      this.#state("error");
    }
  }

  #stop() {
    this.#shown.abort();
    this.#latest.cancel();
    this.#output.replaceChildren(make("p", { class: "api__soft" }, "Cancelled."));
    this.#state("idle");
    this.#run.focus();
  }

  /**
   * @param {string} state
   * @param {string[]} [lines]
   */
  #state(state, lines) {
    const running = state === "busy";
    this.#output.dataset.state = state;
    this.#output.setAttribute("aria-busy", String(running));
    if (lines) this.#output.dataset.said = JSON.stringify(lines);
    else delete this.#output.dataset.said;
    if (!running) this.#output.querySelector(".progress")?.remove();
    if (!running && document.activeElement === this.#cancel) this.#run.focus({ preventScroll: true });
    this.#cancel.hidden = !running;
    this.#name(state === "idle" ? "Run" : "Run again");
  }

  /** @param {string} verb what the button says; its name says of what */
  #name(verb) {
    this.#run.textContent = verb;
    this.#run.setAttribute("aria-label", `${verb}: the example of ${this.#methods}`);
  }

  async #copy() {
    try {
      await copyText(this.#program);
      this.#help.toasts.show("Code copied.");
    } catch (error) {
      this.#help.toasts.show(reasonOf(error), "error");
    }
  }
}

function busy() {
  const track = make(
    "div",
    { class: "progress__track", role: "progressbar", "aria-label": "Running" },
    make("div", { class: "progress__bar" }),
  );
  return make("div", { class: "progress" }, make("p", {}, "Running …"), track);
}
