import { DigitlabError } from "../../../digitlab.js";

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const error = await lab.generate({ number: "42", spacing_min: 9, spacing_max: 2 }).catch((error) => error);
  show(error instanceof DigitlabError, error.name, error.code);
  show(error.message);
  show(error.detail);
};
