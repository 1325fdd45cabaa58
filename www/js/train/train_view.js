import { reasonOf } from "../lab/errors.js";
import { busy } from "../offline/busy.js";
import { askToPersist } from "../storage/ask_to_persist.js";
import { element, hideFrom } from "../ui/elements.js";
import { ChoiceField } from "../ui/choice_field.js";
import { count, counted } from "../ui/format.js";
import { make } from "../ui/make.js";
import { NumberField } from "../ui/number_field.js";
import { ProgressBar } from "../ui/progress.js";
import { paintPicture } from "../ui/small_picture.js";
import { TextField } from "../ui/text_field.js";
import { ConfusionTable } from "./confusion_table.js";
import { LineChart } from "./line_chart.js";
import { PipelineText } from "./pipeline_text.js";

/** @typedef {import("../lab/digitlab.js").TrainingState} TrainingState */

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Pictures that are still wrong, of which so many are shown. */
const MOST_WRONG = 24;
/** The curves are drawn anew at most this often, in milliseconds. */
const REDRAW = 200;

/** The Train page: a network is trained from the beginning, and becomes a model like any other. */
export class TrainView {
  #lab;
  #status;
  #toasts;
  #root = element("train-parts", HTMLElement);
  #form = element("train-form", HTMLFormElement);
  #go = element("train-go", HTMLButtonElement);
  #fields = element("train-fields", HTMLFieldSetElement);
  #paused = element("train-paused", HTMLElement);
  #pausedText = element("train-paused-text", HTMLElement);
  #error = element("train-error", HTMLElement);
  #facts = element("train-facts", HTMLElement);
  #wrong = element("train-wrong", HTMLElement);
  #wrongText = element("train-wrong-text", HTMLElement);
  #epochRows = /** @type {HTMLTableSectionElement} */ (element("train-epoch-table", HTMLTableElement).tBodies[0]);
  #done = element("train-done", HTMLElement);
  #doneText = element("train-done-text", HTMLElement);
  #classify = element("train-classify", HTMLAnchorElement);
  #confusion = new ConfusionTable(element("train-confusion", HTMLTableElement));
  #loss = new LineChart(element("train-loss", SVGSVGElement), { format: (value) => value.toFixed(2), empty: "The loss of each step appears here." });
  #right = new LineChart(element("train-right", SVGSVGElement), { format: (value) => `${value.toFixed(1)} %`, empty: "The right answers after each epoch appear here." });
  #progress;
  #size;
  #data;
  #changes;
  #pictures;
  #epochs;
  #title;
  #samples = element("train-samples", HTMLInputElement);
  #pipeline;
  /** @type {AbortController | null} */
  #running = null;
  #drawn = 0;
  /** @type {import("../lab/training.js").Digits | null} */
  #test = null;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor({ lab, status, toasts }, signal) {
    this.#lab = lab;
    this.#status = status;
    this.#toasts = toasts;
    const edited = () => this.#edited();
    this.#size = new ChoiceField(element("train-size", HTMLElement), edited, signal);
    this.#data = new ChoiceField(element("train-data", HTMLElement), edited, signal);
    this.#changes = new ChoiceField(element("train-changes", HTMLElement), edited, signal);
    this.#pictures = new NumberField(element("train-pictures", HTMLInputElement), edited, signal);
    this.#epochs = new NumberField(element("train-epochs", HTMLInputElement), edited, signal);
    this.#title = new TextField(element("train-title-field", HTMLInputElement), edited, signal);
    this.#pipeline = new PipelineText(element("train-pipeline", HTMLTextAreaElement), edited, signal);
    this.#progress = new ProgressBar(element("train-progress", HTMLElement), signal);
    this.#form.addEventListener("submit", (event) => (event.preventDefault(), void this.#begin()), { signal });
    /** @type {[string, () => unknown][]} */
    const buttons = [
      ["train-resume", () => this.#work((options) => lab.trainings.resume(options))],
      ["train-keep", () => this.#keep()],
      ["train-discard", () => this.#discard()],
    ];
    for (const [id, press] of buttons) element(id, HTMLButtonElement).addEventListener("click", () => void press(), { signal });
    signal.addEventListener("abort", () => this.#running?.abort());
  }

  /** Shows a training that was begun before. */
  async open() {
    if (this.#running) return;
    try {
      const [kept, samples] = await Promise.all([this.#lab.trainings.kept(), this.#lab.samples.list()]);
      element("train-samples-count", HTMLElement).textContent = counted(samples.length, "sample");
      await this.#showKept(kept);
    } catch (error) {
      this.#fail(error);
    }
  }

  #edited() {
    for (const field of [this.#pictures, this.#epochs, this.#title, this.#pipeline]) field.error = "";
    element("train-pipeline-place", HTMLElement).hidden = this.#changes.text !== "own";
  }

  async #begin() {
    this.#edited();
    for (const [field, name] of /** @type {const} */ ([[this.#pictures, "Pictures"], [this.#epochs, "Epochs"]])) {
      if (field.value !== null) continue;
      field.error = `${name} is ${field.text.trim() || "empty"}; allowed: whole numbers from ${count(field.min)} to ${count(field.max)}.`;
      field.select();
      return;
    }
    const changes = this.#changes.text;
    const own = changes === "own" ? this.#pipeline.json : undefined;
    if (own === null || (await this.#hasOther())) return;
    await this.#work((options) =>
      this.#lab.train({
        ...options,
        size: this.#size.text,
        data: this.#data.text === "current" ? "current" : "mnist",
        pictures: this.#pictures.value ?? undefined,
        epochs: this.#epochs.value ?? undefined,
        ...(changes === "pens" ? {} : { pipeline: changes === "none" ? null : (own ?? changes) }),
        samples: this.#samples.checked,
        title: this.#title.text,
      }),
    );
  }

  /** Whether another tab has begun a training that would be lost, which is shown then. */
  async #hasOther() {
    // Storage that fails is told of by what needs it.
    const kept = await this.#lab.trainings.kept().catch(() => null);
    if (!kept || this.#running) return kept !== null;
    await this.#showKept(kept);
    this.#error.textContent = "Another tab has begun this training meanwhile. Go on with it, keep it as it is, or discard it; then begin another one.";
    return true;
  }

  /**
   * @param {(options: { signal: AbortSignal, onState: (state: TrainingState) => void, onProgress: (progress: import("../lab/digitlab.js").Progress) => void }) =>
   *   Promise<{ card: import("../lab/digitlab.js").ModelCard, state: TrainingState }>} job
   */
  async #work(job) {
    if (this.#running) return;
    const controller = (this.#running = new AbortController());
    const { signal } = controller;
    this.#error.textContent = "";
    this.#done.hidden = true;
    this.#test = null;
    this.#mode = "running";
    this.#progress.start("Getting ready …", () => this.#pause());
    const over = busy("a training");
    const onProgress = (/** @type {import("../lab/digitlab.js").Progress} */ progress) =>
      this.#progress.update(progress, progress.unit === "bytes" ? "Loading pictures" : "Pictures seen");
    try {
      const { card, state } = await job({ signal, onState: (state) => this.#follow(state), onProgress });
      this.#running = null;
      this.#show(state);
      await this.#finished(card);
      void askToPersist();
    } catch (error) {
      this.#running = null;
      if (!signal.aborted) this.#fail(error);
    } finally {
      over();
    }
    await this.#lab.trainings.kept().then((kept) => this.#showKept(kept), (error) => this.#fail(error));
    const next = [this.#classify, element("train-resume", HTMLButtonElement), this.#go];
    this.#progress.stop(next.find((part) => part.checkVisibility() && !part.matches(":disabled")) ?? this.#root);
  }

  #pause() {
    this.#running?.abort();
    this.#status.say("Paused.");
  }

  /** @param {import("../lab/digitlab.js").ModelCard} card */
  async #finished(card) {
    const { right = 0, pictures = 0 } = card.tried ?? {};
    const said = pictures > 0 ? `: ${count(right)} of ${count(pictures)} test pictures right` : "";
    this.#doneText.textContent = `“${card.title}” is trained${said}. It is kept with your models in this browser.`;
    this.#classify.href = `#/classify?${new URLSearchParams({ model: card.name })}`;
    this.#done.hidden = false;
    this.#status.say(this.#doneText.textContent);
  }

  /** @param {TrainingState | null} kept */
  async #showKept(kept) {
    this.#mode = kept ? "paused" : "idle";
    if (!kept) return hideFrom(this.#paused, this.#root);
    const { epoch, epochs, settings, steps, step } = kept;
    const where = epoch > settings.epochs ? "at its end" : `in epoch ${epoch} of ${settings.epochs}, after ${step} of ${steps} steps`;
    this.#pausedText.textContent = `“${kept.title}” (${settings.architecture}) is paused ${where}. It goes on where it was, also after a reload.`;
    element("train-keep", HTMLButtonElement).disabled = epochs.length === 0;
    this.#paused.hidden = false;
    this.#show(kept);
  }

  /** @param {"idle" | "paused" | "running"} mode */
  set #mode(mode) {
    this.#root.dataset.state = mode;
    this.#fields.disabled = mode !== "idle";
    this.#go.disabled = mode !== "idle";
    if (mode === "running") hideFrom(this.#paused, this.#root);
  }

  /** @param {TrainingState} state */
  #follow(state) {
    const now = performance.now();
    if (now - this.#drawn < REDRAW && state.step > 0) return;
    this.#drawn = now;
    this.#show(state);
  }

  /** @param {TrainingState} state */
  #show(state) {
    const { settings, losses, epochs, steps, elapsed, workers, source } = state;
    this.#root.dataset.steps = String(losses.length);
    this.#root.dataset.epochs = String(epochs.length);
    const all = settings.epochs * steps;
    const now = losses.slice(-20).reduce((sum, loss) => sum + loss, 0) / Math.max(1, Math.min(20, losses.length));
    this.#loss.show(
      losses.map((loss, at) => [at + 1, loss]),
      {
        from: 1,
        to: Math.max(2, all),
        low: 0,
        said: losses.length > 0 ? `Loss after ${count(losses.length)} of ${count(all)} steps: ${now.toFixed(2)}; it began at ${losses[0]?.toFixed(2)}.` : "No step has been taken yet.",
        ends: ["Step 1", `Step ${count(all)}`],
      },
    );
    const shares = epochs.map(({ epoch, right, count }) => /** @type {[number, number]} */ ([epoch, (100 * right) / count]));
    const last = epochs.at(-1);
    this.#right.show(shares, {
      from: 1,
      to: Math.max(2, settings.epochs),
      said: last ? `Right answers after epoch ${last.epoch}: ${((100 * last.right) / last.count).toFixed(1)} % of ${count(last.count)} test pictures.` : "No epoch is over yet.",
      ends: ["Epoch 1", `Epoch ${count(settings.epochs)}`],
      dots: true,
    });
    const rate = elapsed > 0 ? (losses.length * settings.batch) / (elapsed / 1000) : 0;
    this.#facts.textContent = `${settings.architecture}; ${source}. ${count(Math.round(rate))} pictures a second by ${counted(workers, "worker")}.`;
    if (this.#epochRows.children.length === epochs.length) return;
    this.#epochRows.replaceChildren(
      ...epochs.map(({ epoch, loss, testLoss, right, count: all }) => {
        const cells = [loss.toFixed(3), testLoss.toFixed(3), `${count(right)} of ${count(all)}`, `${((100 * right) / all).toFixed(2)} %`];
        return make("tr", {}, make("th", { scope: "row" }, String(epoch)), ...cells.map((cell) => make("td", {}, cell)));
      }),
    );
    if (!last) return;
    this.#confusion.show(last.confusion);
    void this.#showWrong(last.wrong);
  }

  /** @param {[number, number][]} wrong */
  async #showWrong(wrong) {
    try {
      const test = (this.#test ??= await this.#lab.trainings.testPictures());
      if (!test) return;
      this.#wrongText.textContent = wrong.length === 0 ? "None of the test pictures." : `${count(wrong.length)} of ${count(test.labels.length)} test pictures${wrong.length > MOST_WRONG ? `, of which ${MOST_WRONG} are shown` : ""}.`;
      this.#wrong.replaceChildren(
        ...wrong.slice(0, MOST_WRONG).map(([at, answer]) => {
          const canvas = make("canvas", { class: "wrong__picture pixels", "aria-hidden": "true" });
          paintPicture(canvas, { width: SIDE, height: SIDE, channels: 1, data: test.levels.slice(at * PIXELS, (at + 1) * PIXELS) });
          const label = test.labels[at] ?? 0;
          const told = make("span", { class: "wrong__text" }, make("span", { class: "visually-hidden" }, `A ${label}, read as ${answer}.`), make("span", { "aria-hidden": "true" }, `${label} → ${answer}`));
          return make("li", { class: "wrong__item" }, canvas, told);
        }),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  async #keep() {
    this.#error.textContent = "";
    try {
      await this.#finished(await this.#lab.trainings.finish());
      await this.#showKept(null);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #discard() {
    try {
      await this.#lab.trainings.discard();
      await this.#showKept(null);
      this.#toasts.show("The training is forgotten.");
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const message = reasonOf(error);
    const { field } = /** @type {{ detail?: { field?: string } }} */ (error).detail ?? {};
    const place = { pictures: this.#pictures, epochs: this.#epochs, title: this.#title }[String(field)];
    if (place) place.error = message;
    else this.#error.textContent = message;
  }
}
