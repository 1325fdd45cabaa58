import { reasonOf } from "../lab/errors.js";
import { EditHistory } from "../ui/edit_history.js";
import { element } from "../ui/elements.js";
import { counted } from "../ui/format.js";
import { digitNote } from "./digit_notes.js";
import { GROUPS, groupOf } from "./groups.js";
import { NumberControl } from "./number_control.js";
import { same } from "./parameter_row.js";
import { PipelineCode } from "./pipeline_code.js";
import { PipelineImport } from "./pipeline_import.js";
import { PipelineJudge } from "./pipeline_judge.js";
import { PipelineStarts, titleOf } from "./pipeline_starts.js";
import * as tree from "./pipeline_tree.js";
import { StepDrag } from "./step_drag.js";
import { StepList } from "./step_list.js";
import { TransformExamples } from "./transform_example.js";
import { neededOptions } from "./transform_examples.js";
import { TransformFinder } from "./transform_finder.js";

/** @typedef {import("./pipeline_tree.js").PipelineNode} PipelineNode */
/** @typedef {import("../lab/digitlab.js").TransformInfo} TransformInfo */
/** @typedef {{ transforms: object[] } & Record<string, unknown>} PipelineJson */
/** @typedef {import("../lab/digitlab.js").Picture} Picture */

/** Where the pipeline is kept, what is switched off included. */
const KEPT = "augment-pipeline";
/** How long after an edit it is judged, kept and written as code: a slider that moves must not be kept waiting. */
const CALM = 150;
/** Options that fit this size are given to a step when there is no picture. */
const NO_PICTURE = { width: 28, height: 28 };
/**
 * @typedef {object} BuilderShell
 * @property {import("../lab/digitlab.js").Digitlab} lab
 * @property {import("../ui/settings.js").Settings} settings
 * @property {import("../ui/toast.js").Toasts} toasts
 * @property {import("../ui/status.js").Status} status
 * @property {(pipeline: PipelineJson) => void} changed Called at once after every edit, at every move of a slider.
 */

/**
 * The pipeline as a list of steps and groups that people put together. A step that is switched off stays here, across
 * reloads too, and is no part of the pipeline that it hands out.
 */
export class PipelineBuilder {
  #root = element("augment-builder", HTMLElement);
  #empty = element("augment-builder-empty", HTMLElement);
  #steps = element("augment-builder-steps", HTMLOListElement);
  #whole = element("augment-builder-whole", HTMLElement);
  #error = element("augment-builder-error", HTMLElement);
  #undo = element("augment-builder-undo", HTMLButtonElement);
  #redo = element("augment-builder-redo", HTMLButtonElement);
  #clear = element("augment-builder-clear", HTMLButtonElement);
  #target = element("augment-builder-target", HTMLElement);
  #shell;
  #history;
  #list;
  #finder;
  #examples;
  #code;
  #chance;
  #judge;
  #starts;
  #timer = 0;
  #digit = false;
  /** @type {Picture | null} */
  #picture = null;
  /** @type {Map<string, TransformInfo>} */
  #infos = new Map();
  /** The group that takes what is found, null for the whole pipeline. @type {number | null} */
  #into = null;
  /** The card that was opened because its step was added. @type {number | null} */
  #added = null;

  /**
   * @param {BuilderShell} shell
   * @param {AbortSignal} signal
   */
  constructor(shell, signal) {
    const { lab, settings } = shell;
    this.#shell = shell;
    this.#history = new EditHistory(kept(settings.get(KEPT, "")));
    this.#examples = new TransformExamples(lab, signal);
    const example = (/** @type {HTMLElement} */ slot, /** @type {string} */ name, /** @type {AbortSignal} */ until) =>
      void this.#examples.show(slot, name, until);
    const drag = new StepDrag(this.#steps, (id, group, at) => this.#drop(id, group, at), signal);
    this.#list = new StepList(
      this.#steps,
      {
        info: (name) => this.#infoOf(name),
        act: (action, id, detail) => this.#act(action, id, detail),
        edit: (id, step, field) => this.#edit(id, step, field),
        note: (step) => (this.#digit ? digitNote(step, this.#picture ?? NO_PICTURE) : ""),
        example,
        grab: (grip, event) => drag.grab(grip, event),
      },
      signal,
    );
    this.#finder = new TransformFinder({ chosen: (name) => this.#find(name), example, left: () => this.#aim(null) }, signal);
    this.#code = new PipelineCode(shell, signal);
    this.#judge = new PipelineJudge(lab, (name) => this.#infoOf(name));
    this.#starts = new PipelineStarts((preset) => this.#begin(preset), signal);
    const importer = new PipelineImport(
      { lab, dropZone: this.#root, read: (imported) => this.#import(imported.pipeline) },
      signal,
    );
    const whole = { name: "p", label: "Whole pipeline", help: "", kind: "number", min: 0, max: 1, step: 0.05, default: 1, unit: "" };
    const chance = { label: "How likely the whole pipeline is to run", describedBy: "augment-builder-whole-help", edited: (/** @type {unknown} */ p) => this.#likely(p) };
    this.#chance = new NumberControl(whole, chance, signal);
    element("augment-builder-p", HTMLElement).append(this.#chance.root);

    this.#undo.addEventListener("click", () => this.#travel("undo"), { signal });
    this.#redo.addEventListener("click", () => this.#travel("redo"), { signal });
    this.#clear.addEventListener("click", () => this.#clearAll(), { signal });
    element("augment-builder-bring", HTMLButtonElement).addEventListener("click", () => importer.open(), { signal });
    element("augment-builder-target-end", HTMLButtonElement).addEventListener("click", () => this.#aimAgain(), { signal });
    this.#root.addEventListener("keydown", (event) => this.#key(event), { signal });
    // A drag of a slider is one edit.
    this.#root.addEventListener("pointerdown", () => (this.#history.held = true), { signal, capture: true });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => (this.#history.held = false), { signal, capture: true });
    addEventListener("pagehide", () => this.#keep(), { signal });
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      this.#judge.cancel();
    });
    this.#show();
    this.#code.show(this.pipeline);
    this.#load(signal);
  }

  /** What runs: without what is switched off. @returns {PipelineJson} */
  get pipeline() {
    return tree.toPipeline(this.#history.present);
  }

  /** Begins afresh with a pipeline, or a preset's name; if it is the one that is here, what is switched off stays. @param {unknown} pipeline */
  set pipeline(pipeline) {
    if (typeof pipeline === "string") this.#begin(pipeline);
    else this.#replace(tree.fromJson(pipeline));
  }

  /** The picture that examples are made of. @param {Picture | null} picture */
  set picture(picture) {
    this.#picture = picture;
    this.#examples.picture = picture;
    for (const card of this.#list.cards) card.refresh();
  }

  /** Whether the picture is a handwritten digit, whose label some steps may break. @param {boolean} digit */
  set digit(digit) {
    if (digit === this.#digit) return;
    this.#digit = digit;
    for (const card of this.#list.cards) card.refresh();
  }

  /**
   * Adds a step, or a group, at the end.
   *
   * @param {import("./types.js").Step} step
   */
  add(step) {
    const node = tree.nodeFrom(structuredClone(step));
    const root = this.#tree;
    this.#commit(tree.insert(root, [root.members?.length ?? 0], node));
    this.#say(node.id, "added");
    return node.id;
  }

  /** @param {PipelineNode} next */
  #replace(next) {
    if (same(sorted(tree.toPipeline(next)), sorted(this.pipeline))) return;
    this.#history.reset(next);
    this.#show();
    this.#settle();
  }

  get #tree() {
    return this.#history.present;
  }

  /** @param {AbortSignal} signal */
  async #load(signal) {
    try {
      const { transforms, presets } = await this.#shell.lab.transforms({ signal });
      this.#infos = new Map(transforms.map((info) => [info.name, info]));
      this.#finder.transforms = [...GROUPS, ...transforms];
      this.#starts.presets = presets;
      // Cards that were made before know now what they are.
      for (const card of this.#list.cards) card.opened = false;
      this.#show();
      this.#check();
    } catch (error) {
      if (!signal.aborted) this.#error.textContent = `The transforms could not be loaded: ${reasonOf(error)} Reload the page to try again.`;
    }
  }

  /** @param {unknown} name */
  #infoOf(name) {
    return groupOf(name) ?? this.#infos.get(String(name));
  }

  /** Starts from a preset. @param {string} preset */
  async #begin(preset) {
    const inEmpty = this.#empty.contains(document.activeElement);
    try {
      const text = await this.#shell.lab.exportPipeline(preset, { format: "json" });
      this.#commit(tree.fromJson(this.#brief(JSON.parse(text))));
      this.#shell.status.say(`${titleOf(preset)}: ${counted(tree.countSteps(this.#tree), "step")}.`);
      if (inEmpty) this.#firstCard()?.focus();
    } catch (error) {
      this.#shell.toasts.show(reasonOf(error), "error");
    }
  }

  /** @param {object} pipeline */
  #import(pipeline) {
    const before = this.#tree;
    this.#commit(tree.fromJson(this.#brief(pipeline)));
    const what = counted(tree.countSteps(this.#tree), "step");
    const undo = () => {
      this.#commit(before);
      this.#shell.status.say("The import was undone.");
    };
    return { what, undo };
  }

  /**
   * A pipeline of the engine without what it filled in: parameters that have their default.
   *
   * @param {any} json
   * @returns {unknown}
   */
  #brief(json) {
    if (!json || typeof json !== "object") return json;
    const info = this.#infoOf(json.transform);
    const usual = new Map(info?.fields.map((field) => [field.name, usualOf(field)]));
    const entries = Object.entries(json).filter(([name, value]) => !usual.has(name) || !same(usual.get(name), value));
    const brief = Object.fromEntries(entries);
    return Array.isArray(json.transforms) ? { ...brief, transforms: json.transforms.map((/** @type {unknown} */ member) => this.#brief(member)) } : brief;
  }

  /** Adds what was found. @param {string} name */
  #find(name) {
    const group = groupOf(name);
    const info = this.#infoOf(name);
    const step = { transform: name, p: info?.p ?? 1, ...neededOptions(name, this.#picture ?? NO_PICTURE), ...(group ? { transforms: [] } : {}) };
    const node = tree.nodeFrom(step);
    const root = this.#tree;
    const into = this.#into === null ? null : tree.pathOf(root, this.#into);
    const parent = into ?? [];
    const at = tree.nodeAt(root, parent)?.members?.length ?? 0;
    this.#commit(tree.insert(root, [...parent, at], node));
    if (this.#added !== null) {
      const before = this.#list.card(this.#added);
      if (before) before.opened = false;
    }
    this.#added = node.id;
    const card = this.#list.card(node.id);
    if (card) {
      card.opened = true;
      card.root.scrollIntoView({ block: "nearest" });
    }
    this.#say(node.id, "added");
    if (group) this.#aim(node.id);
  }

  /**
   * What is found next goes into this group.
   *
   * @param {number | null} id
   */
  #aim(id) {
    this.#into = id;
    this.#target.hidden = id === null;
    const words = this.#target.querySelector("span");
    const card = id === null ? undefined : this.#list.card(id);
    if (words && card) words.textContent = `What you add goes into ${card.title}.`;
    for (const other of this.#list.cards) other.root.toggleAttribute("data-target", other === card);
  }

  #aimAgain() {
    this.#aim(null);
    this.#finder.focus();
  }

  /** The whole pipeline's probability. @param {unknown} p */
  #likely(p) {
    const root = this.#tree;
    this.#commit({ ...root, options: { ...root.options, p } }, "whole.p", false);
  }

  /**
   * @param {number} id
   * @param {import("./parameter_form.js").FullStep} step
   * @param {string} field
   */
  #edit(id, step, field) {
    const root = this.#tree;
    const path = tree.pathOf(root, id);
    if (!path) return;
    const next = tree.update(root, path, (node) => ({ ...node, options: step }));
    this.#commit(next, `${id}.${field}`, false);
    // Only this step's line changes, unless it is one of several that share their chances.
    const parent = tree.nodeAt(next, path.slice(0, -1));
    for (const [at, node] of (parent?.members ?? []).entries()) {
      if (parent && (field === "p" || node.id === id)) this.#list.card(node.id)?.update(node, { at, parent, depth: path.length - 1 });
    }
  }

  /**
   * @param {import("./step_card.js").StepAction} action
   * @param {number} id
   * @param {string} [detail]
   */
  #act(action, id, detail = "") {
    const root = this.#tree;
    const path = tree.pathOf(root, id);
    const card = this.#list.card(id);
    if (!path || !card) return;
    switch (action) {
      case "up":
      case "down":
        return this.#shift(id, action === "up" ? -1 : 1);
      case "out": {
        const parent = path.slice(0, -1);
        this.#commit(tree.move(root, path, [...parent.slice(0, -1), (parent.at(-1) ?? 0) + 1]));
        // Its tools are made anew, without this one.
        card.focus();
        return this.#say(id, "moved out");
      }
      case "duplicate": {
        this.#commit(tree.duplicate(root, path));
        return this.#shell.status.say(`${card.title} duplicated.`);
      }
      case "remove":
        return this.#remove(id);
      case "switch":
        this.#commit(tree.update(root, path, (node) => ({ ...node, off: !node.off })));
        return;
      case "wrap": {
        const group = groupOf(detail);
        if (!group) return;
        // Of one member a group with chances would take some away; it begins by always running.
        this.#commit(tree.wrap(root, path, { transform: group.name, p: 1 }));
        card.focus();
        return this.#shell.status.say(`${card.title} is now in a group: ${group.title}.`);
      }
      case "unwrap": {
        this.#commit(tree.unwrap(root, path));
        (this.#cardAt(path) ?? this.#firstCard())?.focus();
        return this.#shell.status.say(`${card.title} dissolved.`);
      }
      case "kind":
        return this.#change(path, detail);
      case "into":
        this.#aim(id);
        return this.#finder.focus();
    }
  }

  /**
   * Makes another kind of group of one; what only the old kind knows goes.
   *
   * @param {readonly number[]} path
   * @param {string} kind
   */
  #change(path, kind) {
    const next = tree.update(this.#tree, path, (node) => {
      const known = new Set(groupOf(node.options.transform)?.fields.map(({ name }) => name));
      const kept = Object.entries(node.options).filter(([name]) => !known.has(name));
      return { ...node, options: { ...Object.fromEntries(kept), transform: kind } };
    });
    this.#commit(next);
    const id = tree.nodeAt(this.#tree, path)?.id;
    const select = this.#list.card(id ?? 0)?.root.querySelector("select[aria-label='Kind of group']");
    if (select instanceof HTMLElement) select.focus();
  }

  /** @param {number} id */
  #remove(id) {
    const root = this.#tree;
    const path = tree.pathOf(root, id);
    const card = this.#list.card(id);
    if (!path || !card) return;
    const { title } = card;
    this.#commit(tree.remove(root, path));
    const at = path.at(-1) ?? 0;
    const parent = path.slice(0, -1);
    const heir = this.#cardAt(path) ?? this.#cardAt([...parent, at - 1]) ?? this.#cardAt(parent);
    if (heir) heir.focus();
    else this.#finder.focus();
    this.#shell.status.say(`${title} removed.`);
  }

  /**
   * @param {number} id
   * @param {1 | -1} by
   */
  #shift(id, by) {
    const root = this.#tree;
    const path = tree.pathOf(root, id);
    const to = path && tree.neighbour(root, path, by);
    if (!path) return;
    if (!to) return this.#shell.status.say(by < 0 ? "It is the first already." : "It is the last already.");
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.action : undefined;
    this.#commit(tree.move(root, path, to));
    // Tools that were made anew have lost the focus.
    const card = this.#list.card(id);
    if (card && !card.root.contains(document.activeElement)) {
      const tool = focused && card.root.querySelector(`[data-action="${focused}"]`);
      if (tool instanceof HTMLElement) tool.focus();
      else card.focus();
    }
    this.#say(id, "moved");
  }

  /**
   * @param {number} id
   * @param {number | null} group
   * @param {number} at
   */
  #drop(id, group, at) {
    const root = this.#tree;
    const path = tree.pathOf(root, id);
    const parent = group === null ? [] : tree.pathOf(root, group);
    if (!path || !parent) return;
    const next = tree.move(root, path, [...parent, at]);
    if (next === root) return;
    this.#commit(next);
    this.#say(id, "moved");
  }

  #clearAll() {
    if (this.#tree.members?.length === 0) return;
    this.#commit({ ...this.#tree, members: [] });
    this.#shell.toasts.show("Pipeline cleared. Undo brings it back.");
    this.#finder.focus();
    this.#finder.close();
  }

  /** @param {"undo" | "redo"} direction */
  #travel(direction) {
    const focused = document.activeElement;
    const gone = direction === "undo" ? this.#history.undo() : this.#history.redo();
    if (!gone) return this.#shell.status.say(`There is nothing to ${direction}.`);
    this.#show();
    this.#after();
    this.#shell.status.say(direction === "undo" ? "Undone." : "Done again.");
    // The focus may have been on what is no longer there, or can no longer be pressed.
    if (focused instanceof HTMLButtonElement && focused.disabled) (this.#undo.disabled ? this.#redo : this.#undo).focus();
    else if (document.activeElement === document.body) (this.#undo.disabled ? this.#redo : this.#undo).focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target, key } = event;
    if (!(target instanceof HTMLElement)) return;
    const card = target.closest(".step");
    const id = card instanceof HTMLElement ? Number(card.dataset.id) : null;
    const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
    const grip = target.classList.contains("step__grip");
    if (by && id !== null && (event.altKey || (grip && !event.ctrlKey && !event.metaKey))) {
      event.preventDefault();
      this.#shift(id, by);
    } else if (grip && id !== null && (key === "Delete" || key === "Backspace")) {
      event.preventDefault();
      this.#remove(id);
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey && !isText(target)) {
      const letter = key.toLowerCase();
      if (letter !== "z" && letter !== "y") return;
      event.preventDefault();
      this.#travel(letter === "y" || event.shiftKey ? "redo" : "undo");
    }
  }

  /**
   * @param {PipelineNode} next
   * @param {string} [key] names what was edited, so that a drag is one edit
   * @param {boolean} [shown] whether all cards are to be looked at
   */
  #commit(next, key, shown = true) {
    if (next === this.#tree) return;
    this.#history.record(next, { key, now: performance.now() });
    if (shown) this.#show();
    else this.#buttons();
    this.#after();
  }

  /** After every edit: others hear of it at once, what can wait does. */
  #after() {
    this.#shell.changed(this.pipeline);
    this.#settle();
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#keep();
      this.#check();
      this.#code.show(this.pipeline);
    }, CALM);
  }

  #keep() {
    this.#shell.settings.set(KEPT, JSON.stringify(tree.toState(this.#tree)));
  }

  #show() {
    const root = this.#tree;
    const empty = (root.members?.length ?? 0) === 0;
    this.#list.show(root);
    this.#empty.hidden = !empty;
    this.#steps.hidden = empty;
    this.#whole.hidden = empty;
    this.#clear.disabled = empty;
    this.#chance.value = root.options.p ?? 1;
    if (this.#into !== null) this.#aim(this.#list.card(this.#into) ? this.#into : null);
    this.#buttons();
  }

  #buttons() {
    this.#undo.disabled = !this.#history.canUndo;
    this.#redo.disabled = !this.#history.canRedo;
  }

  /** Says what is wrong where it is. */
  async #check() {
    const wrong = await this.#judge.judge(this.#tree);
    if (wrong === undefined) return;
    for (const card of this.#list.cards) {
      const failure = card.node.id === wrong?.id ? wrong : null;
      if (failure || card.root.hasAttribute("data-invalid")) card.failure = failure;
    }
    this.#error.textContent = wrong && !this.#list.card(wrong.id) ? wrong.message : "";
  }

  /**
   * Says where a step is now.
   *
   * @param {number} id
   * @param {string} what
   */
  #say(id, what) {
    const path = tree.pathOf(this.#tree, id);
    const card = this.#list.card(id);
    if (!path || !card) return;
    const parent = tree.nodeAt(this.#tree, path.slice(0, -1));
    const group = parent && path.length > 1 ? this.#list.card(parent.id) : undefined;
    const place = `step ${(path.at(-1) ?? 0) + 1} of ${parent?.members?.length ?? 1}`;
    this.#shell.status.say(`${card.title} ${what}: ${place}${group ? ` in ${group.title}` : ""}.`);
  }

  /** @param {readonly number[]} path */
  #cardAt(path) {
    if (path.length === 0 || path.some((at) => at < 0)) return undefined;
    const node = tree.nodeAt(this.#tree, path);
    return node && this.#list.card(node.id);
  }

  #firstCard() {
    return this.#cardAt([0]);
  }
}

/**
 * What was kept on this machine; anything else is an empty pipeline.
 *
 * @param {string} text
 */
function kept(text) {
  try {
    return tree.fromJson(JSON.parse(text));
  } catch {
    return tree.fromJson([]);
  }
}

/**
 * What the engine fills in for a field that is left out.
 *
 * @param {import("./parameter_row.js").ParameterField} field
 */
function usualOf({ kind, names = [], default: usual = null }) {
  return kind === "choices" ? Object.fromEntries(names.map((name) => [name, usual])) : usual;
}

/**
 * Whether what is typed here is text with its own way back.
 *
 * @param {HTMLElement} target
 */
function isText(target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.role === "combobox" && target.value !== "");
}

/**
 * A pipeline with its fields in a fixed order, to be compared.
 *
 * @param {PipelineJson} pipeline
 */
function sorted(pipeline) {
  return JSON.parse(JSON.stringify({ p: 1, ...pipeline }), (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
