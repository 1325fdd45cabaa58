import { reasonOf } from "../lab/errors.js";
import { Latest } from "../ui/latest.js";
import { failurePlace } from "./failure_place.js";
import * as tree from "./pipeline_tree.js";

/** @typedef {import("./pipeline_tree.js").PipelineNode} PipelineNode */
/** @typedef {{ id: number, field: string, message: string }} Wrong Of which step, or of the whole, and of which of its fields. */

/** Asks the engine what is wrong about a pipeline, and finds the step and the field. */
export class PipelineJudge {
  #lab;
  #infoOf;
  #latest = new Latest();

  /**
   * @param {import("../lab/digitlab.js").Digitlab} lab
   * @param {(name: unknown) => import("../lab/digitlab.js").TransformInfo | undefined} infoOf
   */
  constructor(lab, infoOf) {
    this.#lab = lab;
    this.#infoOf = infoOf;
  }

  /**
   * @param {PipelineNode} root
   * @returns {Promise<Wrong | null | undefined>} null when all is right, nothing when another one was asked about meanwhile
   */
  async judge(root) {
    try {
      const pipeline = tree.toPipeline(root);
      return await this.#latest.run(async (signal) => {
        await this.#lab.exportPipeline(pipeline, { format: "json", signal });
        return null;
      });
    } catch (error) {
      return this.#wrong(root, error);
    }
  }

  cancel() {
    this.#latest.cancel();
  }

  /**
   * @param {PipelineNode} root
   * @param {unknown} error
   * @returns {Wrong}
   */
  #wrong(root, error) {
    const nodeOf = (/** @type {number[]} */ path) => tree.nodeAt(root, tree.pathOfRunning(root, path) ?? []);
    /**
     * @param {number[]} path
     * @param {string} field
     */
    const found = (path, field) => {
      const options = nodeOf(path)?.options;
      const known = this.#infoOf(options?.transform)?.fields.find(({ name }) => name === field);
      const chance = path.length === 0 ? "The whole pipeline's probability" : "Probability";
      return { label: known?.label ?? (field === "p" ? chance : field), value: options?.[field] };
    };
    const place = failurePlace(error, found);
    const node = place && nodeOf(place.path);
    return place && node ? { id: node.id, field: place.field, message: place.message } : { id: root.id, field: "", message: reasonOf(error) };
  }
}
