import { DigitlabError } from "./errors.js";

/**
 * @typedef {object} ModelSettings How a model wants its pictures: the numbers that full ink and bare paper become, from
 *   which `mean` is taken away before it is divided by `std`.
 * @property {number} ink
 * @property {number} paper
 * @property {number} mean
 * @property {number} std
 */

/** White ink on black from 0 to 1, as MNIST is read by most programs. */
export const USUAL = Object.freeze({ ink: 1, paper: 0, mean: 0, std: 1 });
const MOST = 1e6;
const LEAST_STD = 1e-6;

/**
 * @param {Partial<ModelSettings>} [settings]
 * @returns {ModelSettings} a copy with what was left out as usual
 */
export function checkedSettings(settings = {}) {
  if (typeof settings !== "object" || settings === null) throw refusal("settings", settings, "an object with ink, paper, mean and std");
  const unknown = Object.keys(settings).find((key) => !Object.hasOwn(USUAL, key));
  if (unknown !== undefined) throw refusal("settings", unknown, "the keys ink, paper, mean and std");
  const { ink, paper, mean, std } = { ...USUAL, ...settings };
  for (const [key, value] of Object.entries({ ink, paper, mean, std })) {
    const fits = typeof value === "number" && Math.abs(value) <= MOST;
    if (!fits) throw refusal(`settings.${key}`, value, `numbers from -${MOST} to ${MOST}`);
  }
  if (std < LEAST_STD) throw refusal("settings.std", std, `numbers from ${LEAST_STD} to ${MOST}`);
  if (ink === paper) throw refusal("settings.ink", ink, `a number other than settings.paper`);
  return { ink, paper, mean, std };
}

/**
 * The settings as a sentence.
 * @param {ModelSettings} settings
 */
export function settingsInWords({ ink, paper, mean, std }) {
  const polarity = ink > paper ? "light ink on dark paper" : "dark ink on light paper";
  const spread = mean === 0 && std === 1 ? "" : `, less the mean ${mean} and divided by ${std}`;
  return `${polarity}, numbers from ${Math.min(ink, paper)} to ${Math.max(ink, paper)}${spread}`;
}

/**
 * @param {string} field
 * @param {unknown} found
 * @param {string} allowed
 */
function refusal(field, found, allowed) {
  const value = String(found).slice(0, 60);
  return DigitlabError.invalid(field, value, allowed);
}
