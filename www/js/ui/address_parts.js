import { shortened } from "./format.js";

/** How the queries of addresses are read: what several places have in theirs. */

/**
 * Reads a query part by part, and gathers a sentence for each that cannot be read.
 *
 * @param {string} query
 */
export function readParts(query) {
  const given = new URLSearchParams(query);
  /** @type {string[]} */
  const wrong = [];
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | null} read
   * @param {string} allowed
   */
  const part = (name, read, allowed) => {
    const text = given.get(name);
    if (text === null || text === "") return null;
    const value = read(text);
    if (value === null) wrong.push(`The address has ${name}=${shortened(text)}; allowed: ${allowed}.`);
    return value;
  };
  return { given, wrong, part };
}

/** What {@link seedOf} takes. */
export const SEEDS = "whole numbers from 0 to 18446744073709551615";

/** @param {string} text */
export const seedOf = (text) => (/^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n ? text : null);

/**
 * @param {string} text
 * @param {{ least: number, most: number }} limits
 */
export function countWithin(text, { least, most }) {
  const count = Number(text);
  return /^\d+$/.test(text) && count >= least && count <= most ? count : null;
}

/** What {@link pipelineOf} takes. */
export const PIPELINES = "a preset's name, or a pipeline as JSON";

/**
 * @param {string} text
 * @returns {import("../lab/digitlab.js").Pipeline | null}
 */
export function pipelineOf(text) {
  if (/^[a-z_]+$/.test(text)) return text;
  try {
    const pipeline = JSON.parse(text);
    return pipeline && typeof pipeline === "object" ? pipeline : null;
  } catch {
    return null;
  }
}
