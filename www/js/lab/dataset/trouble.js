import { DigitlabError } from "../errors.js";
import { nameOf } from "./own_folder.js";

/** What a failed data set may count on. */
const KEPT = "What was made is kept; resume the data set then.";

/**
 * Why writing failed, as a sentence; whatever came before stays.
 * @param {unknown} error What the browser threw.
 * @param {string | null} folder The name of the folder that was written to; null for the browser's own storage.
 */
export function trouble(error, folder) {
  if (error instanceof DigitlabError) return error;
  const reason = error instanceof Error || error instanceof DOMException ? error.message : String(error);
  const detail = { reason, ...(folder === null ? {} : { file: folder }) };
  const [code, message] = folder === null ? ofBrowser(nameOf(error), reason) : ofFolder(nameOf(error), reason, folder);
  return new DigitlabError(code, message, detail, { cause: error });
}

/**
 * @param {string} name
 * @param {string} reason
 * @returns {[code: string, message: string]}
 */
function ofBrowser(name, reason) {
  switch (name) {
    case "QuotaExceededError":
      return [
        "storage_full",
        "The browser's storage for this site is full. Delete what is not needed, free space on this machine, or choose a folder " +
          `to write to. ${KEPT}`,
      ];
    case "NoModificationAllowedError":
      return ["busy", `Another tab holds the files of this data set. Close it, or wait for it. ${KEPT}`];
    case "NotFoundError":
      return ["storage", `A file of this data set is gone from the browser's storage (${reason}). Delete the data set and make it anew.`];
    default:
      return ["storage", `The browser's storage failed: ${reason}. ${KEPT}`];
  }
}

/**
 * @param {string} name
 * @param {string} reason
 * @param {string} folder
 * @returns {[code: string, message: string]}
 */
function ofFolder(name, reason, folder) {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return ["permission", `The browser may not write to the folder "${folder}" any more. Allow it, or choose the folder again. ${KEPT}`];
    case "QuotaExceededError":
      return ["storage_full", `The disk with the folder "${folder}" is full. Free space on it. ${KEPT}`];
    case "NotFoundError":
      return ["storage", `The folder "${folder}", or a file in it, was moved or deleted. Put it back, or choose the folder again. ${KEPT}`];
    default:
      return ["storage", `Writing to the folder "${folder}" failed: ${reason}. ${KEPT}`];
  }
}
