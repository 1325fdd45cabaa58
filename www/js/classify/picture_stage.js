import { element } from "../ui/elements.js";
import { reduced } from "../lab/reduced.js";
import { paintPicture } from "../ui/small_picture.js";

/** The longest side that is drawn; the screen shows no more. */
const LONGEST = 1_200;
const SMALL = 320;

/** The picture that is looked at. */
export class PictureStage {
  #root = element("classify-picture", HTMLElement);
  #canvas = element("classify-picture-canvas", HTMLCanvasElement);

  /** @param {import("../source/types.js").SourcePicture} source */
  show({ name, picture }) {
    paintPicture(this.#canvas, reduced(picture, LONGEST));
    this.#canvas.setAttribute("aria-label", name);
    this.#root.style.setProperty("--ratio", String(picture.width / picture.height));
    // A small one is enlarged, and that without blur.
    this.#canvas.classList.toggle("pixels", Math.max(picture.width, picture.height) < SMALL);
  }
}
