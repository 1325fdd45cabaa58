import { PIPELINES, SEEDS, countWithin, pipelineOf, seedOf } from "../ui/address_parts.js";
import { shortened } from "../ui/format.js";

/** @typedef {import("./types.js").Asked} Asked */

const PICTURES = { least: 100, most: 10_000 };
const STRENGTHS = [5, 10, 20];
const MOST_MODELS = 2;

/** @param {Asked} asked */
export function toQuery({ models, curves, pipeline, pictures, strengths, seed }) {
  const query = new URLSearchParams();
  query.set("models", models.join(","));
  query.set("curves", curves.join(","));
  if (pipeline) query.set("pipeline", typeof pipeline === "string" ? pipeline : JSON.stringify(pipeline));
  query.set("pictures", String(pictures));
  query.set("strengths", String(strengths));
  query.set("seed", seed);
  return query.toString();
}

/**
 * @param {string} query
 * @param {readonly string[]} known names of curves
 * @returns {{ asked: Partial<Asked>, wrong: string[] }} `wrong` has a sentence for each part that cannot be read.
 */
export function fromQuery(query, known) {
  const given = new URLSearchParams(query);
  /** @type {string[]} */
  const wrong = [];
  /** @type {Partial<Asked>} */
  const asked = {};
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | null} read
   * @param {string} allowed
   * @param {(value: T) => void} take
   */
  const part = (name, read, allowed, take) => {
    const text = given.get(name);
    if (text === null) return;
    const value = read(text);
    if (value === null) wrong.push(`The address has ${name}=${shortened(text)}; allowed: ${allowed}.`);
    else take(value);
  };
  part("models", modelsOf, `one or ${MOST_MODELS} different names of models`, (models) => (asked.models = models));
  const curves = named(given.get("curves"));
  if (curves) {
    asked.curves = curves.filter((name) => known.includes(name));
    const strange = curves.filter((name) => !known.includes(name));
    if (strange.length > 0) wrong.push(`The address has curves=${shortened(strange.join(","))}; allowed: ${known.join(", ")}.`);
  }
  part("pipeline", pipelineOf, PIPELINES, (pipeline) => (asked.pipeline = pipeline));
  const pictures = `whole numbers from ${PICTURES.least} to ${PICTURES.most}`;
  part("pictures", (text) => countWithin(text, PICTURES), pictures, (count) => (asked.pictures = count));
  const strengths = STRENGTHS.join(", ");
  part("strengths", (text) => STRENGTHS.find((count) => String(count) === text) ?? null, strengths, (count) => (asked.strengths = count));
  part("seed", seedOf, SEEDS, (seed) => (asked.seed = seed));
  return { asked, wrong };
}

/** @param {string | null} text */
const named = (text) => (text === null ? null : [...new Set(text.split(",").filter(Boolean))]);

/** @param {string} text */
function modelsOf(text) {
  const models = named(text) ?? [];
  return models.length >= 1 && models.length <= MOST_MODELS ? models : null;
}
