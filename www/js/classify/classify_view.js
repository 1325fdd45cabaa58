import { DigitlabError, reasonOf } from "../lab/errors.js";
import { PictureSource } from "../source/picture_source.js";
import { ChoiceField } from "../ui/choice_field.js";
import { copyLink } from "../ui/copy_link.js";
import { element } from "../ui/elements.js";
import { KeptAddress } from "../ui/kept_address.js";
import { Newest } from "../ui/newest.js";
import { recall, recallReloaded, remember, rememberInTab } from "../ui/settings.js";
import { AnswerCard } from "./answer_card.js";
import { ask } from "./asking.js";
import { fromQuery, toQuery } from "./classify_address.js";
import { DigitBoxes } from "./digit_boxes.js";
import { ModelChoice } from "./model_choice.js";
import { ModelLoader } from "./model_loader.js";
import { Pad } from "./pad.js";
import { PadTools } from "./pad_tools.js";
import { PictureStage } from "./picture_stage.js";
import { RecordKeeper } from "./record_keeper.js";
import { SeenCard } from "./seen_card.js";
import { TeachPanel } from "./teach_panel.js";

/** The stages are made when nothing has moved for so long. */
const STAGES_DELAY = 250;
/** Where the last address is kept for the next visit. */
const LAST = "classify";

/**
 * @typedef {object} Shell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/status.js").Status} status
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {(query: string) => void} replaceAddress
 * @property {(picture: SourcePicture) => Promise<void>} send to the Augment place
 */

/** @typedef {import("../source/types.js").SourcePicture} SourcePicture */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Input} Input */
/** @typedef {import("./types.js").Mode} Mode */

/** The Classify view: from a drawing or a picture to what the model reads in it. */
export class ClassifyView {
  #shell;
  #parts = element("classify-parts", HTMLElement);
  #newest = new Newest();
  #pad;
  #tools;
  #source;
  #stage = new PictureStage();
  #padBoxes;
  #pictureBoxes;
  #answerCard;
  #seen;
  #loader;
  #models;
  #records;
  #teach;
  #input;
  #mode;
  /** @type {SourcePicture | null} */
  #picture = null;
  /** @type {Answer | null} */
  #answer = null;
  /** Grows whenever what runs would answer something that nobody asks any more. */
  #turn = 0;
  #address;
  #opened = false;
  #stagesTimer = 0;

  /**
   * @param {Shell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    this.#shell = shell;
    this.#address = new KeptAddress(() => this.#keep(), signal);
    const { lab, settings, status, toasts } = shell;
    const choose = (/** @type {number} */ at) => this.#answerCard.choose(at);
    this.#padBoxes = new DigitBoxes(element("classify-pad-boxes", HTMLElement), choose, signal);
    this.#pictureBoxes = new DigitBoxes(element("classify-picture-boxes", HTMLElement), choose, signal);
    this.#pad = new Pad({ status, changed: () => this.#drawn() }, signal);
    this.#tools = new PadTools({ pad: this.#pad, lab, settings, toasts, send: shell.send }, signal);
    this.#answerCard = new AnswerCard({ status, chosen: (at) => this.#look(at) }, signal);
    this.#seen = new SeenCard({ lab, settings, toasts, opened: () => this.#stagesSoon(0) }, signal);
    const heir = element("classify-answer", HTMLElement);
    this.#loader = new ModelLoader({ lab, status, ready: () => this.#ask(), heir }, signal);
    this.#models = new ModelChoice({ lab, chosen: (name) => this.#chooseModel(name) }, signal);
    this.#records = new RecordKeeper({ lab, toasts }, signal);
    const teaching = { model: () => this.#models.name, use: (/** @type {string} */ name) => this.#useModel(name) };
    this.#teach = new TeachPanel({ lab, settings, status, toasts, ...teaching }, signal);
    this.#input = new ChoiceField(element("classify-input", HTMLElement), () => this.#again(), signal);
    this.#mode = new ChoiceField(element("classify-mode", HTMLElement), () => this.#again(), signal);
    const picked = (/** @type {SourcePicture[]} */ [picture]) => this.#picked(picture);
    const source = { id: "classify-source", place: "classify", lab, settings, toasts, status };
    this.#source = new PictureSource({ ...source, picked, loading: () => this.#awaitPicture() }, signal);
    element("classify-link", HTMLButtonElement).addEventListener("click", () => this.#copyLink(), { signal });
    element("classify-picture-augment", HTMLButtonElement).addEventListener("click", () => this.#sendPicture(), { signal });
    this.#show();
  }

  /**
   * Shows what an address asks for; an empty one brings back the last one, or the pad.
   *
   * @param {string} query
   */
  async open(query) {
    void this.#models.show();
    void this.#teach.open();
    if (!query && this.#opened) return this.#address.now();
    const last = recall(LAST);
    const reloaded = this.#opened ? null : recallReloaded(LAST);
    const { state, wrong } = fromQuery((query && reloaded) || query || last || "");
    this.#opened = true;
    for (const sentence of wrong) this.#shell.toasts.show(sentence, "error");
    this.#mode.text = state.mode;
    this.#models.name = state.model;
    this.#input.text = state.origin ? "picture" : "draw";
    this.#show();
    void this.#loader.open(state.model);
    if (state.origin) await this.#source.open(state.origin);
    this.#address.soon();
  }

  /**
   * A picture from another place of the page.
   *
   * @param {SourcePicture} picture
   */
  take(picture) {
    if (!this.#opened) void this.#loader.open(this.#models.name);
    this.#opened = true;
    this.#source.take(picture);
  }

  get #draws() {
    return this.#input.text !== "picture";
  }

  /** @param {SourcePicture | undefined} picture */
  #picked(picture) {
    if (!picture) return;
    this.#picture = picture;
    this.#stage.show(picture);
    this.#input.text = "picture";
    this.#again();
  }

  /** What was dropped on the pad is shown where pictures are, and what is wrong with it too. */
  #awaitPicture() {
    if (!this.#draws) return;
    this.#input.text = "picture";
    this.#again();
  }

  /** @param {string} name */
  #chooseModel(name) {
    void this.#loader.open(name);
    this.#again();
    this.#teach.chosen();
  }

  /** @param {string} name */
  #useModel(name) {
    this.#models.name = name;
    this.#chooseModel(name);
  }

  /** The pad has other ink. */
  #drawn() {
    this.#tools?.update();
    if (this.#pad.isEmpty) this.#records.forget();
    this.#records.drawing();
    this.#ask();
  }

  /** Something else is asked than before: what runs is not the answer to it. */
  #again() {
    this.#turn++;
    this.#records.drawing();
    this.#show();
    this.#ask();
    this.#address.soon();
  }

  #show() {
    this.#parts.dataset.input = this.#draws ? "draw" : "picture";
    element("classify-source", HTMLElement).hidden = this.#draws;
    element("classify-drawing", HTMLElement).hidden = !this.#draws;
    element("classify-picture", HTMLElement).hidden = this.#draws || !this.#picture;
    element("classify-look", HTMLElement).hidden = !this.#draws && !this.#picture;
    element("classify-picture-augment", HTMLButtonElement).disabled = !this.#picture;
  }

  /** Asks for an answer to what is there now; while one is under way only the newest is asked after it. */
  #ask() {
    clearTimeout(this.#stagesTimer);
    const nothing = this.#draws ? this.#pad.isEmpty : !this.#picture;
    if (nothing || !this.#loader.isReady) {
      this.#turn++;
      this.#newest.drop();
      this.#none(!nothing ? "waiting" : this.#draws ? "empty" : "no_picture");
      return;
    }
    this.#answerCard.behind = true;
    this.#newest.run(() => this.#answerNow());
  }

  async #answerNow() {
    const turn = this.#turn;
    const source = this.#draws ? null : this.#picture;
    /** @type {Input} */
    const picture = source ? source.picture : this.#pad.picture;
    try {
      const answer = await ask(this.#shell.lab, picture, { ...this.#asked, several: this.#answer?.kind === "number" });
      if (turn !== this.#turn) return;
      this.#answered(answer, picture, source);
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
    } finally {
      this.#answerCard.behind = this.#newest.waits;
    }
  }

  get #asked() {
    return { mode: /** @type {Mode} */ (this.#mode.text), model: this.#models.name };
  }

  /**
   * @param {Answer} answer
   * @param {Input} picture
   * @param {SourcePicture | null} source null: it was drawn
   */
  #answered(answer, picture, source) {
    this.#answer = answer;
    this.#loader.fail(null);
    this.#answerCard.show(answer);
    const { at } = this.#answerCard;
    this.#seen.show(answer, at);
    this.#teach.show(answer, at);
    // Over a single digit on the pad a box would only be in the way.
    if (source) this.#pictureBoxes.show(answer.digits, picture, at);
    else this.#padBoxes.show(answer.kind === "number" ? answer.digits : [], picture, at);
    if (source) this.#records.shown(answer, source);
    else if (!this.#pad.isBusy) this.#records.drawn(answer, picture);
    this.#stagesSoon(STAGES_DELAY);
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof DigitlabError && error.code === "no_ink") return this.#none("no_ink");
    this.#none("waiting");
    this.#loader.fail(error);
  }

  /** @param {"empty" | "no_picture" | "waiting" | "no_ink"} state */
  #none(state) {
    this.#answer = null;
    this.#answerCard.state = state;
    this.#seen.show(null, 0);
    this.#teach.show(null, 0);
    this.#padBoxes.clear();
    this.#pictureBoxes.clear();
  }

  /** @param {number} at which digit of the number is looked at */
  #look(at) {
    this.#seen.show(this.#answer, at);
    this.#teach.show(this.#answer, at);
    this.#padBoxes.choose(at);
    this.#pictureBoxes.choose(at);
  }

  /** @param {number} delay */
  #stagesSoon(delay) {
    clearTimeout(this.#stagesTimer);
    if (!this.#answer || !this.#seen.wantsStages) return;
    this.#stagesTimer = setTimeout(() => this.#newest.run(() => this.#showStages()), delay);
  }

  async #showStages() {
    const answer = this.#answer;
    if (!answer) return;
    const picture = this.#draws ? this.#pad.picture : /** @type {SourcePicture} */ (this.#picture).picture;
    try {
      const { stages } = await ask(this.#shell.lab, picture, { mode: answer.kind, model: answer.model, stages: true });
      if (this.#answer === answer) this.#seen.stages(stages);
    } catch {
      // The answer itself is there; should the worker be gone, the next one says so.
    }
  }

  async #sendPicture() {
    try {
      if (this.#picture) await this.#shell.send(this.#picture);
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  /** The query of what is on the page now. */
  get #query() {
    return toQuery({ ...this.#asked, origin: this.#draws ? null : this.#source.origin });
  }

  async #copyLink() {
    this.#address.now();
    const whole = !this.#draws && this.#source.origin;
    const note = whole ? "It restores picture, model and mode." : `It restores model and mode; the ${this.#draws ? "drawing" : "picture"} stays with you.`;
    await copyLink("classify", this.#query, note, this.#shell.toasts);
  }

  /** Writes the state into the address and keeps it for the next visit. */
  #keep() {
    if (!this.#opened) return;
    this.#shell.replaceAddress(this.#query);
    remember(LAST, this.#query);
    rememberInTab(LAST, this.#query);
  }
}
