import { reasonOf } from "../lab/errors.js";
import { copyText } from "../ui/clipboard.js";
import { element } from "../ui/elements.js";
import { Latest } from "../ui/latest.js";
import { save } from "../ui/save.js";
import { Tabs } from "../ui/tabs.js";

/**
 * @typedef {object} Form A way to write a pipeline down.
 * @property {"python" | "albumentations-json" | "albumentations-yaml" | "json" | null} format the engine's name of it; null is written here
 * @property {string} file
 * @property {string} type
 * @property {string} help
 */

/** By the ends of the tabs' ids. @type {Record<string, Form>} */
const FORMS = {
  python: { format: "python", file: "pipeline.py", type: "text/x-python", help: "Python for Albumentations 2.0.8. Parameters that have their default are left out." },
  "albumentations-json": {
    format: "albumentations-json",
    file: "pipeline.albumentations.json",
    type: "application/json",
    help: "What A.save writes; A.load reads it.",
  },
  "albumentations-yaml": {
    format: "albumentations-yaml",
    file: "pipeline.albumentations.yaml",
    type: "application/yaml",
    help: "What A.save writes with data_format=\"yaml\"; A.load reads it so.",
  },
  json: { format: "json", file: "pipeline.digitlab.json", type: "application/json", help: "Digitlab's own form, with every parameter. This page and the module read it." },
  javascript: { format: null, file: "pipeline.js", type: "text/javascript", help: "Runs the pipeline in any page, through this site's module." },
};

/** The pipeline as text for other programs, in a tab for each. */
export class PipelineCode {
  #details = element("augment-builder-code", HTMLDetailsElement);
  #text = element("augment-builder-code-text", HTMLPreElement);
  #help = element("augment-builder-code-help", HTMLElement);
  #error = element("augment-builder-code-error", HTMLElement);
  #tabs;
  #lab;
  #latest = new Latest();
  #writing = Promise.resolve();
  /** @type {object} */
  #pipeline = { transforms: [] };

  /**
   * @param {{ lab: import("../lab/digitlab.js").Digitlab, settings: import("../ui/settings.js").Settings, toasts: import("../ui/toast.js").Toasts }} shell
   * @param {AbortSignal} signal
   */
  constructor({ lab, settings, toasts }, signal) {
    this.#lab = lab;
    const tabs = Object.keys(FORMS).map((name) => element(`augment-builder-code-${name}`, HTMLButtonElement));
    const chose = (/** @type {HTMLElement} */ tab) => {
      settings.set("augment-code", nameOf(tab));
      this.#write();
    };
    this.#tabs = new Tabs(tabs, this.#text, chose, signal);
    settings.bindPanel(this.#details, signal);
    this.#details.addEventListener("toggle", () => this.#write(), { signal });
    const copy = () =>
      this.#written().then(copyText).then(
        () => toasts.show("Pipeline copied."),
        (error) => toasts.show(error.message, "error"),
      );
    element("augment-builder-code-copy", HTMLButtonElement).addEventListener("click", copy, { signal });
    const download = async () => {
      const text = await this.#written();
      const { file, type } = this.#form;
      save(new Blob([text], { type }), file);
    };
    element("augment-builder-code-download", HTMLButtonElement).addEventListener("click", download, { signal });
    this.#tabs.choose(tabs.find((tab) => nameOf(tab) === settings.get("augment-code", "python")) ?? tabs[0]);
    signal.addEventListener("abort", () => this.#latest.cancel());
  }

  /** @param {object} pipeline */
  show(pipeline) {
    this.#pipeline = pipeline;
    this.#write();
  }

  get #form() {
    const { chosen } = this.#tabs;
    return /** @type {Form} */ (FORMS[chosen ? nameOf(chosen) : "python"]);
  }

  #write() {
    this.#writing = this.#renew();
  }

  /** The text of the last change, once it is there: what stands there before is of an older pipeline or form. */
  async #written() {
    for (let seen = null; seen !== this.#writing; ) {
      seen = this.#writing;
      await seen;
    }
    return this.#text.textContent ?? "";
  }

  async #renew() {
    if (!this.#details.open) return;
    const form = this.#form;
    const pipeline = this.#pipeline;
    this.#help.textContent = form.help;
    try {
      // The engine judges it, whatever form it is written in.
      const format = form.format ?? "json";
      const text = await this.#latest.run((signal) => this.#lab.exportPipeline(pipeline, { format, signal }));
      if (text === undefined) return;
      this.#show(form.format ? text : javascript(pipeline), "");
    } catch (error) {
      this.#show("", reasonOf(error));
    }
  }

  /**
   * @param {string} text
   * @param {string} trouble
   */
  #show(text, trouble) {
    this.#text.textContent = text;
    this.#text.hidden = text === "";
    this.#error.textContent = trouble;
  }
}

/** @param {HTMLElement} tab */
function nameOf(tab) {
  return tab.id.slice("augment-builder-code-".length);
}

/**
 * A program that runs the pipeline.
 *
 * @param {object} pipeline
 */
function javascript(pipeline) {
  const module = new URL("digitlab.js", document.baseURI).href;
  return [
    `import { Digitlab } from ${JSON.stringify(module)};`,
    "",
    `const pipeline = ${JSON.stringify(pipeline, null, 2)};`,
    "",
    "const lab = await Digitlab.open();",
    "const picture = await lab.decode(file); // a File or a Blob of yours",
    'const changed = await lab.augment(picture, pipeline, { seed: "7", index: 0 });',
    "console.log(changed.record); // what was drawn for each step",
    'const png = await lab.encode(changed, { format: "png" });',
    "",
  ].join("\n");
}
