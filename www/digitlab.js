/** Digitlab as an ES module: the public interface of everything the page can do. */
export { Digitlab, DigitlabError } from "./js/lab/digitlab.js";
