import { reasonOf } from "../lab/errors.js";
import { AreaField } from "../ui/area_field.js";

/** @typedef {import("../lab/digitlab.js").Pipeline} Pipeline */

/** A pipeline of somebody's own, as JSON. */
export class PipelineText extends AreaField {
  /** The pipeline; null when it is no JSON, which is then said. @returns {Pipeline | null} */
  get json() {
    try {
      const given = JSON.parse(this.text);
      if (given && typeof given === "object") return given;
      this.error = "The pipeline is no list of steps; allowed: JSON as the Augment page exports it.";
    } catch (error) {
      this.error = `The pipeline is no JSON (${reasonOf(error)}); allowed: JSON as the Augment page exports it.`;
    }
    this.focus();
    return null;
  }
}
