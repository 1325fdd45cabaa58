import { reasonOf } from "../lab/errors.js";
import { checkedSeed } from "../ui/checked_seed.js";
import { ChoiceField } from "../ui/choice_field.js";
import { copyLink } from "../ui/copy_link.js";
import { CountField } from "../ui/count_field.js";
import { element } from "../ui/elements.js";
import { count, counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { ProgressBar } from "../ui/progress.js";
import { save } from "../ui/save.js";
import { SeedField } from "../ui/seed_field.js";
import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { ChartGrid } from "./chart_grid.js";
import { chartsPng } from "./charts_png.js";
import { CurveChoice } from "./curve_choice.js";
import { PointPictures } from "./point_pictures.js";
import { Results } from "./results.js";
import { toCsv } from "./results_csv.js";
import { ResultsTable } from "./results_table.js";
import { fromQuery, toQuery } from "./robustness_address.js";
import { timeLeft } from "./time_left.js";

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 * @property {(picture: import("../source/types.js").SourcePicture) => Promise<void>} send to the Classify place
 */

/** @typedef {import("./types.js").Asked} Asked */
/** @typedef {import("../lab/digitlab.js").Pipeline} Pipeline */
/** @typedef {"idle" | "busy" | "done" | "cancelled" | "error"} State */

/** Where the last address is kept for the next visit. */
const LAST = "robustness";
const DEFAULT_PICTURES = 1_000;
const PRESETS = ["seed", "visible", "strong"];

/** The Robustness view: how much of each change a model takes before it misreads. */
export class RobustnessView {
  #shell;
  #root = element("robustness", HTMLElement);
  #model = element("robustness-model", HTMLSelectElement);
  #beside = element("robustness-beside", HTMLSelectElement);
  #pipeline = element("robustness-pipeline", HTMLSelectElement);
  #go = element("robustness-go", HTMLButtonElement);
  #amount = element("robustness-amount", HTMLElement);
  #trouble = element("robustness-trouble", HTMLElement);
  #troubleText = element("robustness-trouble-text", HTMLElement);
  #said = element("robustness-said", HTMLElement);
  #csv = element("robustness-csv", HTMLButtonElement);
  #png = element("robustness-png", HTMLButtonElement);
  #pictures;
  #strengthCount;
  #seed;
  #curves;
  #grid;
  #table;
  #point;
  #progress;
  /** The pipeline that came with an address, or from the Augment page. @type {Pipeline | null} */
  #own = null;
  /** @type {import("../lab/digitlab.js").Strengths[]} */
  #strengths = [];
  /** @type {Results | null} */
  #results = null;
  /** @type {AbortController | null} */
  #running = null;
  #opened = false;
  /** What trying again does. */
  #again = () => {};

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    const { lab, settings, toasts } = shell;
    const edited = () => this.#edited();
    const picturesError = element("robustness-pictures-error", HTMLElement);
    this.#pictures = new CountField(element("robustness-pictures", HTMLInputElement), picturesError, edited, signal);
    this.#strengthCount = new ChoiceField(element("robustness-strengths", HTMLElement), edited, signal);
    const seed = {
      input: element("robustness-seed", HTMLInputElement),
      dice: element("robustness-seed-dice", HTMLButtonElement),
      lock: element("robustness-seed-lock", HTMLButtonElement),
    };
    this.#seed = new SeedField(seed, { draw: () => lab.randomSeed(), edited, settings }, signal);
    this.#curves = new CurveChoice(edited, signal);
    this.#grid = new ChartGrid((curve, chosen) => this.#results && this.#point.open({ results: this.#results, curve, ...chosen }), signal);
    this.#table = new ResultsTable(settings, signal);
    const closed = (/** @type {import("./types.js").Curve} */ curve, /** @type {number} */ at, /** @type {number} */ model) =>
      this.#grid.focus(curve, at, model);
    this.#point = new PointPictures({ send: shell.send, toasts, closed }, signal);
    this.#progress = new ProgressBar(element("robustness-progress", HTMLElement), signal);
    settings.bindPanel(element("robustness-curves-panel", HTMLDetailsElement), signal);
    for (const select of [this.#model, this.#beside, this.#pipeline]) select.addEventListener("change", edited, { signal });
    /** @type {[HTMLButtonElement, () => unknown][]} */
    const buttons = [
      [this.#go, () => this.#start()],
      [element("robustness-retry", HTMLButtonElement), () => this.#again()],
      [element("robustness-link", HTMLButtonElement), () => this.#copyLink()],
      [this.#csv, () => this.#saveCsv()],
      [this.#png, () => this.#savePng()],
    ];
    for (const [button, press] of buttons) button.addEventListener("click", press, { signal });
    signal.addEventListener("abort", () => this.#running?.abort());
  }

  /**
   * Measures what an address asks for; an empty one brings back the fields of the last time.
   *
   * @param {string} query
   */
  async open(query) {
    if (!query && this.#opened) {
      if (this.#results) this.#shell.replaceAddress(toQuery(this.#results.asked));
      await this.#listModels().catch(() => {});
      return;
    }
    if (query && this.#results && query === toQuery(this.#results.asked)) return;
    const reloaded = this.#opened ? null : recallReloaded(LAST);
    this.#opened = true;
    await this.#load((query && reloaded) || query);
  }

  /** @param {string} query */
  async #load(query) {
    // Until the fields are there, trying again begins here.
    this.#again = () => void this.#load(query);
    try {
      await this.#prepare();
      const { asked, wrong } = fromQuery(query || recall(LAST) || "", this.#known);
      for (const sentence of wrong) this.#shell.toasts.show(sentence, "error");
      this.#fill(asked, query !== "");
      this.#again = () => void this.#start();
      if (query && wrong.length === 0) await this.#start();
      else if (this.#root.dataset.state === "error") this.#say("idle", "");
    } catch (error) {
      this.#fail(error);
    }
  }

  get #known() {
    return this.#strengths.map(({ name }) => name);
  }

  /** What there is to choose from. */
  async #prepare() {
    if (this.#strengths.length === 0) {
      this.#strengths = await this.#shell.lab.strengths();
      this.#curves.fill(this.#strengths);
    }
    await this.#listModels();
  }

  async #listModels() {
    const cards = await this.#shell.lab.models.list();
    const [model, beside] = [this.#model.value || "default", this.#beside.value];
    const options = () => cards.map(({ name, title }) => make("option", { value: name }, title));
    this.#model.replaceChildren(...options());
    this.#beside.replaceChildren(make("option", { value: "" }, "No other"), ...options());
    choose(this.#model, model);
    choose(this.#beside, beside);
    this.#edited();
  }

  /**
   * @param {Partial<Asked>} asked
   * @param {boolean} meant whether somebody asked for just this; otherwise what it lacks stays as usual
   */
  #fill({ models, curves, pipeline, pictures, strengths, seed }, meant) {
    choose(this.#model, models?.[0] ?? "default");
    choose(this.#beside, models?.[1] ?? "");
    if (curves) this.#curves.chosen = curves;
    else if (meant && pipeline) this.#curves.chosen = [];
    this.#own = pipeline && typeof pipeline !== "string" ? pipeline : (ofAugment() ?? null);
    const own = /** @type {HTMLOptionElement} */ (this.#pipeline.querySelector("[value=own]"));
    own.disabled = this.#own === null;
    this.#pipeline.value = typeof pipeline === "string" && PRESETS.includes(pipeline) ? pipeline : pipeline ? "own" : "";
    this.#pictures.text = String(pictures ?? DEFAULT_PICTURES);
    this.#strengthCount.text = String(strengths ?? 10);
    this.#seed.text = seed ?? "0";
    this.#edited();
  }

  /** What the fields ask for, or null while something is wrong with them, which is said beside it. */
  get #asked() {
    const pictures = this.#pictures.value;
    const seed = checkedSeed(this.#seed);
    if (pictures === null || seed === null) return null;
    const { value } = this.#pipeline;
    /** @type {Pipeline | null} */
    const pipeline = value === "own" ? this.#own : value || null;
    const models = [...new Set([this.#model.value, this.#beside.value].filter(Boolean))];
    return { models, curves: this.#curves.chosen, pipeline, pictures, strengths: Number(this.#strengthCount.text), seed };
  }

  #edited() {
    const asked = this.#asked;
    if (!asked) return void (this.#amount.textContent = "");
    const curves = asked.curves.length + (asked.pipeline === null ? 0 : 1);
    const answers = (curves * asked.strengths + 1) * asked.models.length * asked.pictures;
    this.#amount.textContent = curves === 0 ? "Choose at least one transform, or a pipeline." : `${counted(curves, "curve")}, up to ${count(answers)} pictures to read.`;
    this.#go.disabled = curves === 0;
  }

  async #start() {
    this.#running?.abort();
    const asked = this.#asked;
    if (!asked || (asked.curves.length === 0 && asked.pipeline === null)) return;
    const running = (this.#running = new AbortController());
    const results = (this.#results = new Results(asked, this.#strengths));
    this.#keep(toQuery(asked));
    this.#say("busy", "");
    this.#grid.begin(results);
    this.#table.show(results);
    this.#progress.start("Loading the models and the test pictures …", () => this.#cancel());
    const left = timeLeft();
    const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) => {
      if (running.signal.aborted) return;
      const loading = progress.unit === "bytes";
      this.#progress.update(progress, loading ? "Loading the models and the test pictures" : `${left(progress)}Read`);
    };
    const { curves: transforms, pipeline, ...rest } = asked;
    const options = { ...rest, transforms, ...(pipeline === null ? {} : { pipeline }) };
    const began = performance.now();
    try {
      for await (const point of this.#shell.lab.robustness({ ...options, signal: running.signal, onProgress })) {
        results.add(point);
        this.#grid.show(results, point.curve);
        this.#table.show(results);
        this.#root.dataset.points = String(Number(this.#root.dataset.points) + 1);
        this.#csv.disabled = this.#png.disabled = false;
      }
      const seconds = (performance.now() - began) / 1_000;
      const { plain } = results;
      const of = plain ? `${count(plain.pictures)} test pictures, in ${seconds.toFixed(1)} s.` : "";
      this.#say("done", `Measured on ${of} Choose a point to see the pictures behind it.`);
      this.#shell.status.say(`Measured ${counted(results.curves.length, "curve")} on ${of}`);
    } catch (error) {
      if (!running.signal.aborted) this.#fail(error);
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.#progress.stop(this.#go);
      }
    }
  }

  #cancel() {
    this.#running?.abort();
    const points = Number(this.#root.dataset.points);
    const kept = points > 0 ? "What was measured stays." : "Nothing was measured yet.";
    this.#say("cancelled", `Cancelled. ${kept}`);
    this.#shell.status.say(`Cancelled. ${kept}`);
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#troubleText.textContent = reasonOf(error);
    this.#say("error", "");
  }

  /**
   * @param {State} state
   * @param {string} text
   */
  #say(state, text) {
    this.#root.dataset.state = state;
    this.#said.textContent = text;
    this.#trouble.hidden = state !== "error";
    if (state !== "busy") return;
    this.#root.dataset.points = "0";
    this.#csv.disabled = this.#png.disabled = true;
  }

  /** @param {string} extension */
  #fileName(extension) {
    const { models, seed } = /** @type {Results} */ (this.#results).asked;
    const names = models.map((model) => model.replace(/[^\p{L}\p{N}_-]+/gu, "-")).join("-");
    return `digitlab-robustness-${names.slice(0, 60)}-seed${seed}.${extension}`;
  }

  #saveCsv() {
    if (this.#results) save(new Blob([toCsv(this.#results)], { type: "text/csv" }), this.#fileName("csv"));
  }

  async #savePng() {
    const results = this.#results;
    if (!results) return;
    const { models, seed } = results.asked;
    const pictures = count(results.plain?.pictures ?? 0);
    const lead = `${models.join(" (solid, circles), ")}${models.length > 1 ? " (dashed, squares)" : ""}; ${pictures} test pictures, seed ${seed}; bands: 95 % intervals`;
    try {
      const options = { title: "Right answers, in percent", lead, columns: this.#grid.columns, page: document.body };
      save(await chartsPng(this.#grid.drawings, options), this.#fileName("png"));
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  async #copyLink() {
    const asked = this.#results?.asked ?? this.#asked;
    if (asked) await copyLink("robustness", toQuery(asked), "It measures the same again.", this.#shell.toasts);
  }

  /** @param {string} query */
  #keep(query) {
    this.#shell.replaceAddress(query);
    remember(LAST, query);
    rememberInTab(LAST, query);
  }
}

/**
 * A name that is not in the list is taken up, so that it is refused by name.
 *
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(make("option", { value }, value));
  select.value = value;
}

/** The pipeline that the Augment page had last. */
function ofAugment() {
  try {
    const pipeline = JSON.parse(new URLSearchParams(recall("augment") ?? "").get("pipeline") ?? "null");
    return /** @type {Pipeline | null} */ (pipeline && typeof pipeline === "object" ? pipeline : null);
  } catch {
    return null;
  }
}
