import { counted } from "../ui/format.js";
import { icon, iconButton, make } from "../ui/make.js";
import { GROUPS, groupOf } from "./groups.js";
import { ParameterForm } from "./parameter_form.js";
import { percent, summaryOf } from "./step_words.js";

/** @typedef {import("./pipeline_tree.js").PipelineNode} PipelineNode */
/** @typedef {import("./parameter_form.js").FullStep} FullStep */
/** @typedef {"up" | "down" | "out" | "duplicate" | "remove" | "unwrap" | "wrap" | "kind" | "switch" | "into"} StepAction */

/**
 * @typedef {object} StepHost What a card needs of the builder.
 * @property {(name: unknown) => import("../lab/digitlab.js").TransformInfo | undefined} info
 * @property {(action: StepAction, id: number, detail?: string) => void} act
 * @property {(id: number, step: FullStep, field: string) => void} edit
 * @property {(step: Record<string, unknown>) => string} note Why it may break a digit's label.
 * @property {(slot: HTMLElement, name: string, signal: AbortSignal) => void} example Shows what the transform does.
 * @property {(grip: HTMLElement, event: PointerEvent) => void} grab
 */

/** A step or a group of the pipeline, as a card: its line, and when it is opened its parameters. */
export class StepCard {
  root;
  /** The list of a group's members. @type {HTMLOListElement | null} */
  members = null;
  /** @type {PipelineNode} */
  #node;
  #host;
  #signal;
  #toggle;
  #summary = make("span", { class: "step__summary" });
  #name = make("span", { class: "step__name" });
  #chance = make("span", { class: "step__chance" });
  #switch;
  #grip;
  #note = make("p", { class: "step__note", hidden: true });
  #failed = make("p", { class: "error-text step__error" });
  #body = make("div", { class: "step__body", hidden: true });
  /** @type {ParameterForm | null} */
  #form = null;
  /** @type {AbortController | null} */
  #open = null;
  /** @type {{ field: string, message: string } | null} */
  #failure = null;
  #inGroup = false;
  #noted = "";

  /**
   * @param {PipelineNode} node
   * @param {StepHost} host
   * @param {AbortSignal} signal
   */
  constructor(node, host, signal) {
    this.#node = node;
    this.#host = host;
    this.#signal = signal;
    const { id } = node;
    this.#grip = make("button", { class: "step__grip", type: "button", "aria-describedby": "augment-builder-keys" }, icon("grip"));
    this.#grip.addEventListener("pointerdown", (event) => host.grab(this.#grip, event), { signal });
    this.#toggle = make("button", { class: "step__toggle", type: "button", "aria-expanded": "false" }, make("span", { class: "step__words" }, this.#name, this.#summary), icon("chevron", "icon icon--turn"));
    this.#toggle.addEventListener("click", () => (this.opened = !this.opened), { signal });
    this.#switch = make("input", { class: "switch__input", type: "checkbox", role: "switch" });
    this.#switch.addEventListener("change", () => host.act("switch", id), { signal });
    const head = make("div", { class: "step__head" }, this.#grip, this.#toggle, this.#chance, make("label", { class: "switch step__switch" }, this.#switch));
    this.root = make("li", { class: "step", "data-id": id }, head, this.#note, this.#failed, this.#body);
    if (node.members) {
      this.members = make("ol", { class: "steps" });
      const into = make("button", { class: "button button--small step__into", type: "button" }, icon("plus"), "Add into this group");
      into.addEventListener("click", () => host.act("into", id), { signal });
      this.root.classList.add("step--group");
      this.root.append(this.members, into);
    }
  }

  get node() {
    return this.#node;
  }

  get title() {
    const { transform } = this.#node.options;
    return groupOf(transform)?.title ?? (typeof transform === "string" ? transform : "No transform");
  }

  get opened() {
    return this.#open !== null;
  }

  set opened(opened) {
    if (opened === this.opened) return;
    this.#toggle.setAttribute("aria-expanded", String(opened));
    this.#body.hidden = !opened;
    if (opened) this.#fill();
    else this.#empty();
  }

  /**
   * @param {PipelineNode} node
   * @param {{ at: number, parent: PipelineNode, depth: number }} place
   */
  update(node, { at, parent, depth }) {
    const kindChanged = node.options.transform !== this.#node.options.transform;
    const inGroup = depth > 0;
    const refill = this.opened && (kindChanged || inGroup !== this.#inGroup);
    this.#node = node;
    this.#inGroup = inGroup;
    const { title } = this;
    const info = this.#host.info(node.options.transform);
    const raw = "raw" in node;
    if (this.#name.textContent !== title) this.#name.replaceChildren(...breakable(title));
    this.#summary.textContent = raw ? "This is no step." : node.members ? groupWords(node) : info ? summaryOf(node.options, info) : "This transform is not known.";
    this.#chance.textContent = chanceOf(node, parent, info?.p);
    this.#chance.title = parent.options.transform === "OneOf" ? "How likely it is the chosen one" : "How likely it is to run";
    this.#switch.checked = !node.off;
    this.#switch.setAttribute("aria-label", `${title} is on`);
    this.#grip.setAttribute("aria-label", `Move ${title}, ${at + 1} of ${parent.members?.length ?? 1}`);
    this.root.toggleAttribute("data-off", node.off);
    this.root.dataset.transform = title;
    this.#remark();
    if (refill) {
      this.#open?.abort();
      this.#fill();
    } else if (this.#form) {
      this.#form.step = /** @type {FullStep} */ (node.options);
    }
  }

  /** Judges again whether it may break a digit's label. */
  #remark() {
    const note = this.#node.members ? "" : this.#host.note(this.#node.options);
    if (note === this.#noted) return;
    this.#noted = note;
    this.#note.hidden = note === "";
    this.#note.replaceChildren(...(note ? [icon("info"), make("span", {}, note)] : []));
  }

  /** Says again what depends on the picture. */
  refresh() {
    this.#remark();
    if (this.#open) this.#showExample(this.#open.signal);
  }

  /**
   * What the engine says is wrong with it; null when nothing is.
   *
   * @param {{ field: string, message: string } | null} failure
   */
  set failure(failure) {
    this.#failure = failure;
    this.root.toggleAttribute("data-invalid", failure !== null);
    this.#showFailure();
  }

  focus() {
    this.#toggle.focus({ preventScroll: true });
    this.root.scrollIntoView({ block: "nearest" });
  }

  #showFailure() {
    this.#form?.clear();
    const failure = this.#failure;
    const beside = failure !== null && this.#form !== null && this.#form.fail(failure.field, failure.message);
    this.#failed.textContent = failure && !beside ? failure.message : "";
  }

  #empty() {
    this.#open?.abort();
    this.#open = null;
    this.#form = null;
    this.#body.replaceChildren();
    this.#showFailure();
  }

  #fill() {
    const controller = (this.#open = new AbortController());
    const signal = AbortSignal.any([controller.signal, this.#signal]);
    const { id, options, members } = this.#node;
    const info = this.#host.info(options.transform);
    this.#form = null;
    this.#body.replaceChildren(this.#toolbar(signal));
    if (members) this.#body.append(this.#kind(signal));
    if (info) {
      this.#body.append(make("p", { class: "step__help" }, info.help));
      if (!members) {
        this.#body.append(make("div", { class: "step__example" }));
        this.#showExample(signal);
      }
      const slot = make("div", {});
      this.#body.append(slot);
      this.#form = new ParameterForm(slot, { info, probability: true, changed: (step, field) => this.#host.edit(id, step, field) }, signal);
      this.#form.step = /** @type {FullStep} */ (options);
    }
    this.#showFailure();
  }

  /** @param {AbortSignal} signal */
  #showExample(signal) {
    const slot = this.#body.querySelector(".step__example");
    if (slot instanceof HTMLElement) this.#host.example(slot, String(this.#node.options.transform), signal);
  }

  /** @param {AbortSignal} signal */
  #toolbar(signal) {
    const { id, members } = this.#node;
    const { title } = this;
    /**
     * @param {string} picture
     * @param {string} label
     * @param {StepAction} action
     */
    const button = (picture, label, action) => {
      const made = iconButton(picture, label, () => this.#host.act(action, id), signal);
      made.dataset.action = action;
      return made;
    };
    const wrap = make("select", { class: "input select step__wrap", "aria-label": `Put ${title} into a group` }, make("option", { value: "" }, "Group …"));
    for (const group of GROUPS) wrap.append(make("option", { value: group.name }, group.title));
    wrap.addEventListener("change", () => this.#host.act("wrap", id, wrap.value), { signal });
    return make(
      "div",
      { class: "step__toolbar", role: "group", "aria-label": title },
      button("up", `Move ${title} up`, "up"),
      button("down", `Move ${title} down`, "down"),
      ...(this.#inGroup ? [button("out", `Move ${title} out of its group`, "out")] : []),
      button("copy", `Duplicate ${title}`, "duplicate"),
      wrap,
      ...(members ? [button("ungroup", `Dissolve ${title}, keep its members`, "unwrap")] : []),
      make("span", { class: "toolbar__gap" }),
      button("trash", `Remove ${title}`, "remove"),
    );
  }

  /** @param {AbortSignal} signal */
  #kind(signal) {
    const { id, options } = this.#node;
    const kinds = GROUPS.map(({ name, title }) => make("option", { value: name }, title));
    if (!GROUPS.some(({ name }) => name === options.transform)) kinds.push(make("option", { value: String(options.transform) }, this.title));
    const select = make("select", { class: "input select step__kind", "aria-label": "Kind of group" }, ...kinds);
    select.value = String(options.transform);
    select.addEventListener("change", () => this.#host.act("kind", id, select.value), { signal });
    return select;
  }
}

/**
 * A name that may break before its words, which begin with capitals.
 *
 * @param {string} name
 */
function breakable(name) {
  return name.split(/(?=[A-Z][a-z])/).flatMap((word, at) => (at === 0 ? [word] : [make("wbr"), word]));
}

/** @param {PipelineNode} node */
function groupWords({ members, options }) {
  const count = members?.length ?? 0;
  if (count === 0) return "Empty: it does nothing yet";
  const steps = counted(count, "member");
  return options.transform === "SomeOf" ? `${String(options.n ?? 1)} of ${steps}` : steps;
}

/**
 * @param {PipelineNode} node
 * @param {PipelineNode} parent
 * @param {number | undefined} usual
 */
function chanceOf(node, parent, usual) {
  if ("raw" in node) return "";
  const own = node.options.p ?? usual;
  if (parent.options.transform !== "OneOf") return percent(own);
  // The chosen one always runs; what is off is not among the choices.
  if (node.off) return percent(0);
  const weights = (parent.members ?? []).filter((member) => !member.off).map((member) => Number(member.options.p ?? 0.5));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum > 0 && Number.isFinite(sum) ? percent(Number(own) / sum) : percent(own);
}
