import { element } from "../ui/elements.js";
import { duration } from "../ui/format.js";

/** The figures of the picture that is shown. */
export class FactList {
  /**
   * @param {import("../lab/digitlab.js").Sequence | null} sequence
   * @param {number} [time] milliseconds from the request to the pixels
   */
  show(sequence, time = 0) {
    /** @type {Record<string, string>} */
    const facts = sequence
      ? {
          label: sequence.label,
          size: `${sequence.width} × ${sequence.height} px`,
          natural: `${sequence.naturalWidth} px`,
          seed: sequence.seed,
          index: String(sequence.index),
          task: sequence.taskId,
          time: duration(time),
        }
      : {};
    for (const name of ["label", "size", "natural", "seed", "index", "task", "time"]) {
      const cell = element(`fact-${name}`, HTMLElement);
      cell.textContent = facts[name] ?? "–";
      cell.title = name === "label" ? (facts.label ?? "") : "";
    }
  }
}
